"""Sets an inspection of the demonstration back to its days: what was just done was done some time ago."""

import datetime as dt
import json
from collections.abc import Iterable

from sqlalchemy import delete, select

from portal import clock, numbers
from portal.extensions import db
from portal.filters import day as day_of
from portal.history import HistoryLine
from portal.inspections import noticing
from portal.inspections.models import Inspection, ResultNotice
from portal.undo import UndoNote

DAYS = ("issued_on", "closed_on", "found_on", "answered_on", "fix_by", "published_on", "evidence_on")


def set_back(row: Inspection, day: dt.date, today: dt.date) -> None:
    """Let what was just done have been done some days from this one on; nothing of it can be undone any more."""
    days = dt.timedelta(days=(today - day).days - 4)
    cases: list = [
        row,
        *([row.notice] if row.notice else []),
        *(each for target in row.targets for each in target.findings),
    ]
    for case in cases:
        _earlier(case, DAYS, days, row)
    for check in (check for target in row.targets for check in target.checks):
        _earlier(check, ("evidence_on",), days, row)
    lines = [line for case in cases for line in _lines(case)]
    for line in lines:
        line.at -= days
    if row.notice and row.notice.set_in:
        _number_of(row.notice)
    db.session.flush()
    db.session.execute(delete(UndoNote).where(UndoNote.line_id.in_([line.id for line in lines])))


def _earlier(thing, names: Iterable[str], days: dt.timedelta, row: Inspection) -> None:
    for name in names:
        if (thing is not row or name != "fix_by") and (day := getattr(thing, name, None)):
            setattr(thing, name, day - days)


def _lines(case) -> Iterable[HistoryLine]:
    same = (HistoryLine.kind == case.__tablename__, HistoryLine.row_id == case.id)
    return db.session.scalars(select(HistoryLine).where(*same).order_by(HistoryLine.id))


def _number_of(notice: ResultNotice) -> None:
    """The notice says up to which day its figures are, and bears a number of its own year."""
    parts = json.loads(notice.set_in or "{}") | {"until": day_of(notice.published_on)}
    notice.set_in = json.dumps(parts, ensure_ascii=False)
    issued = numbers.latest(noticing.KIND, notice.id)
    drawn = db.session.scalars(select(numbers.Counter).where(numbers.Counter.kind == noticing.KIND)).one()
    if issued and notice.published_on:
        issued.year = drawn.year = notice.published_on.year
        issued.issued_at = clock.start_of(notice.published_on)
