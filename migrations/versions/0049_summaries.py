"""The sender's words in a yearly summary, and each summary as it was handed in

Revision: 0049, after 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

SECTIONS = ("basics", "practices", "results", "problems", "plans")


def upgrade():
    op.create_table(
        "summaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        *(sa.Column(section, sa.String(3000), nullable=True) for section in SECTIONS),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_summaries_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summaries")),
        sa.UniqueConstraint("report_id", name=op.f("uq_summaries_report_id")),
    )
    op.create_table(
        "summary_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(60000), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_summary_texts_snapshot_id_snapshots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_texts")),
        sa.UniqueConstraint("snapshot_id", name=op.f("uq_summary_texts_snapshot_id")),
    )


def downgrade():
    op.drop_table("summary_texts")
    op.drop_table("summaries")
