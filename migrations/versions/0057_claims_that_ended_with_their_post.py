"""Which claims ended with their post stands on them: a post is closed more than once, and keeps the last day only

Revision: 0057, after 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("post_claims") as table:
        table.add_column(sa.Column("with_post", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE post_claims SET with_post = true WHERE ended_why LIKE '岗位停设：%' OR "
        "until = (SELECT closed_on FROM posts WHERE posts.id = post_claims.post_id)"
    )
    with op.batch_alter_table("post_claims") as table:
        table.alter_column("with_post", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade():
    with op.batch_alter_table("post_claims") as table:
        table.drop_column("with_post")
