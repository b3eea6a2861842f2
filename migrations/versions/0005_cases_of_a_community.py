"""The list of a community's wishes goes along an index

Revision: 0005, after 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_wishes_community", "wishes", ["community_id", "id"])


def downgrade():
    op.drop_index("ix_wishes_community", "wishes")
