"""Print jobs from the asking to the end: asked for, drawn part by part, put together, asked for again, cleared away.

Every step is a conditional UPDATE, so that of several workers, and of one that was thought dead, one does it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, exists, select

from portal import audit, clock
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db
from portal.leases import LEASE, change, is_free
from portal.papers.models import JobState, PrintFailure, PrintJob, PrintPart

PART = 50  # papers: documents of fifty take a third of the single papers' time, in a bounded memory
MOST_TRIES = 3  # of a part: what ends its workers again and again must not end them all
KEPT = dt.timedelta(days=3)  # a finished file holds personal data: it is fetched or asked for again
MOST_WAITING = 3
AGAIN = "（补印）"
LONGEST_TITLE = 110  # of the 120 of its column, since 补印 is said after it
OPEN = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True)
class Wanted:
    """Which papers are to be printed together, and how: as one file, or each as a file of its own."""

    kind: str
    year: int
    unit_id: int | None = None
    community_id: int | None = None
    duplex: bool = False
    one_each: bool = False


@dataclass(frozen=True)
class Lost:
    """One paper that did not come out: whose case, by which number it goes, and why."""

    case_id: int
    called: str
    reason: str


def ask(by: Actor, wanted: Wanted, title: str, ids: Sequence[int]) -> PrintJob:
    """Put a print job of these cases into the queue; RuleBroken when there is none or too much is waiting."""
    if not ids:
        raise RuleBroken("没有符合条件的表可以打印。")
    waiting = select(PrintJob.id).where(PrintJob.asked_by_appointment_id == by.appointment_id, PrintJob.state.in_(OPEN))
    if len(db.session.scalars(waiting).all()) >= MOST_WAITING:
        raise RuleBroken("前面的打印还没有完成，请稍候再提交。")
    job = PrintJob(
        **vars(wanted),
        title=title[:LONGEST_TITLE],  # the names of a unit and a community may be longer
        total=len(ids),
        asked_at=clock.now(),
        asked_by_user_id=by.user_id,
        asked_by_appointment_id=by.appointment_id,
    )
    for place, start in enumerate(range(0, len(ids), PART)):
        job.parts.append(PrintPart(place=place, cases=" ".join(map(str, ids[start : start + PART]))))
    db.session.add(job)
    audit.write(by, "print_jobs.ask", job)
    return job


def ask_again(job: PrintJob, by: Actor) -> PrintJob:
    """Put a new job of those papers of this one that did not come out into the queue."""
    if not job.is_over or not job.failures:
        raise RuleBroken("这次打印没有需要重印的表。")
    title = job.title if job.title.endswith(AGAIN) else f"{job.title}{AGAIN}"
    return ask(by, wanted_of(job), title, [failure.case_id for failure in job.failures])


def wanted_of(job: PrintJob) -> Wanted:
    """Which papers a job is to print, and how."""
    return Wanted(job.kind, job.year, job.unit_id, job.community_id, job.duplex, job.one_each)


def cancel(job: PrintJob, by: Actor) -> None:
    """Stop a job that is not over."""
    if not change(PrintJob, job.id, PrintJob.state.in_(OPEN), state=JobState.CANCELLED, ended_at=clock.now()):
        raise RuleBroken("这次打印已经结束，不能取消。")
    audit.write(by, "print_jobs.cancel", job)


def take_part(now: dt.datetime) -> PrintPart | None:
    """The first part that nobody is drawing, of the oldest job, now this worker's; None when there is none."""
    free = and_(PrintPart.drawn.is_(False), is_free(PrintPart.lease_until, now))
    rows = select(PrintPart).join(PrintPart.job).where(free, PrintJob.state.in_(OPEN))
    found = db.session.scalar(rows.order_by(PrintPart.job_id, PrintPart.place).limit(1))
    taken = {"lease_until": now + LEASE, "percent": 0, "tries": PrintPart.tries + 1}
    if found is None or not change(PrintPart, found.id, free, **taken):
        return None
    change(PrintJob, found.job_id, PrintJob.begun_at.is_(None), begun_at=now)
    change(PrintJob, found.job_id, PrintJob.state == JobState.WAITING, state=JobState.RUNNING)
    db.session.refresh(found)
    return found


