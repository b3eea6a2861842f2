"""Quarterly bulletins, the contact log of units and communities, members' difficulties

Revision: 0045, after 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TOLD = sa.text("part <> 'taken_back'")
TAKEN_BACK = sa.text("part = 'taken_back'")
OPEN = sa.text("state IN ('asked', 'unsolved')")
COUNTED = (
    "times", "half_hours", "activities", "wishes", "visits", "suggestions", "late_times", "late_half_hours",
    "back_times", "back_half_hours",
)  # fmt: skip
SEALED = ("told", "handed_words", "answer", "unsolved_words", "last_answer")


def upgrade():
    with op.batch_alter_table("scheme_years") as table:
        table.add_column(sa.Column("difficulty_answer_workdays", sa.Integer(), nullable=False, server_default="10"))
    with op.batch_alter_table("scheme_years") as table:
        table.alter_column("difficulty_answer_workdays", server_default=None)
    op.create_table(
        "bulletin_quarters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_bulletin_quarters_quarter_of_a_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_quarters")),
        sa.UniqueConstraint("year", "quarter", name=op.f("uq_bulletin_quarters_year_quarter")),
    )
    _bulletins()
    _told()
    _contacts()
    _difficulties()


def _bulletins():
    op.create_table(
        "bulletins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("bulletin_state", ("compiled", "sent", "acknowledged")), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("compiled_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(500), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.String(120), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.String(120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_bulletins_quarter_of_a_year")),
        sa.CheckConstraint("(state = 'compiled') = (sent_on IS NULL)", name=op.f("ck_bulletins_sent_on_a_day")),
        sa.CheckConstraint(
            "(state = 'acknowledged') = (acknowledged_on IS NOT NULL)", name=op.f("ck_bulletins_acknowledged_on_a_day")
        ),
        _names("bulletins", "unit_id", "units"),
        _names("bulletins", "supervisor_id", "supervisors"),
        _names("bulletins", "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
        sa.UniqueConstraint("number", name=op.f("uq_bulletins_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_bulletins_year_serial")),
        sa.UniqueConstraint(
            "community_id", "year", "quarter", "unit_id", name=op.f("uq_bulletins_community_id_year_quarter_unit_id")
        ),
    )
    op.create_index("ix_bulletins_community", "bulletins", ["community_id", "state"])
    op.create_index("ix_bulletins_unit", "bulletins", ["unit_id", "state"])
    op.create_index("ix_bulletins_supervisor", "bulletins", ["supervisor_id", "year", "quarter"])
    op.create_index("ix_bulletins_quarter", "bulletins", ["year", "quarter", "state"])


def _told():
    op.create_table(
        "bulletin_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        _names("bulletin_lines", "bulletin_id", "bulletins", ondelete="CASCADE"),
        _names("bulletin_lines", "member_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_lines")),
        sa.UniqueConstraint("bulletin_id", "member_id", name=op.f("uq_bulletin_lines_bulletin_id_member_id")),
    )
    op.create_index("ix_bulletin_lines_member", "bulletin_lines", ["member_id"])
    op.create_table(
        "bulletin_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("part", _one_of("part", ("of_quarter", "late", "taken_back")), nullable=False),
        _names("bulletin_records", "bulletin_id", "bulletins", ondelete="CASCADE"),
        _names("bulletin_records", "record_id", "service_records"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_records")),
    )
    op.create_index(
        "uq_bulletin_records_told",
        "bulletin_records",
        ["record_id"],
        unique=True,
        sqlite_where=TOLD,
        postgresql_where=TOLD,
    )
    op.create_index(
        "uq_bulletin_records_taken_back",
        "bulletin_records",
        ["record_id"],
        unique=True,
        sqlite_where=TAKEN_BACK,
        postgresql_where=TAKEN_BACK,
    )
    op.create_index("ix_bulletin_records_bulletin", "bulletin_records", ["bulletin_id", "part"])


def _contacts():
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("contact_state", ("recorded", "corrected")), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("side", _one_of("side", ("unit", "community")), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("how", _one_of("contact_how", ("visit", "phone", "call", "meeting")), nullable=False),
        sa.Column("people", sa.String(60), nullable=False),
        sa.Column("about", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(300), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _names("contacts", "unit_id", "units"),
        _names("contacts", "community_id", "communities"),
        _names("contacts", "corrects_id", "contacts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_contacts_corrects_id")),
    )
    op.create_index("ix_contacts_unit", "contacts", ["unit_id", "day"])
    op.create_index("ix_contacts_community", "contacts", ["community_id", "day"])
    op.create_index("ix_contacts_day", "contacts", ["day"])


def _difficulties():
    op.create_table(
        "difficulties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("difficulty_state", ("asked", "answered", "unsolved", "withdrawn")), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("held_by", _one_of("side", ("unit", "community")), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("unsolved_on", sa.Date(), nullable=True),
        *(sa.Column(f"{name}_sealed", sa.LargeBinary(), nullable=True) for name in SEALED),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "held_by <> 'community' OR community_id IS NOT NULL", name=op.f("ck_difficulties_held_by_a_community")
        ),
        sa.CheckConstraint(
            "state NOT IN ('answered', 'unsolved') OR answer_sealed IS NOT NULL",
            name=op.f("ck_difficulties_answered_in_writing"),
        ),
        sa.CheckConstraint(
            "state <> 'unsolved' OR unsolved_on IS NOT NULL", name=op.f("ck_difficulties_unsolved_since_a_day")
        ),
        _names("difficulties", "member_id", "members"),
        _names("difficulties", "unit_id", "units"),
        _names("difficulties", "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difficulties")),
        sa.UniqueConstraint("number", name=op.f("uq_difficulties_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_difficulties_year_serial")),
    )
    op.create_index("ix_difficulties_member", "difficulties", ["member_id", "id"])
    op.create_index("ix_difficulties_unit", "difficulties", ["unit_id", "held_by", "state"])
    op.create_index("ix_difficulties_community", "difficulties", ["community_id", "held_by", "state"])
    op.create_index("ix_difficulties_open", "difficulties", ["answer_by"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade():
    for table in ("difficulties", "contacts", "bulletin_records", "bulletin_lines", "bulletins", "bulletin_quarters"):
        op.drop_table(table)
    with op.batch_alter_table("scheme_years") as table:
        table.drop_column("difficulty_answer_workdays")


def _names(table, column, other, **options):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **options)


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
