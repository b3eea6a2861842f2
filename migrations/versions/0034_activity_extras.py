"""Teams and members asked to an activity, wishes that it takes up, and templates

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

CATEGORIES = ("policy", "legal", "medical", "poverty", "convenience", "culture", "order", "environment")
BENEFITS = ("none", "public", "culture", "environment", "order")


def upgrade():
    op.add_column("activities", sa.Column("held_back", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("activities") as table:
        table.alter_column("held_back", server_default=None)
        table.create_check_constraint(op.f("ck_activities_held_back_sane"), "held_back BETWEEN 0 AND 999")
    _invitations()
    _wishes()
    _templates()


def _invitations():
    op.create_table(
        "activity_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.CheckConstraint(
            "(team_id IS NULL) <> (member_id IS NULL)", name=op.f("ck_activity_invitations_a_team_or_a_member")
        ),
        sa.CheckConstraint("held BETWEEN 0 AND 999", name=op.f("ck_activity_invitations_held_sane")),
        sa.CheckConstraint(
            "held = 0 OR (until IS NOT NULL AND team_id IS NOT NULL)",
            name=op.f("ck_activity_invitations_held_until_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_invitations_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_activity_invitations_team_id_teams")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_activity_invitations_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_invitations")),
        sa.UniqueConstraint("activity_id", "team_id", name=op.f("uq_activity_invitations_activity_id_team_id")),
        sa.UniqueConstraint("activity_id", "member_id", name=op.f("uq_activity_invitations_activity_id_member_id")),
    )
    op.create_index(op.f("ix_activity_invitations_team_id"), "activity_invitations", ["team_id"])
    op.create_index(op.f("ix_activity_invitations_member_id"), "activity_invitations", ["member_id"])


def _wishes():
    op.create_table(
        "activity_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_wishes_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_activity_wishes_claim_id_claims")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_wishes")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_activity_wishes_claim_id")),
    )
    op.create_index(op.f("ix_activity_wishes_activity_id"), "activity_wishes", ["activity_id"])


def _templates():
    op.create_table(
        "activity_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("kind", _one_of("activity_kind", ("service", "party_practice")), nullable=False),
        sa.Column("category", _one_of("category", CATEGORIES), nullable=False),
        sa.Column("benefit", _one_of("benefit", BENEFITS), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("detail", sa.String(500), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("service_day", sa.Boolean(), nullable=False),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sa.Column("saved_by", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity BETWEEN 1 AND 999", name=op.f("ck_activity_templates_capacity_sane")
        ),
        sa.CheckConstraint("ends > starts", name=op.f("ck_activity_templates_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_activity_templates_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_templates")),
    )
    op.create_index("ix_activity_templates_community_title", "activity_templates", ["community_id", "title"])


def downgrade():
    op.drop_table("activity_templates")
    op.drop_table("activity_wishes")
    op.drop_table("activity_invitations")
    with op.batch_alter_table("activities") as table:
        table.drop_constraint(op.f("ck_activities_held_back_sane"), type_="check")
        table.drop_column("held_back")


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
