"""What of messages the tests look at."""

from sqlalchemy import select

from portal.accounts.models import User
from portal.extensions import db
from portal.messages.models import Message
from portal.telling import Topic


def told() -> set[str]:
    """The logins that have a message."""
    db.session.flush()
    return set(db.session.scalars(select(User.username).where(User.id.in_(select(Message.user_id)))))


def sentences(username: str | None = None) -> list[str]:
    """The sentences of a login, or of everybody, in order."""
    db.session.flush()
    rows = select(Message.sentence).join(User, User.id == Message.user_id).order_by(Message.id)
    return list(db.session.scalars(rows.where(User.username == username) if username else rows))


def topics() -> set[Topic]:
    """The topics of all messages."""
    db.session.flush()
    return set(db.session.scalars(select(Message.topic)))


def forget() -> None:
    """Throw away what was told on the way to where a test begins."""
    db.session.flush()
    db.session.query(Message).delete()
    db.session.commit()
