"""The sums of a member's year are read from an index alone, so that a county's are quick too

Revision: 0037, after 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_service_records_member_day", "service_records"
OF_A_DAY = ["member_id", "day"]
SUMMED = ["state", "half_hours", "category", "source", "source_id"]


def upgrade():
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, [*OF_A_DAY, *SUMMED])


def downgrade():
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, OF_A_DAY)
