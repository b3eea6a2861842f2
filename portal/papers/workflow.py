"""Print jobs from the asking to the end: asked for, taken by one worker at a time, carried on, ended, cleared away."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import CursorResult, or_, select, update

from portal import audit, clock
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db
from portal.papers.models import JobState, PrintJob

LEASE = dt.timedelta(seconds=150)  # longer than one part may take; then another worker takes over
KEPT = dt.timedelta(days=3)  # a finished file holds personal data: it is fetched or asked for again
MOST_WAITING = 3


@dataclass(frozen=True)
class Wanted:
    """Which papers are to be printed together."""

    kind: str
    year: int
    unit_id: int | None = None
    community_id: int | None = None
    duplex: bool = False


def ask(by: Actor, wanted: Wanted, title: str, total: int) -> PrintJob:
    """Put a print job into the queue; RuleBroken when there is nothing to print or too much is waiting."""
    if total == 0:
        raise RuleBroken("没有符合条件的表可以打印。")
    waiting = select(PrintJob.id).where(
        PrintJob.asked_by_appointment_id == by.appointment_id,
        PrintJob.state.in_((JobState.WAITING, JobState.RUNNING)),
    )
    if len(db.session.scalars(waiting).all()) >= MOST_WAITING:
        raise RuleBroken("前面的打印还没有完成，请稍候再提交。")
    job = PrintJob(
        **vars(wanted),
        title=title,
        total=total,
        asked_at=clock.now(),
        asked_by_user_id=by.user_id,
        asked_by_appointment_id=by.appointment_id,
    )
    db.session.add(job)
    audit.write(by, "print_jobs.ask", job)
    return job


def cancel(job: PrintJob, by: Actor) -> None:
    """Stop a job that is not over; what was drawn so far is cleared away."""
    unfinished = PrintJob.state.in_((JobState.WAITING, JobState.RUNNING))
    if not _change(job.id, unfinished, state=JobState.CANCELLED, ended_at=clock.now(), lease_until=None):
        raise RuleBroken("这次打印已经结束，不能取消。")
    audit.write(by, "print_jobs.cancel", job)


def take(now: dt.datetime) -> PrintJob | None:
    """The oldest job that nobody is working on, now this worker's; None when there is none."""
    free = or_(
        PrintJob.state == JobState.WAITING,
        (PrintJob.state == JobState.RUNNING) & (PrintJob.lease_until < now),
    )
    found = db.session.scalar(select(PrintJob.id).where(free).order_by(PrintJob.id).limit(1))
    if found is None or not _change(found, free, state=JobState.RUNNING, lease_until=now + LEASE):
        return None
    job = db.session.get_one(PrintJob, found, populate_existing=True)
    job.begun_at = job.begun_at or now
    return job


def carry_on(job_id: int, lease: dt.datetime, drawn: int, total: int, failed: list[str]) -> dt.datetime | None:
    """Note how far this worker has come and renew its lease; None when the job is no longer its own."""
    renewed = clock.now() + LEASE
    values = {"drawn": drawn, "total": total, "failed": "\n".join(failed), "lease_until": renewed}
    return renewed if _change(job_id, _held(lease), **values) else None


def end(job_id: int, lease: dt.datetime, file: str | None) -> bool:
    """Close a job: done with its file, or failed without one; False when it is no longer this worker's."""
    state = JobState.DONE if file else JobState.FAILED
    return _change(job_id, _held(lease), state=state, file=file, ended_at=clock.now(), lease_until=None)


def give_up(job_id: int) -> None:
    """Close a job that broke off by a fault of ours; whoever asked can ask again."""
    _change(job_id, PrintJob.state == JobState.RUNNING, state=JobState.FAILED, ended_at=clock.now(), lease_until=None)


def let_go(job_id: int) -> None:
    """Leave a job to whoever comes next: this worker ends."""
    _change(job_id, PrintJob.state == JobState.RUNNING, lease_until=clock.now())


def outdated(now: dt.datetime) -> list[PrintJob]:
    """The jobs whose files are to be cleared away."""
    old = or_(PrintJob.ended_at < now - KEPT, PrintJob.state == JobState.CANCELLED)
    return list(db.session.scalars(select(PrintJob).where(old, PrintJob.lease_until.is_(None))))


def _held(lease: dt.datetime):
    return (PrintJob.state == JobState.RUNNING) & (PrintJob.lease_until == lease)


def _change(job_id: int, condition, **values) -> bool:
    """A conditional UPDATE: whether this one won."""
    db.session.flush()
    changed = db.session.execute(
        update(PrintJob)
        .where(PrintJob.id == job_id, condition)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1
