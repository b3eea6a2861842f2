"""What communities attest of members' services (志愿服务记录证明)

Revision: 0035, after 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

CATEGORIES = ("policy", "legal", "medical", "poverty", "convenience", "culture", "order", "environment")


def upgrade():
    op.create_table(
        "service_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("service_proof_state", ("issued", "cancelled")), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_number", sa.String(60), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("half_hours", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(40), nullable=True),
        sa.Column("contact", sa.String(20), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_service_proofs_days_in_order")),
        sa.CheckConstraint("times > 0 AND half_hours > 0", name=op.f("ck_service_proofs_of_some_service")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_service_proofs_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_service_proofs_member_id_members")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_service_proofs_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_proofs")),
        sa.UniqueConstraint("number", name=op.f("uq_service_proofs_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_service_proofs_year_serial")),
    )
    op.create_index("ix_service_proofs_community", "service_proofs", ["community_id", "id"])
    op.create_index("ix_service_proofs_unit", "service_proofs", ["unit_id", "id"])
    op.create_index(op.f("ix_service_proofs_member_id"), "service_proofs", ["member_id"])
    op.create_table(
        "service_proof_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proof_id", sa.Integer(), nullable=False),
        sa.Column("category", _one_of("category", CATEGORIES), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("half_hours", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proof_id"], ["service_proofs.id"], name=op.f("fk_service_proof_lines_proof_id_service_proofs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_proof_lines")),
        sa.UniqueConstraint("proof_id", "category", name=op.f("uq_service_proof_lines_proof_id_category")),
    )  # fmt: skip


def downgrade():
    op.drop_table("service_proof_lines")
    op.drop_table("service_proofs")


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
