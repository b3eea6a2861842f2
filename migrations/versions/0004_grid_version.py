"""A grid counts its changes, so that two people who edit it are told

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("grids", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("grids") as table:
        table.alter_column("version", server_default=None)


def downgrade():
    with op.batch_alter_table("grids") as table:
        table.drop_column("version")
