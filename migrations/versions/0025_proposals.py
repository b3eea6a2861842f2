"""Wishes proposed to members, whose places are held; homes of lone elders

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STATES = ("open", "accepted", "declined", "lapsed", "withdrawn")
OPEN = sa.text("state = 'open'")


def upgrade():
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="proposal_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(200), nullable=True),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_proposals_open_until_answered")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_proposals_wish_id_wishes")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_proposals_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_wish_id"), "proposals", ["wish_id"])
    op.create_index("ix_proposals_member_state", "proposals", ["member_id", "state"])
    op.create_index("ix_proposals_until", "proposals", ["until"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "uq_proposals_open",
        "proposals",
        ["wish_id", "member_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.add_column("wishes", sa.Column("lone_elder", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("wishes") as table:
        table.alter_column("lone_elder", server_default=None)


def downgrade():
    # Places that were held for invited members are free again.
    op.execute("UPDATE wishes SET \"full\" = false WHERE state = 'published'")
    op.execute(
        "UPDATE wishes SET \"full\" = false WHERE state = 'claimed' "
        "AND id IN (SELECT wish_id FROM proposals WHERE state = 'open')"
    )
    op.drop_table("proposals")
    with op.batch_alter_table("wishes") as table:
        table.drop_column("lone_elder")
