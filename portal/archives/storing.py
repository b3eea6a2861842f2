"""The worker's side of the archive: each paper that was marked is drawn and stored once.

The row is taken by a conditional UPDATE; the drawing and the file come outside every transaction; another conditional
UPDATE makes the copy stand. A worker that is killed in between leaves a file that no row names (a sweep deletes it),
and whoever comes after it draws the paper from the same words.
"""

import datetime as dt
import hashlib
import io
import json

import pikepdf
from flask import current_app
from sqlalchemy import select

from portal import clock, logs
from portal.archives import entering, shelf
from portal.archives.models import ArchivedPaper, CopyState
from portal.extensions import db, reading
from portal.leases import LEASE, change
from portal.numbers import PaperState
from portal.papers.catalogue import PAPERS
from portal.papers.compose import Sheet, compose_kept, print_html
from portal.papers.render import PaperFailed, print_room
from portal.queue import Pause, Stopped

AGAIN = dt.timedelta(minutes=10)
MOST_TRIES = 5
STRAY_AFTER = dt.timedelta(days=1)
PLACES = 257  # the 256 parts of the shelf, and one in which nothing lies
S = CopyState


def store_next(pause: Pause) -> bool:
    """Store the next paper that waits; False when there is none. A step of the worker."""
    taken = take(clock.now())
    if taken is None:
        return False
    store(*taken, pause)
    pause()
    return True


def take(now: dt.datetime, among=None) -> tuple[int, dt.datetime] | None:
    """The oldest copy that waits (`among` these), now this worker's until the time given with it; None without one."""
    free, lease = (ArchivedPaper.state == S.WAITING) & (ArchivedPaper.retry_at <= now), now + LEASE
    rows = select(ArchivedPaper.id).where(free).order_by(ArchivedPaper.retry_at, ArchivedPaper.id).limit(1)
    while (found := db.session.scalar(rows if among is None else rows.where(among))) is not None:
        if change(ArchivedPaper, found, free, retry_at=lease, tries=ArchivedPaper.tries + 1):
            return found, lease  # else another worker was first
    return None


def is_in_hand(among) -> bool:
    """Whether any of these copies is being drawn by some worker, or by one that was killed just now."""
    now = clock.now()
    held = (ArchivedPaper.state == S.WAITING) & (ArchivedPaper.tries > 0) & (ArchivedPaper.retry_at <= now + LEASE)
    return db.session.scalar(select(ArchivedPaper.id).where(held, among).limit(1)) is not None


def store(copy_id: int, lease: dt.datetime, pause: Pause) -> None:
    """Draw and store a copy that this worker has taken; what can't be drawn is tried again later."""
    file = None
    try:
        pause()  # taken for good; who is stopped here gives it back
        page, sheet = _page(copy_id)
        pause()  # with its words kept, whatever becomes of the drawing
        with reading():  # drawn and laid down while no transaction is open
            pdf = print_room(current_app.config["INSTANCE_DIR"]).print_one(page)
            file = shelf.put(pdf)
        if not _stands(copy_id, lease, pdf, file, sheet):
            shelf.discard(file)
    except Stopped:
        change(ArchivedPaper, copy_id, _held(lease), retry_at=clock.now(), tries=ArchivedPaper.tries - 1)
        raise
    except _NotYet as early:
        db.session.rollback()
        change(ArchivedPaper, copy_id, _held(lease), retry_at=clock.now() + AGAIN, tries=ArchivedPaper.tries - 1)
        if early.never:
            change(ArchivedPaper, copy_id, ArchivedPaper.state == S.WAITING, state=S.FAILED)
    except Exception as failure:
        db.session.rollback()
        shelf.discard(file)
        _try_later(copy_id, lease, failure)


class _NotYet(Exception):
    """There are no final words of the paper: the year is not closed yet, or (`never`) it was set aside before."""

    def __init__(self, never: bool) -> None:
        """`never`: there will be none."""
        self.never = never


def _page(copy_id: int) -> tuple[str, Sheet]:
    """The page to print, and what it is composed of: the words that are kept, from now on if they were not yet."""
    copy = db.session.get_one(ArchivedPaper, copy_id, populate_existing=True)
    paper = copy.paper
    copy.cells = copy.cells or entering.words_of(paper)
    if copy.cells is None:
        raise _NotYet(never=paper.state is not PaperState.VALID)
    kind = PAPERS[paper.kind]
    sheet = compose_kept(kind, paper, json.loads(copy.cells))
    return print_html(kind, sheet), sheet


def _stands(copy_id: int, lease: dt.datetime, pdf: bytes, file: str, sheet: Sheet) -> bool:
    """Make the copy stand, once; False when another worker has done it meanwhile."""
    now, proof = clock.now(), sheet.proof
    assert proof is not None
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    values = {
        "state": S.STORED, "file": file, "sha256": hashlib.sha256(pdf).hexdigest(), "size": len(pdf), "pages": pages,
        "token": proof.token, "lacking": "".join(sheet.lacking)[:120], "stored_at": now, "checked_at": now,
    }  # fmt: skip
    return change(ArchivedPaper, copy_id, _held(lease), **values)


def _try_later(copy_id: int, lease: dt.datetime, failure: Exception) -> None:
    """Once more in a while; after some tries it is named on the desks."""
    if not isinstance(failure, PaperFailed):
        logs.fault("paper not archived", failure, copy=copy_id)
    change(ArchivedPaper, copy_id, _held(lease), retry_at=clock.now() + AGAIN)
    change(
        ArchivedPaper, copy_id, (ArchivedPaper.state == S.WAITING) & (ArchivedPaper.tries >= MOST_TRIES), state=S.FAILED
    )


def try_again(copy_id: int) -> None:
    """Let a paper that could not be stored wait once more."""
    change(ArchivedPaper, copy_id, ArchivedPaper.state == S.FAILED, state=S.WAITING, tries=0, retry_at=clock.now())


def clear_strays(now: dt.datetime) -> None:
    """A sweep: files that no copy names, since whoever wrote them was stopped, are deleted after a day.

    Each time another part of the shelf is looked at. Their number shares no divisor with any rhythm of ticks, so all of
    them come up, each some times a day.
    """
    place = int(now.timestamp() // 60) % PLACES
    if place == PLACES - 1:
        return
    part = f"{place:02x}"
    if old := shelf.written_before(part, (now - STRAY_AFTER).timestamp()):
        with reading():
            named = set(
                db.session.scalars(select(ArchivedPaper.file).where(ArchivedPaper.file.between(part, f"{part}g")))
            )
        for path in old:
            if path.suffix == ".draft" or path.stem not in named:
                path.unlink(missing_ok=True)


def _held(lease: dt.datetime):
    return (ArchivedPaper.state == S.WAITING) & (ArchivedPaper.retry_at == lease)
