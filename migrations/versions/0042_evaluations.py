"""Evaluations with their grades and reply slips, notes, and the days of the year that they need

Revision: 0042, after 0041
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

LIVE = sa.text("state <> 'withdrawn'")
ASKED = sa.text("reply_sealed IS NOT NULL AND answer_sealed IS NULL")
HANDLINGS = ("praise", "commendation", "talk", "criticism", "none")
USES = ("review", "honours", "promotion", "excellent", "delegate", "office", "none")
# label, needs_text, in_bulk
GRADES = (("优秀", True, False), ("良好", False, True), ("一般", False, False), ("较差", True, False))


def upgrade():
    _year_settings()
    _grades()
    _evaluations()
    _notes()


def downgrade():
    op.drop_table("evaluation_notes")
    op.drop_table("evaluation_uses")
    op.drop_table("evaluations")
    op.drop_table("evaluation_grades")
    with op.batch_alter_table("scheme_years") as table:
        table.drop_column("evaluation_reply_days")
        table.drop_column("evaluations_from")


def _year_settings():
    with op.batch_alter_table("scheme_years") as table:
        table.add_column(sa.Column("evaluations_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("evaluation_reply_days", sa.Integer(), nullable=False, server_default="15"))
    years = sa.table("scheme_years", sa.column("year", sa.Integer), sa.column("evaluations_from", sa.Date))
    for year in op.get_bind().scalars(sa.select(years.c.year)).all():
        first = dt.date(year, 11, 1)
        op.execute(sa.update(years).where(years.c.year == year).values(evaluations_from=first))
    with op.batch_alter_table("scheme_years") as table:
        table.alter_column("evaluations_from", nullable=False, existing_type=sa.Date())
        table.alter_column("evaluation_reply_days", server_default=None)


def _grades():
    grades = op.create_table(
        "evaluation_grades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(12), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("needs_text", sa.Boolean(), nullable=False),
        sa.Column("in_bulk", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_grades")),
        sa.UniqueConstraint("label", name=op.f("uq_evaluation_grades_label")),
    )
    rows = [
        {"label": label, "sort": place, "needs_text": needs, "in_bulk": bulk, "active": True, "version": 1}
        for place, (label, needs, bulk) in enumerate(GRADES, start=1)
    ]
    op.bulk_insert(grades, rows)


def _evaluations():
    table = "evaluations"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _one_of("evaluation_state", ("draft", "sent", "acknowledged", "withdrawn")),
            nullable=False,
        ),
        *_number(),
        *_concerned(),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("grade_id", sa.Integer(), nullable=True),
        *(
            sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True)
            for name in ("performance", "advice", "self_assessment", "facts")
        ),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.String(120), nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        *_slip(),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        *_of_a_case(table),
        _check(
            table,
            "sent_whole",
            "state NOT IN ('sent', 'acknowledged') OR (grade_id IS NOT NULL AND facts_sealed IS NOT NULL "
            "AND sent_on IS NOT NULL AND reply_by IS NOT NULL)",
        ),
        _check(table, "answers_a_reply", "answer_sealed IS NULL OR reply_sealed IS NOT NULL"),
        _names(table, "grade_id", "evaluation_grades"),
        _names(table, "replaces_id", "evaluations"),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_evaluations_replaces_id")),
    )
    op.create_index(
        "uq_evaluations_member",
        table,
        ["member_id", "year", "community_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    for scope in ("community", "unit", "supervisor"):
        op.create_index(f"ix_evaluations_{scope}", table, [f"{scope}_id", "year", "state"])
    op.create_index("ix_evaluations_asked", table, ["community_id"], sqlite_where=ASKED, postgresql_where=ASKED)
    op.create_index(op.f("ix_evaluations_registration_id"), table, ["registration_id"])
    op.create_table(
        "evaluation_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("use", _one_of("use", USES), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_evaluation_uses_evaluation_id_evaluations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_uses")),
        sa.UniqueConstraint("evaluation_id", "use", name=op.f("uq_evaluation_uses_evaluation_id_use")),
    )


def _notes():
    table = "evaluation_notes"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("note_state", ("sent", "acknowledged", "withdrawn")), nullable=False),
        *_number(),
        sa.Column("kind", _one_of("note_kind", ("commendable", "concerning")), nullable=False),
        *_concerned(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(120), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        *_slip(),
        *_of_a_case(table),
        _check(table, "says_something", "words_sealed IS NOT NULL"),
    )
    op.create_index("ix_evaluation_notes_member", table, ["member_id", "id"])
    for scope in ("community", "unit", "supervisor"):
        op.create_index(f"ix_evaluation_notes_{scope}", table, [f"{scope}_id", "state"])
    op.create_index(op.f("ix_evaluation_notes_registration_id"), table, ["registration_id"])


def _number():
    return (
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
    )


def _concerned():
    names = ("member_id", "registration_id", "unit_id", "supervisor_id", "community_id")
    return (sa.Column(name, sa.Integer(), nullable=False) for name in names)


def _slip():
    return (
        sa.Column("handling", _one_of("handling", HANDLINGS), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.String(120), nullable=True),
    )


def _of_a_case(table):
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.String(32), nullable=False),
        _check(
            table,
            "acknowledged_with_a_slip",
            "state <> 'acknowledged' OR (acknowledged_on IS NOT NULL AND handling IS NOT NULL AND told IS NOT NULL)",
        ),
        _names(table, "member_id", "members"),
        _names(table, "registration_id", "registrations"),
        _names(table, "unit_id", "units"),
        _names(table, "supervisor_id", "supervisors"),
        _names(table, "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        sa.UniqueConstraint("year", "serial", name=op.f(f"uq_{table}_year_serial")),
    )


def _check(table, name, condition):
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _names(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
