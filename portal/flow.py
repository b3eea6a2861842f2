"""Life cycles: a move is one decorated function, and everything that is known of a move stands on it.

The button on the page, the guard, the history line, the audit row, the messages and the refusal sentence all come
from the decorator's words.  A move is called as `claim(wish, by)`; further parameters are what the move asks for.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import object_session

from portal import audit, history, years
from portal.actors import Actor
from portal.labels import Labelled
from portal.moves import Case, Move, Who, who
from portal.telling import Tells, tell
from portal.undo_move import Undo

__all__ = ["FLOWS", "Case", "Flow", "Move", "Who", "flow_of", "open_moves", "who"]


class Flow:
    """The life cycle of one kind of case: its moves by verb, in the order in which they are written."""

    def __init__(
        self,
        model: type[Case],
        title: str,
        room: str,
        noun: str,
        shown_on: Callable | None = None,
        named: Callable[[Any], str] | None = None,
        visible_to: Callable[[Actor], Select] | None = None,
        of_year: Callable[[Any], int | None] | None = None,
        first: Callable[[Any, Actor, dict], None] | None = None,
    ):
        """`title` names one such case in a sentence, e.g. 这条微心愿; its page is `<room>.page`, argument `noun`.

        A case without a page of its own says by `shown_on` on which other case's page it stands. `named` calls one
        by its name where it is not before one's eyes (whose it is, where it has a `member`, stands before that);
        `visible_to` are those that a person may see. Messages need both. `of_year` is the year to which a case belongs
        (None: to none): once it is closed, nothing of the case changes any more (see portal/years.py). `first(row, by,
        asked)` holds what a move, or taking it back, must hold before the case itself (see portal/people/holding.py).
        """
        self.model = model
        self.name = model.__tablename__
        self.room = room
        self.noun = noun
        self.shown_on = shown_on or (lambda row: row)
        self.named = named or (lambda row: title)
        self.visible_to = visible_to
        self.of_year = of_year or (lambda row: None)
        self.first = first or (lambda row, by, asked: None)
        self.title = title
        self.moves: dict[str, Move] = {}
        self.undo = Undo(self)
        FLOWS[model] = self

    def move(
        self,
        label: str,
        *,
        start: Labelled | Iterable[Labelled],
        end: Labelled | Iterable[Labelled],
        who: Who,
        stand_in: Who | None = None,
        reason: bool = False,
        done: str = "",
        danger: bool = False,
        when: Callable[[Any, Actor], bool] | None = None,
        tells: Tells | None = None,
        undo: bool | Callable[[Any, Actor], str] = False,
    ) -> Callable[[Callable], Move]:
        """Declare the decorated function as a move; its name is the verb.

        With several `end` states the function returns the one it chose. `done` is the sentence shown
        afterwards; `danger` marks a button that takes something away; `stand_in` are people who may make the
        move in the place of `who` (代办; all of them, where it is the same rule), which the history shows; `when`
        hides a button that the effect would refuse anyway (no place left, not overdue yet); `tells` says whom the
        move concerns, who get a message.

        `undo`: the office that made the move may take it back until the next act, for 24 hours (see portal/undo.py);
        a function of row and actor says why not where something was built on it, "" where nothing was. All that the
        effect changes through the session comes back by itself, also what other rooms' consequences changed; rows
        that it added are deleted, unless their room says otherwise (`undo.instead_of_deleting`). What later rooms
        build on the move they declare by `move.stays_if(…)`. A member's, a resident's and time's own acts stay.
        """

        def declare(effect: Callable) -> Move:
            verb = effect.__name__.rstrip("_")
            made = Move(
                self,
                verb,
                label,
                _states(start),
                _states(end),
                who if stand_in in (None, who) else who | stand_in,
                stand_in,
                reason,
                done or f"已{label}。",
                danger,
                when,
                tells,
                bool(undo),
                [undo] if callable(undo) else [],
                effect,
            )
            self.moves[verb] = made
            return made

        return declare

    def opened(
        self, row: Case, by: Actor, verb: str, label: str, stand_in: bool = False, tells: Tells | None = None
    ) -> None:
        """Write the first history line and audit row of a new case, and tell whom it concerns."""
        object_session(row).flush()
        self.check_year(row)
        history.write(row, by, verb, label, None, row.state, stand_in=stand_in)
        audit.write(by, f"{self.name}.{verb}", row)
        _tell(tells, row, by, label)

    def noted(
        self, row: Case, by: Actor, verb: str, label: str, before: Labelled, reason: str = "",
        tells: Tells | None = None, held: bool = False,
    ) -> None:  # fmt: skip
        """Write history and audit of a change that followed from a move of another case.

        What was `held` for it has counted its version on already.
        """
        self.check_year(row)
        row.version += 0 if held else 1
        history.write(row, by, verb, label, before, row.state, reason)
        audit.write(by, f"{self.name}.{verb}", row, fields=("state",), reason=reason)
        _tell(tells, row, by, label, reason)

    def check_year(self, row: Case, hold: bool = True) -> None:
        """Raise the refusal of whoever changes a case of a closed year; `hold` keeps an open one open meanwhile."""
        years.check(self.of_year(row), row, hold)

    def is_over(self, row: Case) -> bool:
        """Whether the year to which a case belongs is closed, so that nobody is offered a move of it."""
        return bool(years.why_closed(self.of_year(row), row))

    @property
    def all_moves(self) -> dict[str, Move | Undo]:
        """The moves by verb; 撤销 comes last, where one of them can be undone and the room has no undo of its own."""
        undo = {self.undo.verb: self.undo} if any(move.undo for move in self.moves.values()) else {}
        return {**self.moves, **undo, **self.moves}

    def open_moves(self, row: Case, by: Actor) -> list[Move | Undo]:
        """The moves that this person would be offered on this row now."""
        return [move for move in self.all_moves.values() if move.open_to(row, by)]


FLOWS: dict[type, Flow] = {}


def flow_of(row: Case) -> Flow:
    """The life cycle of this row's kind."""
    return FLOWS[type(row)]


def open_moves(row: Case, by: Actor) -> list[Move | Undo]:
    """The moves that this person would be offered on this row now."""
    return flow_of(row).open_moves(row, by)


def _tell(tells: Tells | None, row: Case, by: Actor, label: str, reason: str = "") -> None:
    if tells:
        tell(tells.topic, tells.to(row), row, by, label, reason, tells.adds(row))


def _states(states: Labelled | Iterable[Labelled]) -> tuple[Labelled, ...]:
    return (states,) if isinstance(states, Labelled) else tuple(states)
