"""Lines of checklists and ticks carry a version, so that nobody overwrites what they have not seen

Revision: 0056, after 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

TABLES = ("checklist_items", "inspection_checks")


def upgrade():
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        with op.batch_alter_table(name) as table:
            table.alter_column("version", existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def downgrade():
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_column("version")
