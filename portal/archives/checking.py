"""Each night a share of the stored copies is read again and compared with its SHA-256; what is broken is named."""

import datetime as dt

from sqlalchemy import select

from portal import clock
from portal.archives import shelf
from portal.archives.models import ArchivedPaper, CopyState, Damage
from portal.archives.storing import CHECK_EVERY
from portal.extensions import db, reading
from portal.logs import log

AT_ONCE = 50  # a minute: the share of a county's night is done before people come


def check_share(now: dt.datetime) -> None:
    """A sweep: look at some of the copies that are due today; each comes up once in four weeks."""
    today = clock.local(now).date()
    due = (ArchivedPaper.state == CopyState.STORED, ArchivedPaper.check_due_on <= today)
    rows = select(ArchivedPaper).where(*due).order_by(ArchivedPaper.check_due_on, ArchivedPaper.id).limit(AT_ONCE)
    with reading():  # the files are read while no writer waits
        found = {copy.id: _damage_of(copy) for copy in db.session.scalars(rows)}
    stored = (ArchivedPaper.id.in_(found), ArchivedPaper.state == CopyState.STORED)  # some may be erased meanwhile
    for copy in db.session.scalars(select(ArchivedPaper).where(*stored)) if found else ():
        _note(copy, found[copy.id], now)


def check(copy: ArchivedPaper, now: dt.datetime) -> Damage | None:
    """Read one copy and note what is wrong with it, or that nothing is any more (it came back from a backup)."""
    return _note(copy, _damage_of(copy), now)


def _damage_of(copy: ArchivedPaper) -> Damage | None:
    found = shelf.read(copy)
    return found if isinstance(found, Damage) else None


def _note(copy: ArchivedPaper, damage: Damage | None, now: dt.datetime) -> Damage | None:
    copy.damage = damage
    copy.checked_at, copy.check_due_on = now, clock.local(now).date() + dt.timedelta(days=CHECK_EVERY)
    if copy.damage:
        copy.check_due_on = clock.local(now).date() + dt.timedelta(days=1)
        log.error("archived paper broken", copy=copy.id, paper=copy.kind, damage=copy.damage.value)
    return copy.damage
