"""Taking back an act: the same office may undo its last act on a case until the next one, for 24 hours at most.

Which moves can be undone stands on them (`@flow.move(…, undo=…)`). What such a move changed is noted with its line
of history, sealed, since it may hold what is personal. The undoing is an act of its own: the line of the undone act
stays, a line “撤销：…” follows on each case that it had touched, and nothing can be undone behind that line.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import audit, changes, history
from portal.actors import Actor, Role
from portal.changes import Change
from portal.clock import Moment
from portal.errors import TooLate
from portal.extensions import Base, db
from portal.history import HistoryLine
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column

KEPT = dt.timedelta(hours=24)
# Who acts for no office: a member's and a resident's own acts have 放弃 and 撤回, and time takes nothing back.
FOR_THEMSELVES = (Role.MEMBER, Role.RESIDENT, Role.SYSTEM)
CHANGED_SINCE = "之后又有变动，不能撤销。"

_under_way: ContextVar[bool] = ContextVar("under_way", default=False)
_instead: dict[str, Callable[[Any, Actor, HistoryLine], None]] = {}
_when_undone: dict[Callable[[Any, Actor, HistoryLine], None], None] = {}


class UndoNote(Sealable, Base):
    """What an act changed, kept as long as its office may take it back; `changes` is sealed."""

    __tablename__ = "undo_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("history.id"), unique=True)
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    office: Mapped[str] = mapped_column(Text(80))
    changes_sealed: Mapped[bytes | None] = sealed_column()

    changes = Sealed()
    line: Mapped[HistoryLine] = relationship()

    def rows(self) -> tuple[list[Change], dict[tuple[str, int], int]]:
        """The changes in their order, and the last line of history of each case that the act touched."""
        return changes.read(self.changes or "")


def instead_of_deleting(model: type[Base], how: Callable[[Any, Actor, HistoryLine], None]) -> None:
    """Say what becomes of a row that an undone act had written, where it must leave a trace: `how(row, by, line)`.

    `line` is the line of the act undone. A row with a life cycle writes its own line there (`flow.noted`). Other rows
    are deleted.
    """
    _instead[model.__tablename__] = how


def when_undone(consequence: Callable[[Any, Actor, HistoryLine], None]) -> None:
    """Say what else follows when an act is undone; called as `consequence(case, by, line)` in the same transaction.

    What the act itself had written (messages told by it) is taken away without that; see also `instead_of_deleting`
    and `changes.leave_alone`.
    """
    _when_undone[consequence] = None


def office_of(by: Actor) -> str:
    """The office for which somebody acts, the same for all who hold it; '' for who acts for themselves."""
    if by.is_in(*FOR_THEMSELVES):
        return ""
    scope = (by.supervisor_id, by.unit_id, by.community_id, by.grid_id)
    return ":".join([by.role.value, *(str(key or "") for key in scope)])


@contextmanager
def remembering(by: Actor, wanted: bool) -> Iterator[Callable[[HistoryLine], None]]:
    """Look at what an act changes; the function given keeps it with the act's line of history.

    An act that is a part of another one is taken back with that one only.
    """
    if _under_way.get() or not wanted or not office_of(by):
        with _part_of_an_act():
            yield lambda line: None
    else:
        with _part_of_an_act(), changes.watching() as watch:
            yield lambda line: _keep(by, line, watch)


@contextmanager
def _part_of_an_act() -> Iterator[None]:
    token = _under_way.set(True)
    try:
        yield
    finally:
        _under_way.reset(token)


def _keep(by: Actor, line: HistoryLine, watch: changes.Watch) -> None:
    db.session.flush()
    note = UndoNote(line_id=line.id, at=line.at, office=office_of(by))
    note.changes = changes.written(watch.changes(), watch.lines)
    db.session.add(note)


def last_act(row) -> tuple[HistoryLine | None, UndoNote | None]:
    """The latest line of a case's history, and the note with it."""
    same = (HistoryLine.kind == row.__tablename__, HistoryLine.row_id == row.id)
    lines = select(HistoryLine, UndoNote).outerjoin(UndoNote, UndoNote.line_id == HistoryLine.id).where(*same)
    found = db.session.execute(lines.order_by(HistoryLine.id.desc()).limit(1)).first()
    return (found[0], found[1]) if found else (None, None)


def check(note: UndoNote, hold: bool = False) -> None:
    """Raise TooLate where something that the act touched has moved on since; `hold` keeps it so, for a writer."""
    rows, lines = note.rows()
    for (kind, row_id), line_id in lines.items():
        same = (HistoryLine.kind == kind, HistoryLine.row_id == row_id, HistoryLine.id > line_id)
        if db.session.scalar(select(HistoryLine.id).where(*same).limit(1)):
            raise TooLate(CHANGED_SINCE)
    if not all(change.stands(hold) for change in rows):
        raise TooLate(CHANGED_SINCE)


def take_back(row, note: UndoNote, by: Actor) -> None:
    """Undo an act: all that it changed is as before, what it wrote is gone or set aside, and its cases say so."""
    rows, lines = note.rows()
    line, own = note.line, (row.__tablename__, row.id)

    def is_own(change: Change) -> bool:
        return (change.kind, change.row_id) == own

    # Mostly the case itself makes room for the others, which go in the opposite order; where it needs the place of one
    # of them (a new supporter has the old one's), all of them go in the opposite order.
    own_first = [*filter(is_own, rows), *(change for change in rows[::-1] if not is_own(change))]
    if not (_taken_back(own_first, note, by) or _taken_back(rows[::-1], note, by)):
        # The place was given to somebody else, or something new refers to what the act had written.
        raise TooLate(CHANGED_SINCE)
    db.session.expire_all()
    new = {(change.kind, change.row_id) for change in rows if change.before is None}
    for key, line_id in lines.items():
        if key not in new:
            _note(key, by, db.session.get_one(HistoryLine, line_id))
    for consequence in _when_undone:
        consequence(row, by, line)


def _taken_back(rows: list[Change], note: UndoNote, by: Actor) -> bool:
    """Take these changes back in this order, or leave everything as it is where that is impossible."""
    line = note.line
    try:
        with db.session.begin_nested():
            for change in rows:
                _take_back(change, by, line)
            db.session.execute(delete(UndoNote).where(UndoNote.id == note.id))
    except IntegrityError:
        return False
    return True


def _take_back(change: Change, by: Actor, line: HistoryLine) -> None:
    how = _instead.get(change.kind)
    if change.before is not None or how is None:
        change.take_back()
    else:
        how(db.session.get_one(model_of(change.kind), change.row_id), by, line)
        db.session.flush()


def _note(key: tuple[str, int], by: Actor, undone: HistoryLine) -> None:
    case: Any = db.session.get_one(model_of(key[0]), key[1])
    states = type(case.state) if undone.to_state else None
    before, after = (states(value) if states and value else None for value in (undone.to_state, undone.from_state))
    case.version += 1  # also of a case of which the act had changed nothing but its history
    history.write(case, by, "undo", f"撤销：{undone.label}"[:32], before, after)
    audit.write(by, f"{key[0]}.undo", case, fields=("state",))


def model_of(kind: str) -> type[Any]:
    """The class of the rows of a table."""
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == kind)


def forget_old(now: dt.datetime) -> None:
    """A sweep: what can't be undone any more is not kept."""
    db.session.execute(delete(UndoNote).where(UndoNote.at < now - KEPT))
