"""Messages tell of the evaluations, feedback, exemplars, publicity, inspections and reports too

Revision: 0038, after 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

BEFORE = ("registration", "membership", "pledge", "wish", "record", "remark", "pairing", "team", "account",
          "post", "activity", "household", "suggestion")
NEW = ("evaluation", "feedback", "exemplar", "publicity", "inspection", "report")
TABLES = {"messages": "ck_messages_topic", "muted_topics": "ck_muted_topics_topic"}


def upgrade():
    _allow((*BEFORE, *NEW))


def downgrade():
    for table in TABLES:
        topic = sa.table(table, sa.column("topic"))
        op.execute(sa.delete(topic).where(topic.c.topic.in_(NEW)))
    _allow(BEFORE)


def _allow(topics):
    for table, name in TABLES.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(name), type_="check")
            batch.create_check_constraint(op.f(name), sa.column("topic").in_(topics))
