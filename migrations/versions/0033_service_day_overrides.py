"""The days that the county sets for a quarter's service instead of the rule's

Revision: 0033, after 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "service_day_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_service_day_overrides_quarter_of_a_year")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_service_day_overrides_ends_after_it_begins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_day_overrides")),
        sa.UniqueConstraint("year", "quarter", name=op.f("uq_service_day_overrides_year_quarter")),
    )


def downgrade():
    op.drop_table("service_day_overrides")
