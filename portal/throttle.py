"""Limits on tries from one place, kept in the database so that all processes share them."""

import datetime as dt

from sqlalchemy import UniqueConstraint, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock, vault
from portal.clock import Moment
from portal.extensions import Base, db
from portal.text import Text

KEPT = dt.timedelta(days=1)


class Tries(Base):
    """The tries counted for one purpose and key (both behind a keyed hash) since a moment."""

    __tablename__ = "tries"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text(32))
    count: Mapped[int]
    since: Mapped[dt.datetime] = mapped_column(Moment, index=True)


def is_spent(purpose: str, key: str, limit: int, within: dt.timedelta) -> bool:
    """Whether this key has used up its tries for this purpose within the time."""
    tries = _find(purpose, key)
    return tries is not None and tries.since > clock.now() - within and tries.count >= limit


def count(purpose: str, key: str, within: dt.timedelta) -> int:
    """Count one try and return how many there were within the time; the caller commits, refused or not."""
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = insert(Tries).values(key=_hash(purpose, key), count=0, since=clock.now())
    # Two first tries at once: the second waits here for the first, and then counts on from it.
    db.session.execute(fresh.on_conflict_do_nothing(index_elements=["key"]))
    tries = _found(purpose, key)
    if tries.since <= clock.now() - within:
        tries.count, tries.since = 0, clock.now()
    tries.count += 1
    return tries.count


def forget(purpose: str, key: str) -> None:
    """Forget the tries of this key (after a success)."""
    db.session.execute(delete(Tries).where(Tries.key == _hash(purpose, key)))


def forget_old() -> None:
    """Delete the tries of yesterday and before; no limit looks back so far."""
    db.session.execute(delete(Tries).where(Tries.since < clock.now() - KEPT))


def _found(purpose: str, key: str) -> Tries:
    return db.session.scalars(select(Tries).where(Tries.key == _hash(purpose, key)).with_for_update()).one()


def _find(purpose: str, key: str) -> Tries | None:
    return db.session.scalar(select(Tries).where(Tries.key == _hash(purpose, key)).with_for_update())


def _hash(purpose: str, key: str) -> str:
    return vault.trace(f"tries/{purpose}", key)
