"""Files of a case, model volunteers of a year, and the own work of units and of the bodies above them

Revision: 0043, after 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

STANDING = sa.text("state IN ('nominated', 'confirmed')")
FILES = ("picture", "pdf", "docx", "xlsx")
LEADS = ("policy", "morals", "needy", "hygiene", "disputes", "patrol")
WORK = ("plan", "meeting", "discussion", "visit", "publicity", "praise", "talk", "other")


def upgrade():
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("what", _one_of("file_kind", FILES), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("open_bytes", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("file", name=op.f("uq_uploads_file")),
    )
    op.create_index("ix_uploads_case", "uploads", ["kind", "row_id", "id"])
    _exemplars()
    _own_work()


def _exemplars():
    op.create_table(
        "exemplars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("exemplar_state", ("nominated", "confirmed", "returned", "revoked", "withdrawn")),
                  nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("deeds", sa.String(1000), nullable=False),
        sa.Column("nominated_on", sa.Date(), nullable=False),
        sa.Column("nominated_by", sa.String(120), nullable=False),
        sa.Column("nominated_by_user_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state NOT IN ('confirmed', 'revoked') OR confirmed_on IS NOT NULL",
                           name=op.f("ck_exemplars_confirmed_on_a_day")),
        _names("exemplars", "member_id", "members"),
        _names("exemplars", "unit_id", "units"),
        _names("exemplars", "supervisor_id", "supervisors"),
        _names("exemplars", "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplars")),
        sa.UniqueConstraint("number", name=op.f("uq_exemplars_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_exemplars_year_serial")),
    )
    op.create_index("uq_exemplars_one_a_year", "exemplars", ["member_id", "year"], unique=True,
                    sqlite_where=STANDING, postgresql_where=STANDING)
    op.create_index("ix_exemplars_member", "exemplars", ["member_id"])
    op.create_index("ix_exemplars_year_state", "exemplars", ["year", "state"])
    for column in ("community", "unit", "supervisor"):
        op.create_index(f"ix_exemplars_{column}", "exemplars", [f"{column}_id", "year"])
    op.create_table(
        "exemplar_leads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exemplar_id", sa.Integer(), nullable=False),
        sa.Column("lead", _one_of("lead", LEADS), nullable=False),
        _names("exemplar_leads", "exemplar_id", "exemplars"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplar_leads")),
        sa.UniqueConstraint("exemplar_id", "lead", name=op.f("uq_exemplar_leads_exemplar_id_lead")),
    )


def _own_work():
    op.create_table(
        "own_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("work_state", ("recorded", "cancelled")), nullable=False),
        sa.Column("kind", _one_of("work_kind", WORK), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("took_part", sa.Integer(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(unit_id IS NULL) <> (supervisor_id IS NULL)", name=op.f("ck_own_work_of_one_body")),
        sa.CheckConstraint("took_part IS NULL OR took_part BETWEEN 1 AND 5000",
                           name=op.f("ck_own_work_took_part_sane")),
        _names("own_work", "unit_id", "units"),
        _names("own_work", "supervisor_id", "supervisors"),
        _names("own_work", "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_work")),
    )
    op.create_index("ix_own_work_unit", "own_work", ["unit_id", "day"])
    op.create_index("ix_own_work_supervisor", "own_work", ["supervisor_id", "day"])
    op.create_index("ix_own_work_kind", "own_work", ["kind", "day"])


def downgrade():
    for table in ("own_work", "exemplar_leads", "exemplars", "uploads"):
        op.drop_table(table)


def _names(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
