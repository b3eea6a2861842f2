"""The worker's side of printing in bulk: one part after the other, then all of a job put together."""

import datetime as dt
import zipfile
from pathlib import Path
from types import ModuleType

from portal import clock, logs
from portal.accounts.acting import actor_of
from portal.accounts.models import Appointment, User
from portal.actors import Actor
from portal.extensions import db
from portal.leases import LEASE
from portal.papers import kept_files, long_registers, part_drawing, workflow
from portal.papers.catalogue import PAPERS
from portal.papers.merge import merge
from portal.papers.models import PrintJob, PrintPart
from portal.papers.part_drawing import BROKE_OFF, Drawn
from portal.papers.part_printing import add_file
from portal.papers.printed import cases_printed
from portal.queue import Pause, Stopped

TOLD_EVERY = dt.timedelta(seconds=2)


def draw_next(pause: Pause) -> bool:
    """Draw the next part, or put a job's parts together; False when there is neither. A step of the worker."""
    if part := workflow.take_part(clock.now()):
        _draw(part, pause)
    elif job := workflow.take_whole(clock.now()):
        _put_together(job, pause)
    else:
        return False
    pause()
    return True


def clear_outdated(now: dt.datetime) -> None:
    """A sweep: the files of jobs that are long over, and of parts that nobody asked for lately, are removed."""
    workflow.forget_old(now)
    kept_files.clear(now - workflow.KEPT)


class _Hold:
    """A part in hand: its lease is renewed while it takes long."""

    def __init__(self, part: PrintPart, pause: Pause) -> None:
        assert part.lease_until is not None
        self.part_id, self.lease, self.pause = part.id, part.lease_until, pause

    def keep(self, percent: int) -> None:
        """Hold on for longer, with so much of it drawn; Stopped when the worker is to end or another has the part."""
        if self.lease - clock.now() > LEASE - TOLD_EVERY:
            return
        renewed = workflow.renew(self.part_id, self.lease, percent)
        self.pause()
        if renewed is None:
            raise Stopped
        self.lease = renewed


def _draw(part: PrintPart, pause: Pause) -> None:
    job, hold = part.job, _Hold(part, pause)
    by, ids, part_id, wanted = _asker(job), part.ids, part.id, workflow.wanted_of(job)
    hands, too_often = _hands(job.kind), part.tries > workflow.MOST_TRIES
    try:
        pause()
        if too_often:
            drawn = Drawn(lost=hands.all_lost(wanted.kind, ids, BROKE_OFF))
        else:
            drawn = hands.draw_part(by, ids, wanted, keep=hold.keep)
        workflow.put_down(db.session.get_one(PrintPart, part_id), hold.lease, drawn.key, drawn.lost)
    except Stopped:
        workflow.let_go(part_id, hold.lease, tried=False)
        raise
    except Exception as failure:
        db.session.rollback()
        logs.fault("print part failed", failure, part=part_id)
        workflow.let_go(part_id, hold.lease, tried=True)


def _hands(kind: str) -> ModuleType:
    """What draws a part of such a job: its `draw_part` and its `all_lost`."""
    return long_registers if kind == long_registers.KIND else part_drawing


def _put_together(job: PrintJob, pause: Pause) -> None:
    assert job.lease_until is not None
    job_id, lease, kind, year = job.id, job.lease_until, job.kind, job.year
    one_each, title = job.one_each, job.title
    gone = [part for part in job.parts if part.key and not kept_files.is_kept(part.key)]
    if gone:
        for part in gone:
            workflow.draw_anew(part)
        job.lease_until = None
        return
    keys = [part.key for part in job.parts if part.key]
    lost = {failure.case_id for failure in job.failures}
    printed, by = [key for part in job.parts for key in part.ids if key not in lost], _asker(job)
    pause()
    try:
        whole = whole_of(keys, one_each, title) if keys else None
    except Exception as failure:
        logs.fault("print job failed", failure, job=job_id)
        workflow.give_up(job_id)
        return
    for _ in cases_printed(by, kind, year, printed if whole else ()):
        pause()
    ended = workflow.end(job_id, lease, whole, f"{title}.{'zip' if one_each else 'pdf'}")
    if ended and whole and kind in PAPERS:
        PAPERS[kind].note_each(by, printed)


def whole_of(keys: list[str], one_each: bool, title: str) -> str:
    """The name of the kept file in which the files of these names are put together, in their order."""
    key = kept_files.key_of(title, one_each, keys)
    if kept_files.is_kept(key):
        return key
    files, draft = [kept_files.path_of(each) for each in keys], kept_files.draft_of(key)
    if one_each:
        _join_folders(files, draft)
    else:
        merge(files, draft, title)
    kept_files.keep(key)
    return key


def _join_folders(files: list[Path], target: Path) -> None:
    with zipfile.ZipFile(target, "w") as whole:
        for path in files:
            with zipfile.ZipFile(path) as part:
                for entry in part.infolist():
                    add_file(whole, entry.filename, part.read(entry))


def _asker(job: PrintJob) -> Actor:
    """Who asked, in the appointment used then: papers show what that person may see."""
    user = db.session.get_one(User, job.asked_by_user_id)
    return actor_of(user, db.session.get(Appointment, job.asked_by_appointment_id))
