"""The archive of final papers, and packages of them

Revision: 0051, after 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

STATES = ("waiting", "stored", "failed", "erased")
DAMAGES = ("missing", "altered")
REASONS = ("request", "retention", "order")
JOB_STATES = ("waiting", "running", "done", "failed", "cancelled")
INDEXES = {
    "archived_papers": {
        "waiting": ["state", "retry_at", "id"], "due": ["check_due_on"], "year": ["year", "kind", "id"],
        "unit": ["unit_id", "year"], "community": ["community_id", "year"], "damage": ["damage"],
    },
    "archive_packages": {"asked_by": ["asked_by_appointment_id", "id"], "state": ["state"]},
}  # fmt: skip


def one_of(column: str, values: tuple[str, ...], name: str, nullable: bool = False) -> list:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return [sa.Column(column, kind, nullable=nullable)]


def key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade():
    _papers()
    _packages()
    for table, indexes in INDEXES.items():
        for name, columns in indexes.items():
            op.create_index(op.f(f"ix_{table}_{name}"), table, columns)


def downgrade():
    op.drop_table("archive_packages")
    op.drop_table("archived_papers")


def _papers():
    table = "archived_papers"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        *one_of("state", STATES, "copy_state"),
        sa.Column("cells_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("file", sa.String(32), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(400), nullable=False),
        sa.Column("lacking", sa.String(120), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_due_on", sa.Date(), nullable=True),
        *one_of("damage", DAMAGES, "damage", nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_by", sa.String(120), nullable=False),
        *one_of("erased_for", REASONS, "erasure_reason", nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.CheckConstraint(
            "state <> 'stored' OR (file IS NOT NULL AND sha256 IS NOT NULL)",
            name=op.f("ck_archived_papers_stored_is_known"),
        ),
        sa.CheckConstraint(
            "state <> 'erased' OR (file IS NULL AND cells_sealed IS NULL)",
            name=op.f("ck_archived_papers_erased_is_gone"),
        ),
        key(table, "paper_id", "issued_papers"),
        key(table, "unit_id", "units"),
        key(table, "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_papers")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_archived_papers_paper_id")),
        sa.UniqueConstraint("file", name=op.f("uq_archived_papers_file")),
    )


def _packages():
    table = "archive_packages"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("kinds", sa.String(400), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        *one_of("state", JOB_STATES, "job_state"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(32), nullable=False),
        sa.Column("file", sa.String(160), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_user_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_appointment_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_archive_packages_done_of_total")),
        key(table, "unit_id", "units"),
        key(table, "community_id", "communities"),
        key(table, "asked_by_user_id", "users"),
        key(table, "asked_by_appointment_id", "appointments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_packages")),
    )
