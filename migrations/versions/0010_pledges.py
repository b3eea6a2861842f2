"""Service pledges (服务承诺) with their items, and after how many working days they are shown

Revision: 0010, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None

STATES = ("draft", "submitted", "approved", "shown", "returned", "ended")
CATEGORIES = ("policy", "legal", "medical", "poverty", "convenience", "culture", "order", "environment")


def upgrade():
    op.add_column(
        "scheme_years", sa.Column("pledge_shown_workdays", sa.Integer(), nullable=False, server_default="3")
    )
    with op.batch_alter_table("scheme_years") as table:
        table.alter_column("pledge_shown_workdays", server_default=None)
    _create_pledges()
    _create_items()


def _create_pledges():
    op.create_table(
        "pledges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _kept(STATES, "pledge_state"), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("shown_name", sa.String(20), nullable=False),
        sa.Column("pinyin", sa.String(200), nullable=False),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(120), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("submitted_by_user_id", sa.Integer(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(120), nullable=True),
        sa.Column("show_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'shown') OR (approved_on IS NOT NULL AND show_on IS NOT NULL)",
            name=op.f("ck_pledges_approved_has_its_days"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'approved', 'shown') OR submitted_on IS NOT NULL",
            name=op.f("ck_pledges_submitted_has_its_day"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_pledges_member_id_members")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_pledges_unit_id_units")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_pledges_community_id_communities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
        sa.UniqueConstraint("member_id", "year", name=op.f("uq_pledges_member_id_year")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_pledges_year_serial")),
        sa.UniqueConstraint("number", name=op.f("uq_pledges_number")),
    )
    op.create_index("ix_pledges_unit_state", "pledges", ["unit_id", "state"])
    op.create_index("ix_pledges_community_state", "pledges", ["community_id", "state"])
    op.create_index("ix_pledges_year_state", "pledges", ["year", "state", "unit_id", "pinyin", "id"])
    op.create_index("ix_pledges_year_name", "pledges", ["year", "pinyin", "id"])


def _create_items():
    op.create_table(
        "pledge_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("category", _kept(CATEGORIES, "category"), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("for_whom", sa.String(40), nullable=True),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("half_hours", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 5", name=op.f("ck_pledge_items_one_of_five")),
        sa.CheckConstraint("times BETWEEN 1 AND 99", name=op.f("ck_pledge_items_times_sane")),
        sa.CheckConstraint("half_hours BETWEEN 1 AND 400", name=op.f("ck_pledge_items_half_hours_sane")),
        sa.CheckConstraint("times IS NULL OR half_hours IS NULL", name=op.f("ck_pledge_items_times_or_hours")),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_pledge_items_pledge_id_pledges"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_items")),
        sa.UniqueConstraint("pledge_id", "place", name=op.f("uq_pledge_items_pledge_id_place")),
    )


def _kept(values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade():
    op.drop_table("pledge_items")
    op.drop_table("pledges")
    with op.batch_alter_table("scheme_years") as table:
        table.drop_column("pledge_shown_workdays")
