"""What is handed in for a year: reports, each community's part, and what was frozen with them

Revision: 0039, after 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

LEAD = sa.text("kind = 'lead'")
UNSENT = sa.text("state IN ('open', 'returned')")
STANDS = sa.text("state = 'standing'")
SNAPSHOT_STATES = ("staged", "standing", "replaced", "withdrawn")


def upgrade():
    _create_reports()
    _create_parts()
    _create_snapshots()


def downgrade():
    for table in ("snapshot_rows", "snapshots", "report_words", "report_parts", "reports"):
        op.drop_table(table)


def _create_reports():
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("report_state", ("open", "submitted", "accepted", "returned")), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("report_kind", ("own", "lead")), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("urged_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'returned') OR edition > 0", name=op.f("ck_reports_handed_in_once")),
        _names("reports", "supervisor_id", "supervisors"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("number", name=op.f("uq_reports_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_reports_year_serial")),
        sa.UniqueConstraint("year", "supervisor_id", "kind", name=op.f("uq_reports_year_supervisor_id_kind")),
    )
    op.create_index("uq_reports_one_lead", "reports", ["year"], unique=True, sqlite_where=LEAD, postgresql_where=LEAD)
    op.create_index("ix_reports_unsent", "reports", ["due_on"], sqlite_where=UNSENT, postgresql_where=UNSENT)
    op.create_index("ix_reports_supervisor", "reports", ["supervisor_id", "year"])


def _create_parts():
    op.create_table(
        "report_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("part_state", ("waiting", "confirmed")), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("figures", sa.String(8000), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(120), nullable=True),
        sa.Column("urged_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'confirmed') = (figures IS NOT NULL)", name=op.f("ck_report_parts_confirmed_with_figures")
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL)", name=op.f("ck_report_parts_confirmed_at_a_moment")
        ),
        _names("report_parts", "report_id", "reports"),
        _names("report_parts", "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_parts")),
        sa.UniqueConstraint("report_id", "community_id", name=op.f("uq_report_parts_report_id_community_id")),
    )
    op.create_index(op.f("ix_report_parts_community_id"), "report_parts", ["community_id"])
    op.create_table(
        "report_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("table", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(40), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        _names("report_words", "report_id", "reports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_words")),
        sa.UniqueConstraint("report_id", "table", "row_key", name=op.f("uq_report_words_report_id_table_row_key")),
    )


def _create_snapshots():
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("snapshot_state", SNAPSHOT_STATES), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("tables_sealed", sa.LargeBinary(), nullable=False),
        _names("snapshots", "report_id", "reports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
    )
    op.create_index(
        "uq_snapshots_one_standing", "snapshots", ["report_id"], unique=True, sqlite_where=STANDS,
        postgresql_where=STANDS,
    )  # fmt: skip
    op.create_index("ix_snapshots_report", "snapshots", ["report_id", "id"])
    op.create_table(
        "snapshot_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("table", sa.Integer(), nullable=False),
        sa.Column("list_key", sa.String(40), nullable=False),
        sa.Column("row_key", sa.String(40), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("behind_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_snapshot_rows_snapshot_id_snapshots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_rows")),
        sa.UniqueConstraint(
            "snapshot_id", "table", "list_key", "row_key",
            name=op.f("uq_snapshot_rows_snapshot_id_table_list_key_row_key"),
        ),
    )  # fmt: skip


def _names(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
