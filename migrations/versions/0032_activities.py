"""Activities, and who signed up for them

Revision: 0032, after 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

STATES = ("draft", "published", "held", "settled", "cancelled")
CATEGORIES = ("policy", "legal", "medical", "poverty", "convenience", "culture", "order", "environment")
BENEFITS = ("none", "public", "culture", "environment", "order")
SIGN_UP_STATES = ("signed_up", "waitlisted", "cancelled", "attended", "absent")
ROLES = (
    "member", "grid_worker", "clerk", "liaison", "town", "department", "committee", "inspector", "county", "admin",
    "resident", "system",
)  # fmt: skip
UNPUBLISHED = sa.text("published_at IS NULL")
PLACED = sa.text("place IS NOT NULL")


def upgrade():
    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("activity_state", STATES), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("kind", _one_of("activity_kind", ("service", "party_practice")), nullable=False),
        sa.Column("category", _one_of("category", CATEGORIES), nullable=False),
        sa.Column("benefit", _one_of("benefit", BENEFITS), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("detail", sa.String(500), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("sign_up_by", sa.Date(), nullable=True),
        sa.Column("renew_by", sa.Date(), nullable=True),
        sa.Column("service_day", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity IS NULL OR capacity BETWEEN 1 AND 999", name=op.f("ck_activities_capacity_sane")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_activities_ends_after_it_starts")),
        sa.CheckConstraint("sign_up_by IS NULL OR sign_up_by <= day", name=op.f("ck_activities_signed_up_before")),
        sa.CheckConstraint(
            "grid_id IS NULL OR community_id IS NOT NULL", name=op.f("ck_activities_grid_of_a_community")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR published_at IS NOT NULL",
            name=op.f("ck_activities_published_has_its_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_activities_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_activities_grid_id_grids")),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["activities.id"], name=op.f("fk_activities_copied_from_id_activities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("number", name=op.f("uq_activities_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_activities_year_serial")),
    )
    op.create_index("ix_activities_state_day", "activities", ["state", "day"])
    op.create_index("ix_activities_community_day", "activities", ["community_id", "day"])
    op.create_index(
        "ix_activities_unpublished",
        "activities",
        ["community_id"],
        sqlite_where=UNPUBLISHED,
        postgresql_where=UNPUBLISHED,
    )
    op.create_index(op.f("ix_activities_grid_id"), "activities", ["grid_id"])
    _sign_ups()


def _sign_ups():
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("sign_up_state", SIGN_UP_STATES), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.Column("walk_in", sa.Boolean(), nullable=False),
        sa.Column("renew", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(200), nullable=True),
        sa.Column("half_hours", sa.Integer(), nullable=True),
        sa.Column("marked_by_user_id", sa.Integer(), nullable=True),
        sa.Column("marked_by", sa.String(120), nullable=True),
        sa.Column("marked_as", _one_of("role", ROLES), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("place IS NULL OR place BETWEEN 1 AND 999", name=op.f("ck_sign_ups_place_sane")),
        sa.CheckConstraint(
            "place IS NULL OR state IN ('signed_up', 'attended', 'absent')",
            name=op.f("ck_sign_ups_place_of_who_comes"),
        ),
        sa.CheckConstraint(
            "state <> 'signed_up' OR place IS NOT NULL", name=op.f("ck_sign_ups_signed_up_has_a_place")
        ),
        sa.CheckConstraint(
            "half_hours IS NULL OR half_hours BETWEEN 1 AND 48", name=op.f("ck_sign_ups_half_hours_of_a_day")
        ),
        sa.CheckConstraint(
            "state NOT IN ('attended', 'absent') OR marked_by IS NOT NULL", name=op.f("ck_sign_ups_marked_by_somebody")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_sign_ups_activity_id_activities")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sign_ups_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("activity_id", "member_id", name=op.f("uq_sign_ups_activity_id_member_id")),
    )
    op.create_index(
        "uq_sign_ups_place",
        "sign_ups",
        ["activity_id", "place"],
        unique=True,
        sqlite_where=PLACED,
        postgresql_where=PLACED,
    )
    op.create_index("ix_sign_ups_member_state", "sign_ups", ["member_id", "state"])


def downgrade():
    op.drop_table("sign_ups")
    op.drop_table("activities")


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
