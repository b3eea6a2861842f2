"""Service posts and who holds them; a post's claim is the source of many service records

Revision: 0030, after 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CATEGORIES = ("policy", "legal", "medical", "poverty", "convenience", "culture", "order", "environment")
ACTIVE = sa.text("state = 'active'")
ONCE_BEFORE = sa.text("source_id IS NOT NULL AND state IN ('pending', 'confirmed')")
ONCE = sa.text("source_id IS NOT NULL AND source <> 'post' AND state IN ('pending', 'confirmed')")
OF_POSTS = sa.text("source = 'post'")


def upgrade():
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("post_state", ("open", "closed")), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("category", _one_of("category", CATEGORIES), nullable=False),
        sa.Column("title", sa.String(30), nullable=False),
        sa.Column("duty", sa.String(500), nullable=False),
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("times", sa.String(60), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 99", name=op.f("ck_posts_capacity_sane")),
        sa.CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", name=op.f("ck_posts_closed_has_its_day")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_posts_community_id_communities")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_posts_grid_id_grids")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_posts_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("number", name=op.f("uq_posts_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_posts_year_serial")),
    )
    op.create_index("ix_posts_community_state", "posts", ["community_id", "state", "title"])
    op.create_index("ix_posts_state_category", "posts", ["state", "category"])
    _create_free_times()
    _create_claims()
    _records_once(ONCE)
    op.create_index(
        "ix_service_records_post", "service_records", ["source_id", "day"],
        sqlite_where=OF_POSTS, postgresql_where=OF_POSTS,
    )  # fmt: skip


def _create_free_times():
    op.create_table(
        "post_free_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("free_time", _one_of("free_time", ("evenings", "weekends", "holidays")), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_free_times_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_free_times")),
        sa.UniqueConstraint("post_id", "free_time", name=op.f("uq_post_free_times_post_id_free_time")),
    )


def _create_claims():
    op.create_table(
        "post_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("post_claim_state", ("active", "ended")), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.Column("confirmed_for", sa.Integer(), nullable=False),
        sa.Column("ended_why", sa.String(500), nullable=True),
        sa.CheckConstraint("place BETWEEN 1 AND 99", name=op.f("ck_post_claims_place_sane")),
        sa.CheckConstraint("(state = 'ended') = (until IS NOT NULL)", name=op.f("ck_post_claims_ended_has_its_day")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_post_claims_days_in_order")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_claims_post_id_posts")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_post_claims_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_claims")),
    )
    op.create_index("ix_post_claims_member_state", "post_claims", ["member_id", "state"])
    op.create_index("ix_post_claims_post_state", "post_claims", ["post_id", "state"])
    _unique("uq_post_claims_place", "post_claims", ["post_id", "place"], ACTIVE)
    _unique("uq_post_claims_member", "post_claims", ["post_id", "member_id"], ACTIVE)


def downgrade():
    op.drop_index("ix_service_records_post", "service_records")
    # What the earlier schema cannot hold: several services from one claim. They stay, as entered by hand.
    op.execute(
        "UPDATE service_records SET source = 'hand', source_id = NULL, source_number = NULL WHERE source = 'post'"
    )
    _records_once(ONCE_BEFORE)
    op.drop_table("post_claims")
    op.drop_table("post_free_times")
    op.drop_table("posts")


def _records_once(where):
    """One standing record a member from one source, but for those that this condition leaves out."""
    op.drop_index("uq_service_records_source", "service_records")
    _unique("uq_service_records_source", "service_records", ["source", "source_id", "member_id"], where)


def _unique(name, table, columns, where):
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
