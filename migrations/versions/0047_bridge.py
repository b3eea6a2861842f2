"""Templates of exports for other platforms' imports

Revision: 0047, after 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

KINDS = ("members", "services", "activities")


def upgrade():
    op.create_table(
        "bridge_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="bridge_kind", native_enum=False, create_constraint=True, length=32),
                  nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridge_templates")),
        sa.UniqueConstraint("name", name=op.f("uq_bridge_templates_name")),
    )
    op.create_table(
        "bridge_columns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(30), nullable=False),
        sa.Column("heading", sa.String(40), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 40", name=op.f("ck_bridge_columns_place_sane")),
        sa.ForeignKeyConstraint(["template_id"], ["bridge_templates.id"], ondelete="CASCADE",
                                name=op.f("fk_bridge_columns_template_id_bridge_templates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridge_columns")),
        sa.UniqueConstraint("template_id", "field", name=op.f("uq_bridge_columns_template_id_field")),
    )


def downgrade():
    op.drop_table("bridge_columns")
    op.drop_table("bridge_templates")
