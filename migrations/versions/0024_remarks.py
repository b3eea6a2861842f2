"""Residents' remarks on a service, and the working days in which a member may explain a concern

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('submitted', 'put', 'answered')")
STATES = ("submitted", "put", "answered", "settled", "declined")


def upgrade():
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("remark_state", STATES), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("remark_kind", ("praise", "concern")), nullable=False),
        sa.Column("source", _one_of("remark_source", ("wall", "spoken")), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("about_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("shown_name", sa.String(12), nullable=False),
        sa.Column("words", sa.String(300), nullable=True),
        sa.Column("reply", sa.String(500), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("finding", _one_of("finding", ("true", "partly", "untrue", "unclear")), nullable=True),
        sa.Column("outcome", sa.String(500), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by_user_id", sa.Integer(), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('put', 'answered') OR (member_id IS NOT NULL AND words IS NOT NULL)",
            name=op.f("ck_remarks_put_to_somebody"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('settled', 'declined') OR outcome IS NOT NULL", name=op.f("ck_remarks_answered_in_writing")
        ),
        sa.CheckConstraint(
            "finding IS NULL OR (kind = 'concern' AND member_id IS NOT NULL)",
            name=op.f("ck_remarks_finding_of_a_concern"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_remarks_community_id_communities")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_remarks_wish_id_wishes")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_remarks_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        sa.UniqueConstraint("number", name=op.f("uq_remarks_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_remarks_year_serial")),
    )
    op.create_index("ix_remarks_community", "remarks", ["community_id", "id"])
    op.create_index(
        "ix_remarks_open", "remarks", ["community_id", "state"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    for name in ("wish_id", "member_id"):
        op.create_index(op.f(f"ix_remarks_{name}"), "remarks", [name])
    with op.batch_alter_table("scheme_years") as table:
        table.add_column(sa.Column("remark_answer_workdays", sa.Integer(), nullable=False, server_default="7"))
    with op.batch_alter_table("scheme_years") as table:
        table.alter_column("remark_answer_workdays", server_default=None)


def downgrade():
    with op.batch_alter_table("scheme_years") as table:
        table.drop_column("remark_answer_workdays")
    op.drop_table("remarks")


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
