"""Reports on their way between unsent and handed in

Revision: 0053, after 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

STATES = ("running", "done", "stopped")
IS_RUNNING = sa.text("state = 'running'")


def upgrade():
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="submission_state", native_enum=False, create_constraint=True,
                                   length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("by_appointment_id", sa.Integer(), nullable=True),
        sa.Column("seen", sa.String(64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_submissions_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    op.create_index("uq_submissions_one_running", "submissions", ["report_id"], unique=True,
                    sqlite_where=IS_RUNNING, postgresql_where=IS_RUNNING)
    op.create_index("ix_submissions_report", "submissions", ["report_id", "id"])


def downgrade():
    op.drop_table("submissions")
