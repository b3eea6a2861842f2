"""A published result notice keeps the figures that were set into it

Revision: 0048, after 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("result_notices") as table:
        table.add_column(sa.Column("set_in", sa.String(200_000), nullable=True))
        table.create_check_constraint(
            op.f("ck_result_notices_published_whole"), "(state = 'published') = (set_in IS NOT NULL)"
        )


def downgrade():
    with op.batch_alter_table("result_notices") as table:
        table.drop_constraint(op.f("ck_result_notices_published_whole"), type_="check")
        table.drop_column("set_in")