def renew(part_id: int, lease: dt.datetime, percent: int) -> dt.datetime | None:
    """A longer lease of a part of which this worker has drawn so much; None when it is no longer its own."""
    renewed, held = clock.now() + LEASE, PrintPart.lease_until == lease
    return renewed if change(PrintPart, part_id, held, lease_until=renewed, percent=percent) else None


def put_down(part: PrintPart, lease: dt.datetime, key: str | None, lost: Sequence[Lost]) -> bool:
    """Count a part as drawn: its file and what did not come out; False when it is no longer this worker's."""
    held = and_(PrintPart.drawn.is_(False), PrintPart.lease_until == lease)
    count, job_id, part_id = len(part.ids), part.job_id, part.id
    if not change(PrintPart, part_id, held, drawn=True, key=key, lease_until=None):
        return False
    for each in lost:
        db.session.add(PrintFailure(job_id=job_id, part_id=part_id, **vars(each)))
    return change(PrintJob, job_id, PrintJob.drawn + count <= PrintJob.total, drawn=PrintJob.drawn + count)


def let_go(part_id: int, lease: dt.datetime, tried: bool) -> None:
    """Leave a part to whoever comes next; `tried`: it went wrong, which it may a few times only."""
    tries = PrintPart.tries - (0 if tried else 1)
    change(PrintPart, part_id, PrintPart.lease_until == lease, lease_until=None, percent=0, tries=tries)


def draw_anew(part: PrintPart) -> None:
    """A part whose file is gone counts as not drawn."""
    if change(PrintPart, part.id, PrintPart.drawn.is_(True), drawn=False, percent=0, key=None, tries=0):
        db.session.execute(delete(PrintFailure).where(PrintFailure.part_id == part.id))
        change(PrintJob, part.job_id, PrintJob.drawn > 0, drawn=PrintJob.drawn - len(part.ids))


def begin_anew(job: PrintJob, parts: Sequence[PrintPart]) -> bool:
    """Of an open job, let these parts be drawn anew: whoever has one of them in hand, or puts all together, lost it.

    False when the job is over.
    """
    for part in parts if not job.is_over else ():
        draw_anew(part)
        change(PrintPart, part.id, PrintPart.drawn.is_(False), lease_until=None, percent=0)
    return change(PrintJob, job.id, PrintJob.state.in_(OPEN), lease_until=None)


def take_whole(now: dt.datetime) -> PrintJob | None:
    """The oldest job whose parts are all drawn, now this worker's to put together; None when there is none."""
    missing = exists().where(PrintPart.job_id == PrintJob.id, PrintPart.drawn.is_(False))
    free = and_(PrintJob.state == JobState.RUNNING, is_free(PrintJob.lease_until, now))
    found = db.session.scalar(select(PrintJob).where(free, ~missing).order_by(PrintJob.id).limit(1))
    if found is None or not change(PrintJob, found.id, free, lease_until=now + LEASE):
        return None
    db.session.refresh(found)
    return found


def end(job_id: int, lease: dt.datetime, key: str | None, file: str) -> bool:
    """Close a job: done with its file, or failed without one; False when it is no longer this worker's."""
    held = and_(PrintJob.state == JobState.RUNNING, PrintJob.lease_until == lease)
    state, file_called = (JobState.DONE, file) if key else (JobState.FAILED, None)
    return change(
        PrintJob, job_id, held, state=state, key=key, file=file_called, ended_at=clock.now(), lease_until=None
    )


def give_up(job_id: int) -> None:
    """Close a job that broke off by a fault of ours; whoever asked can ask again."""
    ended = {"state": JobState.FAILED, "ended_at": clock.now(), "lease_until": None}
    change(PrintJob, job_id, PrintJob.state == JobState.RUNNING, **ended)


def forget_old(now: dt.datetime) -> None:
    """Jobs that are long over have no file any more, and no parts."""
    old = PrintJob.ended_at < now - KEPT
    for job in db.session.scalars(select(PrintJob).where(old, PrintJob.file.is_not(None))):
        job.key = job.file = None
    db.session.execute(delete(PrintPart).where(PrintPart.job_id.in_(select(PrintJob.id).where(old))))
