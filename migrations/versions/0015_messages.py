"""Messages (消息) to those whom a case concerns, and the topics that a person turned off

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TOPICS = ("registration", "membership", "pledge", "wish", "record", "remark", "pairing", "team", "account")
UNREAD = sa.text("read_at IS NULL")


def upgrade():
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("topic", _topic(), nullable=False),
        sa.Column("sentence", sa.String(800), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_messages_user_id_users")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_messages_appointment_id_appointments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_user", "messages", ["user_id", "id"])
    op.create_index("ix_messages_unread", "messages", ["user_id"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    for name in ("appointment_id", "at"):
        op.create_index(op.f(f"ix_messages_{name}"), "messages", [name])
    op.create_table(
        "muted_topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", _topic(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_muted_topics_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_muted_topics")),
        sa.UniqueConstraint("user_id", "topic", name=op.f("uq_muted_topics_user_id_topic")),
    )


def downgrade():
    op.drop_table("muted_topics")
    op.drop_table("messages")


def _topic():
    return sa.Enum(*TOPICS, name="topic", native_enum=False, create_constraint=True, length=32)
