"""Print jobs in parts that any worker takes up, what did not come out with its reason, files under names of their own

Jobs that were not over are closed, since nobody knows any more which papers they were; whoever asked asks again. The
finished files lay in folders of their own and are cleared away. What did not come out was one text, a line each.

Revision: 0052, after 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

NOT_DRAWN = sa.text("NOT drawn")
CLOSED = """
    UPDATE print_jobs SET state = 'failed', ended_at = asked_at, lease_until = NULL
    WHERE state IN ('waiting', 'running')
"""
FAILURES = "SELECT job_id, called, reason FROM print_failures ORDER BY id"


def upgrade():
    op.execute(CLOSED)
    op.execute("UPDATE print_jobs SET file = NULL")
    op.create_table(
        "print_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("cases", sa.String(600), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["print_jobs.id"], name=op.f("fk_print_parts_job_id_print_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_parts")),
        sa.UniqueConstraint("job_id", "place", name=op.f("uq_print_parts_job_id_place")),
    )
    op.create_index(
        "ix_print_parts_open", "print_parts", ["job_id", "place"], sqlite_where=NOT_DRAWN, postgresql_where=NOT_DRAWN
    )
    op.create_table(
        "print_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("called", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["print_jobs.id"], name=op.f("fk_print_failures_job_id_print_jobs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["print_parts.id"], name=op.f("fk_print_failures_part_id_print_parts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_failures")),
        sa.UniqueConstraint("job_id", "case_id", name=op.f("uq_print_failures_job_id_case_id")),
    )
    op.create_index(op.f("ix_print_failures_part_id"), "print_failures", ["part_id"])
    with op.batch_alter_table("print_jobs") as batch_op:
        batch_op.add_column(sa.Column("one_each", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("key", sa.String(64), nullable=True))
        batch_op.drop_column("failed")
        batch_op.drop_column("folder")
    with op.batch_alter_table("print_jobs") as batch_op:
        batch_op.alter_column("one_each", server_default=None)


def downgrade():
    op.execute(CLOSED)
    op.execute("UPDATE print_jobs SET file = NULL")
    lost: dict[int, list[str]] = {}
    for job, called, reason in op.get_bind().execute(sa.text(FAILURES)):
        lost.setdefault(job, []).append(f"{called}（{reason}）")
    op.drop_table("print_failures")
    op.drop_table("print_parts")
    with op.batch_alter_table("print_jobs") as batch_op:
        batch_op.add_column(sa.Column("failed", sa.String(20000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("folder", sa.String(32), nullable=False, server_default="none"))
        batch_op.drop_column("key")
        batch_op.drop_column("one_each")
    with op.batch_alter_table("print_jobs") as batch_op:
        batch_op.alter_column("failed", server_default=None)
        batch_op.alter_column("folder", server_default=None)
    for job, lines in lost.items():
        said = sa.text("UPDATE print_jobs SET failed = :lines WHERE id = :job")
        op.get_bind().execute(said, {"lines": "\n".join(lines)[:20000], "job": job})
