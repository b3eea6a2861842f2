"""What an office has done lately and may still take back, also where the case is out of its sight by that."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, contains_eager

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.flow import flow_of
from portal.history import HistoryLine
from portal.undo import KEPT, UndoNote, model_of, office_of
from portal.undo_move import could_have

OFFICES = (Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COUNTY, Role.ADMIN)
MOST = 200


@dataclass(frozen=True)
class Done:
    """One act that nobody has acted after: its note, its line of history, the case and how the case is called."""

    note: UndoNote
    line: HistoryLine
    case: Any
    about: str
    until: dt.datetime


def notes_of(by: Actor) -> Select:
    """The notes of the office's acts of the last day that are the last on their cases, the latest first."""
    later = aliased(HistoryLine)
    same = (later.kind == HistoryLine.kind, later.row_id == HistoryLine.row_id)
    last = select(func.max(later.id)).where(*same).scalar_subquery()
    lately = (UndoNote.office == office_of(by), UndoNote.at >= clock.now() - KEPT, HistoryLine.id == last)
    rows = select(UndoNote).join(UndoNote.line).options(contains_eager(UndoNote.line)).where(*lately)
    return rows.order_by(UndoNote.line_id.desc())


def acts_of(by: Actor) -> list[Done]:
    """What the office may still take back, the latest first; the cases of one kind are asked for together.

    Not what belongs to a year that has been closed since, nor a colleague's act that this person could not have made.
    """
    notes = db.session.scalars(notes_of(by).limit(MOST)).all()
    cases: dict[tuple[str, int], Any] = {}
    for kind in sorted({note.line.kind for note in notes}):
        model = model_of(kind)
        found = select(model).where(model.id.in_([note.line.row_id for note in notes if note.line.kind == kind]))
        cases |= {(kind, case.id): case for case in db.session.scalars(found).unique()}
    acts = [done_by(note, cases[note.line.kind, note.line.row_id]) for note in notes]
    return [act for act in acts if _is_open(act, by)]


def _is_open(act: Done, by: Actor) -> bool:
    flow = flow_of(act.case)
    move = flow.moves.get(act.line.verb)
    return move is not None and could_have(act.case, by, act.note, move) and not flow.is_over(act.case)


def done_by(note: UndoNote, case: Any) -> Done:
    """The act of a note, with the words for its case."""
    subject = getattr(case, "member", None)
    about = f"{subject.name}：{flow_of(case).named(case)}" if subject is not None else flow_of(case).named(case)
    return Done(note, note.line, case, about, note.at + KEPT)
