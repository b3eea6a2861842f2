"""Work that one of several workers has in hand: taken, kept and put down by conditional UPDATEs, of which one wins.

A lease says until when a row is one worker's. Whoever is killed leaves it to run out, and then another takes the work
over; whoever was only slow finds that the row is not its own any more.
"""

import datetime as dt

from sqlalchemy import ColumnElement, CursorResult, or_, update
from sqlalchemy.orm import InstrumentedAttribute

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
