"""Wishes told on a public face: those whose phone an office has still to index are found at once

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

UNINDEXED = sa.text("phone_index IS NULL AND phone_sealed IS NOT NULL")


def upgrade():
    op.create_index("ix_wishes_unindexed", "wishes", ["id"], sqlite_where=UNINDEXED, postgresql_where=UNINDEXED)


def downgrade():
    op.drop_index("ix_wishes_unindexed", "wishes")
