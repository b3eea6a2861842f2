"""Work that one of several workers has in hand: taken, kept and put down by conditional UPDATEs, of which one wins.

A lease says until when a row is one worker's. Whoever is killed leaves it to run out, and then another takes the work
over; whoever was only slow finds that the row is not its own any more.
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from portal import clock
from portal.extensions import Base, db

LEASE = dt.timedelta(seconds=150)  # longer than one part of any work may take


class NotMine(Exception):
    """The work was ended, or another worker has taken it over: go on no longer."""


def is_free(lease_until: InstrumentedAttribute[dt.datetime | None], now: dt.datetime) -> ColumnElement[bool]:
    """The condition that nobody holds a row, or that whoever did has not been heard of for too long."""
    return or_(lease_until.is_(None), lease_until < now)


def change(model: type[Base], row_id: int, *conditions: ColumnElement[bool], **values) -> bool:
    """Change a row while these conditions hold; whether it was changed, which of several who try is one."""
    db.session.flush()
    changed = db.session.execute(
        update(model)
        .where(model.id == row_id, *conditions)  # type: ignore[attr-defined]
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1


class Held:
    """A row that this worker has in hand, as long as its lease is the one that stands there."""

    def __init__(
        self, model: type[Base], key: int, lease: dt.datetime, running: ColumnElement[bool], pause: Callable[[], None]
    ) -> None:
        """A row that is `running`; `pause` ends the transaction after each note."""
        self.model, self.key, self.lease, self.running, self.pause = model, key, lease, running, pause

    def note(self, **values) -> None:
        """Say how far it has come and renew the lease; NotMine when it was ended or is another worker's."""
        renewed = clock.now() + LEASE
        if not change(self.model, self.key, self._mine(), lease_until=renewed, **values):
            raise NotMine
        self.lease = renewed
        self.pause()

    def end(self, **values) -> bool:
        """Close it; False when it was not this worker's any more."""
        return change(self.model, self.key, self._mine(), lease_until=None, **values)

    def let_go(self) -> None:
        """Leave it to whoever comes next."""
        change(self.model, self.key, self._mine(), lease_until=None)

    def is_mine(self) -> bool:
        """Whether it runs on, and no other worker has taken it over."""
        key = self.model.id  # type: ignore[attr-defined]
        return db.session.scalar(select(key).where(key == self.key, self._mine())) is not None

    def _mine(self) -> ColumnElement[bool]:
        return and_(self.running, self.model.lease_until == self.lease)  # type: ignore[attr-defined]
