"""Volunteer teams, who belongs to them, the team on the receipt, and a team as helper of a wish

Revision: 0017, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

CATEGORIES = ("policy", "legal", "medical", "poverty", "convenience", "culture", "order", "environment")
ACTIVE = sa.text("state = 'active'")
CURRENT = sa.text("until IS NULL")
LEADS = sa.text("leads")
OPEN = sa.text("state = 'open'")
HELPERS = ("member_id", "unit_id", "team_id", "organisation")


def upgrade():
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("team_state", ("active", "ended")), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("category", _one_of("category", CATEGORIES), nullable=True),
        sa.Column("skills", sa.String(60), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'ended' OR ended_on IS NOT NULL", name=op.f("ck_teams_ended_has_its_day")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_teams_community_id_communities")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_teams_grid_id_grids")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_index("ix_teams_community_state", "teams", ["community_id", "state"])
    _unique("uq_teams_name", "teams", ["community_id", "name"], ACTIVE)
    _create_team_members()
    with op.batch_alter_table("registrations") as table:
        table.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_registrations_team_id_teams"), "teams", ["team_id"], ["id"])
    with op.batch_alter_table("claims") as table:
        table.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_claims_team_id_teams"), "teams", ["team_id"], ["id"])
        table.drop_constraint(op.f("ck_claims_one_helper"), type_="check")
        table.create_check_constraint(op.f("ck_claims_one_helper"), _one_helper(HELPERS))
    _unique("uq_claims_team", "claims", ["wish_id", "team_id"], OPEN)
    op.create_index("ix_claims_team_state", "claims", ["team_id", "state"])


def _create_team_members():
    op.create_table(
        "team_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("how", _one_of("joined_by", ("recommended", "chosen")), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_team_members_days_in_order")),
        sa.CheckConstraint("NOT leads OR until IS NULL", name=op.f("ck_team_members_only_who_belongs_leads")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id_teams")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_team_members_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
    )
    for name in ("team_id", "member_id"):
        op.create_index(op.f(f"ix_team_members_{name}"), "team_members", [name])
    _unique("uq_team_members_current", "team_members", ["team_id", "member_id"], CURRENT)
    _unique("uq_team_members_leader", "team_members", ["team_id"], LEADS)


def downgrade():
    op.drop_index("ix_claims_team_state", "claims")
    op.drop_index("uq_claims_team", "claims")
    # What the earlier schema cannot hold: places of teams. Their wishes wait on the wall again.
    op.execute("DELETE FROM claim_people WHERE claim_id IN (SELECT id FROM claims WHERE team_id IS NOT NULL)")
    op.execute("DELETE FROM claims WHERE team_id IS NOT NULL")
    op.execute(
        "UPDATE wishes SET state = 'published', claimed_at = NULL, finish_by = NULL WHERE state = 'claimed' "
        "AND NOT EXISTS (SELECT 1 FROM claims WHERE claims.wish_id = wishes.id AND claims.state = 'open')"
    )
    with op.batch_alter_table("claims") as table:
        table.drop_constraint(op.f("ck_claims_one_helper"), type_="check")
        table.drop_constraint(op.f("fk_claims_team_id_teams"), type_="foreignkey")
        table.drop_column("team_id")
        table.create_check_constraint(op.f("ck_claims_one_helper"), _one_helper(("member_id", "unit_id", "organisation")))
    with op.batch_alter_table("registrations") as table:
        table.drop_constraint(op.f("fk_registrations_team_id_teams"), type_="foreignkey")
        table.drop_column("team_id")
    op.drop_table("team_members")
    op.drop_table("teams")


def _one_helper(names):
    """The condition that exactly one of these columns holds something."""
    return " OR ".join(
        "(" + " AND ".join(f"{name} IS {'NOT ' if name == one else ''}NULL" for name in names) + ")" for one in names
    )


def _unique(name, table, columns, where):
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
