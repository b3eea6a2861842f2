"""How far a part of a print job is while it is drawn

Revision: 0060, after 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("print_parts") as table:
        table.add_column(sa.Column("percent", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("print_parts") as table:
        table.alter_column("percent", existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def downgrade():
    with op.batch_alter_table("print_parts") as table:
        table.drop_column("percent")
