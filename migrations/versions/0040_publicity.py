"""Stories of service with where they appeared, notices with whom they go to and who answered

Revision: 0040, after 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ROLES = ("member", "grid_worker", "clerk", "liaison", "town", "department", "committee", "inspector", "county", "admin",
         "resident", "system")
STORY_STATES = ("draft", "submitted", "published", "returned", "taken_down")
MEDIA = ("radio", "television", "press", "web", "board")
OF_OFFICE = sa.text("office_key IS NOT NULL")
OF_MEMBER = sa.text("member_id IS NOT NULL")
PLACES = {"supervisor_id": "supervisors", "unit_id": "units", "community_id": "communities"}
ONE_PLACE = " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in PLACES) + " <= 1"


def upgrade():
    _create_stories()
    _create_parts_of_stories()
    _create_notices()
    _create_parts_of_notices()


def downgrade():
    for table in ("notice_answers", "notices_seen", "notice_to", "notices", "appearances", "story_hands", "stories"):
        op.drop_table(table)


def _create_stories():
    op.create_table(
        "stories",
        *_case("story_state", STORY_STATES),
        sa.Column("kind", _one_of("story_kind", ("deed", "practice")), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("body", sa.String(5000), nullable=False),
        sa.Column("named_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        _check("stories", "shown_with_consent", "state NOT IN ('submitted', 'published') OR consent"),
        _check("stories", "published_at_a_time", "state <> 'published' OR published_at IS NOT NULL"),
        *_names("stories", PLACES | {"wish_id": "wishes", "activity_id": "activities", "about_id": "members"}),
        *_numbered("stories"),
    )
    op.create_index("ix_stories_state", "stories", ["state", "published_at"])
    _index("stories", *PLACES, "wish_id", "activity_id", "about_id")


def _create_parts_of_stories():
    op.create_table(
        "story_hands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *_names("story_hands", {"story_id": "stories"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_hands")),
        sa.UniqueConstraint("story_id", "user_id", name=op.f("uq_story_hands_story_id_user_id")),
    )
    op.create_table(
        "appearances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("medium", _one_of("medium", MEDIA), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_names("appearances", {"story_id": "stories"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appearances")),
    )
    _index("appearances", "story_id")


def _create_notices():
    op.create_table(
        "notices",
        *_case("notice_state", ("published", "withdrawn")),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("body", sa.String(3000), nullable=False),
        sa.Column("to", sa.String(200), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asks_answer", sa.Boolean(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_user_id", sa.Integer(), nullable=True),
        sa.Column("urged_at", sa.DateTime(timezone=True), nullable=True),
        _check("notices", "answered_by_a_day", "asks_answer = (answer_by IS NOT NULL)"),
        _check("notices", "urged_for_an_answer", "urged_at IS NULL OR asks_answer"),
        *_names("notices", PLACES),
        *_numbered("notices"),
    )
    op.create_index("ix_notices_in_force", "notices", ["state", "until"])
    _index("notices", *PLACES)


def _create_parts_of_notices():
    op.create_table(
        "notice_to",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("role", _one_of("role", ROLES), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=True) for column in PLACES),
        _check("notice_to", "at_most_one_place", ONE_PLACE),
        *_names("notice_to", {"notice_id": "notices"} | PLACES),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_to")),
    )
    op.create_index("ix_notice_to_notice", "notice_to", ["notice_id", "role"])
    op.create_table(
        "notices_seen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *_names("notices_seen", {"notice_id": "notices", "user_id": "users"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices_seen")),
        sa.UniqueConstraint("notice_id", "user_id", name=op.f("uq_notices_seen_notice_id_user_id")),
    )
    _index("notices_seen", "user_id")
    op.create_table(
        "notice_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("office_key", sa.String(80), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("words", sa.String(200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _check("notice_answers", "member_or_office", "(office_key IS NULL) <> (member_id IS NULL)"),
        *_names("notice_answers", {"notice_id": "notices", "member_id": "members"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_answers")),
    )
    _index("notice_answers", "member_id")
    for name, column, where in (("office", "office_key", OF_OFFICE), ("member", "member_id", OF_MEMBER)):
        op.create_index(f"uq_notice_answers_{name}", "notice_answers", ["notice_id", column], unique=True,
                        sqlite_where=where, postgresql_where=where)  # fmt: skip


def _case(name, states):
    """What every case of an office has: its state and number, and the office that wrote it."""
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of(name, states), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role", _one_of("role", ROLES), nullable=False),
        sa.Column("office", sa.String(80), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=True) for column in PLACES),
    )


def _numbered(table):
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        sa.UniqueConstraint("year", "serial", name=op.f(f"uq_{table}_year_serial")),
    )


def _index(table, *columns):
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _check(table, name, condition):
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _names(table, columns):
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
