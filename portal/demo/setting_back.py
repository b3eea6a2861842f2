"""Sets an inspection of the demonstration back to its days: what was just done was done some time ago."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import delete, select

from portal.extensions import db
from portal.history import HistoryLine
from portal.inspections.models import Inspection
from portal.undo import UndoNote


def set_back(row: Inspection, day: dt.date, today: dt.date) -> None:
    """Let what was just done have been done some days from this one on; nothing of it can be undone any more."""
    days = dt.timedelta(days=(today - day).days - 4)
    cases: list = [
        row,
        *([row.notice] if row.notice else []),
        *(each for target in row.targets for each in target.findings),
    ]
    for case in cases:
        _earlier(case, ("issued_on", "closed_on", "found_on", "answered_on", "fix_by", "published_on", "evidence_on"),
                 days, row)  # fmt: skip
    for check in (check for target in row.targets for check in target.checks):
        _earlier(check, ("evidence_on",), days, row)
    lines = [line for case in cases for line in _lines(case)]
    for line in lines:
        line.at -= days
    db.session.flush()
    db.session.execute(delete(UndoNote).where(UndoNote.line_id.in_([line.id for line in lines])))


def _earlier(thing, names: Iterable[str], days: dt.timedelta, row: Inspection) -> None:
    for name in names:
        if (thing is not row or name != "fix_by") and (day := getattr(thing, name, None)):
            setattr(thing, name, day - days)


def _lines(case) -> Iterable[HistoryLine]:
    same = (HistoryLine.kind == case.__tablename__, HistoryLine.row_id == case.id)
    return db.session.scalars(select(HistoryLine).where(*same).order_by(HistoryLine.id))
