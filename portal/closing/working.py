"""The worker's side of closing a year: part after part, each committed, until the last one closes it.

It may be broken off anywhere: what is stored is not done again, and another worker takes over when the lease is out.
"""

import datetime as dt

from sqlalchemy import select

from portal import clock, logs, years
from portal.actors import SYSTEM
from portal.closing import recounting, workflow
from portal.closing.models import Closing, ClosingState
from portal.extensions import db, reading
from portal.leases import LEASE, Held, NotMine, change, is_free
from portal.queue import Pause, Stopped

BROKE_OFF = "后台处理出错，已记入运行日志；原因排除后请继续结账。"


def close_next(pause: Pause) -> bool:
    """Carry the closing that was confirmed to its end; False when there is none. A step of the worker."""
    taken = _take(clock.now(), pause)
    if taken is None:
        return False
    held, year = taken
    try:
        pause()
        _carry_out(held, year, pause)
    except Stopped:
        held.let_go()
        raise
    except NotMine:
        db.session.rollback()
    except Exception as failure:
        logs.fault("closing broke off", failure, closing=held.key)
        db.session.rollback()
        if held.is_mine():
            workflow.stop(db.session.get_one(Closing, held.key), SYSTEM, reason=BROKE_OFF)
    pause()
    return True


def _carry_out(held: Held, year: int, pause: Pause) -> None:
    closing_id = held.key
    tables, works = recounting.left(closing_id), workflow.works()
    done = len(recounting.PLAN) - len(tables)
    held.note(done=done, total=done + len(tables) + _foreseen(works, year))
    for at, work in enumerate(works):
        total = done + len(tables) + _foreseen(works[at:], year)  # one work may bring more for the next ones
        with reading():
            parts = work.parts(year)
        for ids in parts:
            with years.lifted():
                work.part(year, ids)
            done += len(ids)
            held.note(done=done, total=total)
    for number, by in recounting.left(closing_id):
        recounting.recount(closing_id, year, number, by)
        done += 1
        held.note(done=done)
    row = db.session.get_one(Closing, closing_id)
    workflow.close(row, SYSTEM, sha256=recounting.fingerprint(closing_id))
    pause()


def _foreseen(works: list[workflow.Work], year: int) -> int:
    """How much these works will do, counted while no lock is held."""
    with reading():
        return sum(len(work.left(year)) for work in works)


def _take(now: dt.datetime, pause: Pause) -> tuple[Held, int] | None:
    """The closing that nobody is working on, now this worker's, and its year."""
    running = Closing.state == ClosingState.RUNNING
    free = running & is_free(Closing.lease_until, now)
    found = db.session.execute(select(Closing.id, Closing.year).where(free).order_by(Closing.id).limit(1)).first()
    lease = now + LEASE
    if found is None or not change(Closing, found.id, free, lease_until=lease):
        return None
    return Held(Closing, found.id, lease, running, pause), found.year
