"""What time does to imports: what they hold of people is forgotten when it is of no more use.  [二(三)2]"""

import datetime as dt

from sqlalchemy import delete, exists, select

from portal.actors import SYSTEM
from portal.extensions import db
from portal.rosters import copying, workflow
from portal.rosters.models import KEPT_FOR, ImportRow, ImportState, RosterImport

AT_ONCE = 5  # imports of some thousand rows each, so that the write lock is not held for long


def remove_unfinished(now: dt.datetime) -> None:
    """Uploads that were stopped in the middle are removed."""
    for roster in _outlived(ImportState.STAGING, now):
        copying.forget(roster.id)
        db.session.execute(delete(RosterImport).where(RosterImport.id == roster.id))


def drop_unanswered(now: dt.datetime) -> None:
    """Previews that the liaison never said a word to are dropped."""
    for roster in _outlived(ImportState.PREVIEWED, now):
        workflow.drop(roster, SYSTEM)


def forget_written(now: dt.datetime) -> None:
    """Written imports that can't be undone any more keep their counts only."""
    has_rows = exists().where(ImportRow.roster_id == RosterImport.id)
    for roster in _outlived(ImportState.WRITTEN, now, has_rows):
        copying.forget(roster.id)
        roster.file_sealed = None


def _outlived(state: ImportState, now: dt.datetime, *more) -> list[RosterImport]:
    old = (RosterImport.state == state, RosterImport.at <= now - KEPT_FOR[state])
    return list(db.session.scalars(select(RosterImport).where(*old, *more).order_by(RosterImport.id).limit(AT_ONCE)))
