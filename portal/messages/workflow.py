"""What a person does with their own messages: read them, and choose what to be told of."""

from collections.abc import Collection

from sqlalchemy import delete, select, update

from portal import audit, clock
from portal.accounts.models import User
from portal.actors import Actor
from portal.extensions import db
from portal.messages import queries
from portal.messages.models import Message, MutedTopic
from portal.telling import ALWAYS_TOLD, Topic


def read(message: Message) -> None:
    """Mark one as read; the first time counts."""
    message.read_at = message.read_at or clock.now()


def read_all(by: Actor) -> int:
    """Mark as read all that this person sees in the office in use; how many there were."""
    rows = update(Message).where(Message.id.in_(queries.unread(by))).values(read_at=clock.now())
    return db.session.execute(rows.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]


def choose(by: Actor, wanted: Collection[Topic]) -> None:
    """Be told of these topics only; what concerns one's own login is always told."""
    # Of two pages of one person the second waits for the first, and overwrites it.
    db.session.execute(select(User.id).where(User.id == by.user_id).with_for_update())
    db.session.execute(delete(MutedTopic).where(MutedTopic.user_id == by.user_id))
    silent = [topic for topic in Topic if topic not in wanted and topic not in ALWAYS_TOLD]
    db.session.add_all(MutedTopic(user_id=by.user_id, topic=topic) for topic in silent)
    audit.write(by, "messages.choose", fields=("topics",))
