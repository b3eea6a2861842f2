"""Households in difficulty, who belongs to them and what they need, who supports them, and each visit

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KINDS = ("poor", "comrade", "disabled", "student", "elder")
CLOSE_KINDS = ("improved", "moved", "died", "declined", "other")
NEEDS = ("company", "care", "errands", "clinic", "tutoring", "job", "repair", "policy", "goods", "mind")
SEALED = (
    "name", "born", "phone", "address", "difficulties", "policies", "policy_words", "need_words", "ways", "aim", "note",
    "guardian",
)  # fmt: skip
LIVE = sa.text("state IN ('proposed', 'active')")
LEADS = sa.text("state = 'active' AND leads")
RECORDED = sa.text("state = 'recorded'")


def upgrade():
    _create_households()
    _create_parts_of_households()
    _create_supports()
    _create_visits()


def downgrade():
    for table in ("visit_people", "visits", "supports", "household_needs", "household_people", "households"):
        op.drop_table(table)


def _create_households():
    op.create_table(
        "households",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("household_state", ("draft", "active", "closed")), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("kind", _one_of("household_kind", KINDS), nullable=False),
        sa.Column("shown_name", sa.String(12), nullable=False),
        sa.Column("sex", _one_of("sex", ("male", "female")), nullable=False),
        *_sealed(*SEALED),
        sa.Column("consent_by", _one_of("consent_by", ("self", "guardian")), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("consent_taken_by", sa.String(40), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(120), nullable=False),
        sa.Column("entered_by_user_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("close_kind", _one_of("close_kind", CLOSE_KINDS), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'active' OR (consent_on IS NOT NULL AND consent_by IS NOT NULL AND opened_on IS NOT NULL)",
            name=op.f("ck_households_active_with_consent"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (close_kind IS NOT NULL)", name=op.f("ck_households_closed_with_kind")
        ),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_households_closed_on_a_day")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_households_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_households_grid_id_grids")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        sa.UniqueConstraint("number", name=op.f("uq_households_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_households_year_serial")),
    )
    op.create_index("ix_households_community_state", "households", ["community_id", "state", "id"])
    op.create_index(op.f("ix_households_grid_id"), "households", ["grid_id"])


def _create_parts_of_households():
    op.create_table(
        "household_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        *_sealed("relation", "born", "does"),
        sa.Column("seal_id", sa.String(32), nullable=False),
        _of_household("household_people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_people")),
    )
    op.create_index(op.f("ix_household_people_household_id"), "household_people", ["household_id"])
    op.create_table(
        "household_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("need", _one_of("need", NEEDS), nullable=False),
        _of_household("household_needs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_needs")),
        sa.UniqueConstraint("household_id", "need", name=op.f("uq_household_needs_household_id_need")),
    )
    op.create_index(op.f("ix_household_needs_need"), "household_needs", ["need"])


def _create_supports():
    op.create_table(
        "supports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("support_state", ("proposed", "active", "ended")), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("willing", sa.Boolean(), nullable=False),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(200), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.String(120), nullable=False),
        sa.Column("proposed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 5", name=op.f("ck_supports_place_sane")),
        sa.CheckConstraint("state <> 'active' OR since IS NOT NULL", name=op.f("ck_supports_active_since_a_day")),
        sa.CheckConstraint("(state = 'ended') = (until IS NOT NULL)", name=op.f("ck_supports_ended_on_a_day")),
        sa.CheckConstraint("NOT leads OR state <> 'proposed'", name=op.f("ck_supports_who_supports_leads")),
        _of_household("supports"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_supports_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supports")),
    )
    for name, columns, where in (
        ("place", ["household_id", "place"], LIVE),
        ("member", ["household_id", "member_id"], LIVE),
        ("leader", ["household_id"], LEADS),
    ):
        op.create_index(
            f"uq_supports_{name}", "supports", columns, unique=True, sqlite_where=where, postgresql_where=where
        )
    op.create_index("ix_supports_household", "supports", ["household_id", "id"])
    op.create_index("ix_supports_member_state", "supports", ["member_id", "state"])


def _create_visits():
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state", _one_of("visit_state", ("recorded", "confirmed", "rejected", "withdrawn")), nullable=False
        ),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("half_hours", sa.Integer(), nullable=False),
        *_sealed("done", "solved"),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.Column("recorded_by_user_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_member_id", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.String(120), nullable=True),
        sa.Column("answered_by_user_id", sa.Integer(), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("half_hours BETWEEN 1 AND 16", name=op.f("ck_visits_half_hours_of_a_visit")),
        sa.CheckConstraint(
            "state <> 'confirmed' OR recorded_by_user_id IS NULL OR answered_by_user_id IS NULL "
            "OR recorded_by_user_id <> answered_by_user_id",
            name=op.f("ck_visits_two_people"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR answered_by IS NOT NULL", name=op.f("ck_visits_confirmed_by_somebody")
        ),
        _of_household("visits"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_household_day", "visits", ["household_id", "day", "id"])
    op.create_index(
        "ix_visits_waiting", "visits", ["state", "household_id"], sqlite_where=RECORDED, postgresql_where=RECORDED
    )
    op.create_table(
        "visit_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_visit_people_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_visit_people_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_people")),
        sa.UniqueConstraint("visit_id", "member_id", name=op.f("uq_visit_people_visit_id_member_id")),
    )
    op.create_index(op.f("ix_visit_people_member_id"), "visit_people", ["member_id"])


def _sealed(*names):
    return (sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True) for name in names)


def _of_household(table, **options):
    name = op.f(f"fk_{table}_household_id_households")
    return sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=name, **options)


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
