"""Messages (消息) to one person in one of their offices, and the topics somebody does not want to hear of."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Appointment
from portal.clock import Moment
from portal.extensions import Base
from portal.labels import labelled
from portal.telling import Topic
from portal.text import Text

LONGEST = 800
UNREAD = text("read_at IS NULL")


class Message(Base):
    """One message. Of the case it is about only kind and number are kept: whether its page opens is asked anew.

    `appointment_id` is the office to whose holder it was sent, and whoever acts in it reads it; one without an
    office concerns the login itself.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_user", "user_id", "id"),
        Index("ix_messages_unread", "user_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    topic: Mapped[Topic] = labelled(Topic)
    sentence: Mapped[str] = mapped_column(Text(LONGEST, lines=True))
    kind: Mapped[str] = mapped_column(Text(32))
    row_id: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    read_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    appointment: Mapped[Appointment | None] = relationship()


class MutedTopic(Base):
    """A topic of which a person gets no messages."""

    __tablename__ = "muted_topics"
    __table_args__ = (UniqueConstraint("user_id", "topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    topic: Mapped[Topic] = labelled(Topic)
