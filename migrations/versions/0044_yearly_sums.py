"""The yearly tables sum a county's year of services from two indexes alone

Revision: 0044, after 0043
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLE = "service_records"
INDEXES = {
    "ix_service_records_year": [
        "state", "day", "half_hours", "unit_id", "supervisor_id", "community_id", "place_id",
    ],
    "ix_service_records_source_day": [
        "source", "state", "day", "source_id", "unit_id", "supervisor_id", "community_id",
    ],
}


def upgrade():
    for name, columns in INDEXES.items():
        op.create_index(name, TABLE, columns)


def downgrade():
    for name in INDEXES:
        op.drop_index(name, TABLE)
