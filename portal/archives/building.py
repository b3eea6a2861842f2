"""Making packages: what waits is stored first, then everything is laid down and zipped; by the worker, or a command."""

import datetime as dt
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from flask import current_app
from sqlalchemy import or_, select

from portal import clock, logs
from portal.accounts.acting import actor_of
from portal.accounts.models import Appointment, User
from portal.actors import Actor
from portal.archives import packing, storing
from portal.archives.asking import UNDER_WAY
from portal.archives.models import ArchivedPaper, ArchivePackage, CopyState
from portal.archives.scope import Scope, enter_missing
from portal.extensions import db, reading
from portal.leases import LEASE, Held, NotMine, change, is_free
from portal.numbers import IssuedPaper
from portal.papers.catalogue import PAPERS
from portal.papers.models import JobState
from portal.papers.workflow import KEPT
from portal.queue import Pause, Stopped

Step = TypeVar("Step")
RUNNING = ArchivePackage.state == JobState.RUNNING
ZIPPED_AT_ONCE = 100
WHOLE = "whole.zip"  # a package's one file, in a folder of its own
LOOK_AGAIN = 0.5  # seconds, about what a paper takes


def store_waiting(scope: Scope, pause: Pause) -> Iterator[int]:
    """Store what waits in the scope, one paper after the other, and wait for what another worker has in hand: 1, or 0
    for a while of waiting, which a lease alone can last.
    """
    patience = None
    while True:
        now = clock.now()
        if taken := storing.take(now, among=scope.condition()):
            storing.store(*taken, pause)
        elif storing.is_in_hand(scope.condition()) and now < (patience := patience or now + LEASE):
            pause()  # no transaction is open while nothing is done
            time.sleep(LOOK_AGAIN)
        else:
            return
        pause()
        yield int(bool(taken))


def in_parts(steps: Iterator[Step]) -> Iterator[Step]:
    """The same steps, each in a transaction of its own that only reads."""
    while True:
        with reading():
            step = next(steps, None)
        if step is None:
            return
        yield step


def note_looks(scope: Scope, by: Actor) -> Iterator[None]:
    """Note in the trail each household whose card is in the package, part by part."""
    for kind in scope.kinds:
        if PAPERS[kind].each_noted:
            rows = scope.copies().where(ArchivedPaper.kind == kind, ArchivedPaper.state == CopyState.STORED)
            rows = rows.join(IssuedPaper, IssuedPaper.id == ArchivedPaper.paper_id)
            ids = list(db.session.scalars(rows.with_only_columns(IssuedPaper.subject_id)))
            for start in range(0, len(ids), 200):
                PAPERS[kind].note_each(by, ids[start : start + 200])
                yield


def build_next(pause: Pause) -> bool:
    """Make the next package that was asked for; False when none waits. A step of the worker."""
    held = _take(clock.now(), pause)
    if held is None:
        return False
    try:
        pause()
        _build(held)
    except Stopped:
        held.let_go()
        raise
    except NotMine:
        db.session.rollback()
    except Exception as failure:
        db.session.rollback()
        # Of a package that another worker has by now, this one's folder was cleared away: no fault of anybody.
        if held.end(state=JobState.FAILED, ended_at=clock.now()) and not isinstance(failure, packing.Spoilt):
            logs.fault("package failed", failure, package=held.key)
    pause()
    return True


def folder_of(package: ArchivePackage) -> Path:
    """Where a package is made and its file lies; readable by the portal's own user only."""
    return _packages() / package.folder


def _packages() -> Path:
    return Path(current_app.config["INSTANCE_DIR"]) / "packages"


def scope_of(package: ArchivePackage) -> Scope:
    """What a package holds."""
    return Scope(package.year, tuple(package.kinds.split(",")), package.unit_id, package.community_id)


def clear_outdated(now: dt.datetime) -> None:
    """A sweep: the folders of packages that are long over, or did not come to an end, are removed."""
    outdated = ArchivePackage.ended_at < now - KEPT
    for package in db.session.scalars(select(ArchivePackage).where(outdated, ArchivePackage.file.is_not(None))):
        package.file = None
    lying = [path.name for path in _packages().iterdir()] if _packages().is_dir() else []
    wanted = ArchivePackage.state.in_(UNDER_WAY) | ((ArchivePackage.state == JobState.DONE) & ~outdated)
    named = set(db.session.scalars(select(ArchivePackage.folder).where(ArchivePackage.folder.in_(lying), wanted)))
    for name in set(lying) - named:
        shutil.rmtree(_packages() / name, ignore_errors=True)


def _build(held: Held) -> None:
    package = db.session.get_one(ArchivePackage, held.key, populate_existing=True)
    scope, folder, title = scope_of(package), folder_of(package), package.title
    label = packing.Label(title, f"{current_app.config['COUNTY_NAME']}{current_app.config['OFFICE_NAME']}")
    for _ in enter_missing(scope):
        held.pause()
    done, total = scope.count(*packing.KEPT), scope.count(*CopyState)
    held.note(done=done, total=total)
    for stored in store_waiting(scope, held.pause):
        held.note(done=min(total, done := done + stored))
    total = scope.count(*CopyState)
    done = _pack(held, scope, label, folder)
    for _ in note_looks(scope, _asker(held.key)):
        held.note()
    total = max(total, done)  # some may have become final meanwhile
    over = {"state": JobState.DONE, "ended_at": clock.now(), "file": f"{title}.zip"}
    held.end(**over, done=done, total=total, failed=total - done)


def _pack(held: Held, scope: Scope, label: packing.Label, folder: Path) -> int:
    """Lay the package down and zip it, apart from what any other worker writes; how many papers are in it."""
    shutil.rmtree(folder, ignore_errors=True)  # what a worker that was stopped had begun
    folder.mkdir(mode=0o700, parents=True)
    work, done = Path(tempfile.mkdtemp(dir=folder)), 0
    (work / label.title).mkdir()
    for count in in_parts(packing.pack(scope, label, work / label.title)):
        done = count
        held.note()
    for _ in _zip(work / label.title, work / WHOLE):
        held.note()
    held.note()
    (work / WHOLE).replace(folder / WHOLE)
    shutil.rmtree(work)
    return done


def _asker(key: int) -> Actor:
    """Who asked for the package, in the appointment used then."""
    package = db.session.get_one(ArchivePackage, key)
    user = db.session.get_one(User, package.asked_by_user_id)
    return actor_of(user, db.session.get(Appointment, package.asked_by_appointment_id))


def _zip(folder: Path, target: Path) -> Iterator[None]:
    """The folder as one file, part by part; PDFs are packed already, so nothing is packed again."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as whole:
        for place, path in enumerate(sorted(each for each in folder.rglob("*") if each.is_file())):
            whole.write(path, path.relative_to(folder.parent))
            if place % ZIPPED_AT_ONCE == 0:
                yield


def _take(now: dt.datetime, pause: Pause) -> Held | None:
    running = RUNNING & is_free(ArchivePackage.lease_until, now)
    free, lease = or_(ArchivePackage.state == JobState.WAITING, running), now + LEASE
    found = db.session.scalar(select(ArchivePackage.id).where(free).order_by(ArchivePackage.id).limit(1))
    if found is None or not change(ArchivePackage, found, free, state=JobState.RUNNING, lease_until=lease):
        return None
    package = db.session.get_one(ArchivePackage, found, populate_existing=True)
    package.begun_at = package.begun_at or now
    return Held(ArchivePackage, found, lease, RUNNING, pause)
