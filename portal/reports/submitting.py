"""Handing a report in, by the worker: counted and frozen while nobody waits for it, then handed in within one moment.

It may be broken off anywhere, and two workers may have it in hand: one hands in, once; what the other laid down, or
the one that was broken off, is seen by nobody and cleared away.
"""

import datetime as dt
import hashlib
import json

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock, logs
from portal.accounts import acting
from portal.accounts import queries as accounts
from portal.accounts.models import User
from portal.actors import Actor
from portal.errors import NotYours, Refused, RuleBroken, TooLate
from portal.extensions import db
from portal.leases import LEASE, NotMine, change, is_free
from portal.moves import hold
from portal.queue import Pause, Stopped
from portal.reports import freezing, workflow
from portal.reports.content import Content
from portal.reports.freezing import Laid
from portal.reports.models import UNSENT, Report
from portal.reports.submissions import FREEZING, Submission, SubmissionState

S = SubmissionState
BROKE_OFF = "后台处理出错，已记入运行日志；请稍后再上报一次。"
ASKED = "正在冻结数据，可以离开本页；完成以后算上报。"


def mark_of(said: Content | Laid) -> str:
    """A fingerprint of what does not match, by which is known what the sender was shown."""
    return hashlib.sha256(json.dumps([said.breaches, said.changes]).encode()).hexdigest()


def ask(report: Report, by: Actor, seen: str) -> Submission:
    """The body asks to hand a report in. Raises NotYours, TooLate, RuleBroken.  [四]"""
    workflow.submit.check_open(report, by)
    workflow.check_way(report)
    if not hold(report, UNSENT):  # who is writing words on it is let finish
        raise TooLate(workflow.submit.too_late(report))
    row = Submission(
        report_id=report.id, state=S.RUNNING, asked_at=clock.now(), by_user_id=by.user_id,
        by_appointment_id=by.appointment_id, seen=seen,
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise TooLate(FREEZING) from None
    return row


def submit_next(pause: Pause) -> bool:
    """Hand the next report in that somebody asked for; False when there is none. A step of the worker."""
    key = _take(clock.now())
    if key is None:
        return False
    try:
        pause()
        _carry_out(key, pause)
    except Stopped:
        _change(key, lease_until=None)
        raise
    except NotMine:
        db.session.rollback()
    except Refused as refusal:
        db.session.rollback()
        _change(key, state=S.STOPPED, why=refusal.sentence[:500])
    except Exception as failure:
        logs.fault("handing in broke off", failure, submission=key)
        db.session.rollback()
        _change(key, state=S.STOPPED, why=BROKE_OFF)
    pause()
    return True


def _carry_out(key: int, pause: Pause) -> None:
    asked = db.session.get_one(Submission, key)
    report_id, seen, by = asked.report_id, asked.seen, _actor(asked)
    workflow.submit.check_open(asked.report, by)
    workflow.check_way(asked.report)
    laid = freezing.lay_down(asked.report, by)
    if mark_of(laid) != seen:
        raise RuleBroken("冻结期间又有变动，对不上的地方和您看过的不一样，请看过以后再上报。")
    parts, snapshot_id = freezing.parts_of(laid), 0
    for done, staged in enumerate(freezing.stage(laid), 1):
        snapshot_id = staged
        _note(key, done, parts)
        pause()
    if not _change(key, state=S.DONE):
        raise NotMine
    workflow.submit(db.session.get_one(Report, report_id), by, snapshot_id=snapshot_id)
    pause()


def _actor(asked: Submission) -> Actor:
    """Who asked, in the office in which they did, if they hold it still."""
    held = accounts.appointments_of(asked.by_user_id, clock.today())
    appointment = next((each for each in held if each.id == asked.by_appointment_id), None)
    if appointment is None:
        raise NotYours("提出上报的同志已不在这个岗位，请由现在的同志再上报一次。")
    return acting.actor_of(db.session.get_one(User, asked.by_user_id), appointment)


def _take(now: dt.datetime) -> int | None:
    """The handing in on which nobody is at work, now this worker's."""
    free = is_free(Submission.lease_until, now)
    rows = select(Submission.id).where(Submission.state == S.RUNNING, free).order_by(Submission.id).limit(1)
    key = db.session.scalar(rows)
    return key if key is not None and _change(key, free, lease_until=now + LEASE) else None


def _note(key: int, done: int, total: int) -> None:
    if not _change(key, done=done, total=total, lease_until=clock.now() + LEASE):
        raise NotMine


def _change(key: int, *conditions, **values) -> bool:
    """Change it if it runs still."""
    return change(Submission, key, Submission.state == S.RUNNING, *conditions, **values)
