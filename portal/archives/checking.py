"""Each night all stored copies are read again and compared with their SHA-256; what is broken is named."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import ColumnElement, select, update

from portal import clock
from portal.archives import shelf
from portal.archives.models import ArchivedPaper, CopyState, Damage
from portal.extensions import db, reading
from portal.logs import log

AT_ONCE = 1_000  # a minute: a quarter of a million copies before people come


def check_some(now: dt.datetime) -> None:
    """A sweep: look at some of the copies that were not looked at since midnight."""
    midnight = clock.start_of(clock.local(now).date())
    due = (ArchivedPaper.state == CopyState.STORED, ArchivedPaper.checked_at < midnight)
    rows = select(ArchivedPaper.id, ArchivedPaper.file, ArchivedPaper.sha256).where(*due)
    copies = db.session.execute(rows.order_by(ArchivedPaper.checked_at, ArchivedPaper.id).limit(AT_ONCE)).all()
    with reading():  # no transaction is open while the files are read, so no writer waits for that
        found = {key: _damage(file, sha256) for key, file, sha256 in copies}
    if not found:
        return
    sound = [key for key, damage in found.items() if damage is None]
    db.session.execute(update(ArchivedPaper).where(*_still(sound)).values(damage=None, checked_at=now))
    for copy in db.session.scalars(select(ArchivedPaper).where(*_still(found.keys() - set(sound)))):
        _note(copy, found[copy.id], now)


def _still(ids: Iterable[int]) -> tuple[ColumnElement[bool], ...]:
    """Some may have been erased meanwhile."""
    return ArchivedPaper.id.in_(ids), ArchivedPaper.state == CopyState.STORED


def check(copy: ArchivedPaper, now: dt.datetime) -> Damage | None:
    """Read one copy and note what is wrong with it, or that nothing is any more (it came back from a backup)."""
    return _note(copy, _damage(copy.file, copy.sha256), now)


def _damage(file: str | None, sha256: str | None) -> Damage | None:
    found = shelf.read(file, sha256)
    return found if isinstance(found, Damage) else None


def _note(copy: ArchivedPaper, damage: Damage | None, now: dt.datetime) -> Damage | None:
    copy.damage, copy.checked_at = damage, now
    if damage:
        log.error("archived paper broken", copy=copy.id, paper=copy.kind, damage=damage.value)
    return damage
