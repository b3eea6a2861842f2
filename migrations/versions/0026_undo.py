"""What an act changed, kept sealed for a day so that its office may take it back

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "undo_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("office", sa.String(80), nullable=False),
        sa.Column("changes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["history.id"], name=op.f("fk_undo_notes_line_id_history")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undo_notes")),
        sa.UniqueConstraint("line_id", name=op.f("uq_undo_notes_line_id")),
    )
    op.create_index(op.f("ix_undo_notes_at"), "undo_notes", ["at"])


def downgrade():
    op.drop_table("undo_notes")
