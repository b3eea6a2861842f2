"""Every stored copy is looked at each night: that follows from when it was last looked at

Revision: 0059, after 0058
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index("ix_archived_papers_due", "archived_papers")
    op.drop_column("archived_papers", "check_due_on")
    op.create_index("ix_archived_papers_checked", "archived_papers", ["state", "checked_at", "id"])


def downgrade():
    op.drop_index("ix_archived_papers_checked", "archived_papers")
    op.add_column("archived_papers", sa.Column("check_due_on", sa.Date(), nullable=True))
    op.execute("UPDATE archived_papers SET check_due_on = CURRENT_DATE WHERE state = 'stored'")
    op.create_index("ix_archived_papers_due", "archived_papers", ["check_due_on"])
