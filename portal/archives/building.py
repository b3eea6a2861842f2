"""Making packages: what waits is stored first, then everything is laid down and zipped; by the worker, or a command."""

import datetime as dt
import shutil
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
from portal.archives.models import ArchivedPaper, ArchivePackage, CopyState
from portal.archives.scope import Scope, enter_missing
from portal.extensions import db, reading
from portal.leases import LEASE, NotMine, change
from portal.numbers import IssuedPaper
from portal.papers.catalogue import PAPERS
from portal.papers.models import JobState
from portal.papers.workflow import KEPT
from portal.queue import Pause, Stopped

Step = TypeVar("Step")
RUNNING = ArchivePackage.state == JobState.RUNNING


def store_waiting(scope: Scope, pause: Pause) -> Iterator[None]:
    """Store what waits in the scope, one paper after the other."""
    while taken := storing.take(clock.now(), among=scope.condition()):
        pause()
        storing.store(*taken, pause)
        pause()
        yield


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
    package = _take(clock.now())
    if package is None:
        return False
    key = package.id
    try:
        pause()
        _build(key, pause)
    except Stopped:
        change(ArchivePackage, key, RUNNING, lease_until=clock.now())
        raise
    except NotMine:
        db.session.rollback()
    except Exception as failure:
        db.session.rollback()
        if not isinstance(failure, packing.Spoilt):
            logs.fault("package failed", failure, package=key)
        _end(key, JobState.FAILED)
    pause()
    return True


def folder_of(package: ArchivePackage) -> Path:
    """Where a package is made and its file lies; readable by the portal's own user only."""
    return Path(current_app.config["INSTANCE_DIR"]) / "packages" / package.folder


def scope_of(package: ArchivePackage) -> Scope:
    """What a package holds."""
    return Scope(package.year, tuple(package.kinds.split(",")), package.unit_id, package.community_id)


def clear_outdated(now: dt.datetime) -> None:
    """A sweep: files of packages that are long over, or were cancelled, are removed."""
    old = or_(ArchivePackage.ended_at < now - KEPT, ArchivePackage.state == JobState.CANCELLED)
    for package in db.session.scalars(select(ArchivePackage).where(old, ArchivePackage.lease_until.is_(None))):
        shutil.rmtree(folder_of(package), ignore_errors=True)
        package.file = None


def _build(key: int, pause: Pause) -> None:
    package = db.session.get_one(ArchivePackage, key, populate_existing=True)
    scope, folder, title = scope_of(package), folder_of(package), package.title
    label = packing.Label(title, f"{current_app.config['COUNTY_NAME']}{current_app.config['OFFICE_NAME']}")
    for _ in enter_missing(scope):
        pause()
    done, total = scope.count(*packing.KEPT), scope.count(*CopyState)
    _note(key, pause, done=done, total=total)
    for _ in store_waiting(scope, pause):
        _note(key, pause, done=min(total, done := done + 1))
    shutil.rmtree(folder, ignore_errors=True)  # what a worker that was stopped had begun
    (folder / title).mkdir(mode=0o700, parents=True)
    for _ in in_parts(packing.pack(scope, label, folder / title)):
        _note(key, pause)
    with reading():
        _zip(folder / title, folder / "whole.zip")
    shutil.rmtree(folder / title)
    for _ in note_looks(scope, _asker(key)):
        _note(key, pause)
    left = scope.count(CopyState.WAITING, CopyState.FAILED)
    _end(key, JobState.DONE, file=f"{title}.zip", done=total - left, failed=left)


def _asker(key: int) -> Actor:
    """Who asked for the package, in the appointment used then."""
    package = db.session.get_one(ArchivePackage, key)
    user = db.session.get_one(User, package.asked_by_user_id)
    return actor_of(user, db.session.get(Appointment, package.asked_by_appointment_id))


def _zip(folder: Path, target: Path) -> None:
    """The folder as one file; PDFs are packed already, so nothing is packed again."""
    with zipfile.ZipFile(target.with_suffix(".draft"), "w", zipfile.ZIP_STORED, allowZip64=True) as whole:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            whole.write(path, path.relative_to(folder.parent))
    target.with_suffix(".draft").replace(target)


def _take(now: dt.datetime) -> ArchivePackage | None:
    running = RUNNING & (ArchivePackage.lease_until < now)
    free = or_(ArchivePackage.state == JobState.WAITING, running)
    found = db.session.scalar(select(ArchivePackage.id).where(free).order_by(ArchivePackage.id).limit(1))
    if found is None or not change(ArchivePackage, found, free, state=JobState.RUNNING, lease_until=now + LEASE):
        return None
    package = db.session.get_one(ArchivePackage, found, populate_existing=True)
    package.begun_at = package.begun_at or now
    return package


def _note(key: int, pause: Pause, **values) -> None:
    """Say how far it has come and renew the lease; NotMine when it goes on no longer."""
    if not change(ArchivePackage, key, RUNNING, lease_until=clock.now() + LEASE, **values):
        raise NotMine
    pause()


def _end(key: int, state: JobState, **values) -> None:
    over = {"state": state, "ended_at": clock.now(), "lease_until": None}
    change(ArchivePackage, key, RUNNING, **over, **values)
