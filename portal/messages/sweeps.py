"""What time does to messages: they are kept for a while and then forgotten."""

import datetime as dt

from sqlalchemy import and_, delete, or_, select

from portal.extensions import db
from portal.messages.models import Message

READ_KEPT = dt.timedelta(days=365)
KEPT = dt.timedelta(days=2 * 365)
AT_ONCE = 1000  # of one tick, so that the write lock is not held for long; the next minute takes the rest


def forget_old_messages(now: dt.datetime) -> None:
    """Delete messages read a year after they came, and unread ones after two."""
    read = and_(Message.read_at.is_not(None), Message.at <= now - READ_KEPT)
    old = select(Message.id).where(or_(read, Message.at <= now - KEPT)).order_by(Message.id).limit(AT_ONCE)
    db.session.execute(delete(Message).where(Message.id.in_(old)))
