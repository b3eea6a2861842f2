"""Undo as a move: the button, the guard, the refusal sentence and the trace of taking back a case's last act."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm.attributes import set_committed_value

from portal import clock, undo
from portal.actors import Actor
from portal.errors import NotYours, Refused, RuleBroken, TooLate
from portal.extensions import db
from portal.forms import UndoForm
from portal.history import HistoryLine
from portal.moves import Case, Move, Who, hold
from portal.undo import UndoNote

if TYPE_CHECKING:
    from portal.flow import Flow


class Undo:
    """The move 撤销 of a life cycle whose moves say that they can be undone; called as `undo(row, by, line=…)`.

    `line` names the act that the person saw, the last one when it is None: nobody takes back what they have not seen.
    """

    verb, label, done = "undo", "撤销", "已撤销，恢复到这一步以前。"
    reason, danger, asks = False, False, ("line",)

    def __init__(self, flow: "Flow"):
        """Undo in this life cycle."""
        self.flow = flow
        self.who = Who("刚办理这一步的机构", self.open_to)

    def open_to(self, row: Case, by: Actor) -> bool:
        """Whether this person would be offered to take the last act back."""
        if not undo.office_of(by):
            return False
        try:
            self._last_act(row, by)
        except Refused:
            return False
        return True

    def check_open(self, row: Case, by: Actor) -> None:
        """Raise the refusal that stands against taking the last act back now."""
        undo.check(self._last_act(row, by)[1])

    def form(self, row: Case) -> UndoForm:
        """The form that asks, naming the act which the person is shown."""
        line, _ = undo.last_act(row)
        return UndoForm(data={"line": str(line.id) if line else ""})

    def told(self, row: Case) -> str:
        """What will be undone, in a sentence."""
        line, note = undo.last_act(row)
        if line is None or note is None:
            return ""
        at = clock.local(line.at)
        back = type(row.state).of(line.from_state)
        further = len(note.rows()[1]) - 1
        also = f"随它办理的另外 {further} 件也一并撤销。" if further else ""
        return (
            f"撤销{at:%-m月%-d日%H:%M} {line.by_name}的“{line.label}”，恢复为“{back.label}”。{also}办理过程照实保留。"
        )

    def __call__(self, row: Case, by: Actor, line: str | None = None) -> Case:
        """Take the last act back: former values, one line of history and one audit row for each case it touched.

        Raises NotYours, TooLate, or RuleBroken with a Chinese sentence; then the caller rolls back.
        """
        self.flow.first(row, by, {})
        self.flow.check_year(row)
        last, _ = self._last_act(row, by, line)
        if not hold(row, (type(row.state)(last.to_state),)):
            raise TooLate(undo.CHANGED_SINCE)
        _, note = self._last_act(row, by, line or str(last.id))
        undo.check(note, hold=True)
        undo.take_back(row, note, by)
        return row

    def _last_act(self, row: Case, by: Actor, seen: str | None = None) -> tuple[HistoryLine, UndoNote]:
        """The act that this person may take back, or the refusal why there is none."""
        line, note = undo.last_act(row)
        move = self.flow.moves.get(line.verb) if line else None
        if line is None or move is None or not move.undo:
            raise RuleBroken(f"最近一步“{line.label}”不能撤销。" if line else "还没有可以撤销的办理。")
        if note is not None and (note.office != undo.office_of(by) or not could_have(row, by, note, move)):
            raise NotYours(f"“{line.label}”只能由刚办理这一步的机构撤销（本人的除外）。")
        if seen is not None and seen != str(line.id):
            raise TooLate(f"{clock.local(line.at):%-m月%-d日%H:%M} {line.by_name}又“{line.label}”，请看过以后再办。")
        self.flow.check_year(row, hold=False)
        if clock.now() - line.at > undo.KEPT:
            raise TooLate(f"“{line.label}”已超过 24 小时，不能撤销。")
        if note is None:
            raise RuleBroken(f"最近一步“{line.label}”不能在这里撤销。")
        if row.state.value != line.to_state:
            raise TooLate(undo.CHANGED_SINCE)
        if why_not := next((words for stands in move.undone_if if (words := stands(row, by))), ""):
            raise RuleBroken(why_not)
        return line, note


def could_have(row: Case, by: Actor, note: UndoNote, move: Move) -> bool:
    """Whether a colleague could have made the move themselves: nobody undoes what is about their own person."""
    if by.user_id == note.line.by_user_id:
        return True
    with _as_before(row, note):
        return move.who(row, by)


@contextmanager
def _as_before(row: Any, note: UndoNote) -> Iterator[None]:
    """The row as it stood before the act, for as long as this lasts; nothing of it is written."""
    own = next((c for c in note.rows()[0] if (c.kind, c.row_id) == (row.__tablename__, row.id)), None)
    former = own.values if own else {}
    now = {name: getattr(row, name) for name in former}
    with db.session.no_autoflush:
        for name, value in former.items():
            set_committed_value(row, name, value)
        try:
            yield
        finally:
            for name, value in now.items():
                set_committed_value(row, name, value)
