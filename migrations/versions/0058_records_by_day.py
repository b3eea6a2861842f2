"""A county's records are listed by their day without sorting all of them

Revision: 0058, after 0057
"""

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_service_records_day", "service_records", ["day", "id"])


def downgrade():
    op.drop_index("ix_service_records_day", "service_records")
