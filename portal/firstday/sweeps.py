"""What time does to imports of the first day: what they hold of people is forgotten when it is of no more use."""

import datetime as dt

from sqlalchemy import delete, exists, select

from portal.actors import SYSTEM
from portal.extensions import db
from portal.firstday import workflow
from portal.firstday.models import KEPT_FOR, FirstdayImport, FirstdayRow, FirstdayState

AT_ONCE = 2  # imports of some ten thousand rows each, so that the write lock is not held for long


def remove_unfinished(now: dt.datetime) -> None:
    """Uploads that were stopped in the middle are removed."""
    for firstday in _outlived(FirstdayState.STAGING, now):
        workflow.forget(firstday)
        db.session.execute(delete(FirstdayImport).where(FirstdayImport.id == firstday.id))


def drop_unanswered(now: dt.datetime) -> None:
    """Previews and submitted imports that nobody said a word to are dropped."""
    for state in (FirstdayState.PREVIEWED, FirstdayState.SUBMITTED):
        for firstday in _outlived(state, now):
            workflow.drop(firstday, SYSTEM)


def forget_written(now: dt.datetime) -> None:
    """Written imports that can't be undone any more keep their counts only."""
    has_rows = exists().where(FirstdayRow.firstday_id == FirstdayImport.id)
    for firstday in _outlived(FirstdayState.WRITTEN, now, has_rows):
        workflow.forget(firstday)


def _outlived(state: FirstdayState, now: dt.datetime, *more) -> list[FirstdayImport]:
    old = (FirstdayImport.state == state, FirstdayImport.at <= now - KEPT_FOR[state])
    found = select(FirstdayImport).where(*old, *more).order_by(FirstdayImport.id).limit(AT_ONCE)
    return list(db.session.scalars(found))
