"""Life cycles: a move is one decorated function, and everything that is known of a move stands on it.

The button on the page, the guard, the history line, the audit row and the refusal sentence all come from the
decorator's words.  A move is called as `claim(wish, by)`; further parameters are what the move asks for.
"""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlalchemy.orm import Mapped, mapped_column, object_session

from portal import audit, clock, history
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken, TooLate
from portal.labels import Labelled

CLAUSE = re.compile(r"\[((?:[一二三四附§][^\]]*))\]")


class Case:
    """A row with a life cycle: its state changes only by a move; `version` counts the changes."""

    __tablename__: str
    id: Mapped[int]
    state: Mapped[Labelled]
    version: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True)
class Who:
    """Who may make a move: a rule over row and actor, and how a refusal names these people."""

    label: str
    allows: Callable[[Case, Actor], bool]

    def __call__(self, row: Case, by: Actor) -> bool:
        """Whether this person may make the move on this row."""
        return bool(self.allows(row, by))

    def __or__(self, other: "Who") -> "Who":
        """Either of two kinds of people."""
        return Who(f"{self.label}或{other.label}", lambda row, by: self(row, by) or other(row, by))


def who(label: str) -> Callable[[Callable[[Case, Actor], bool]], Who]:
    """Name a rule: `@who("本社区专干")` over `def clerk_of(wish, by): ...`."""
    return lambda rule: Who(label, rule)


@dataclass
class Move:
    """One move of a life cycle, called like the function it decorates."""

    flow: "Flow"
    verb: str
    label: str
    starts: tuple[Labelled, ...]
    ends: tuple[Labelled, ...]
    who: Who
    reason: bool
    done: str
    danger: bool
    effect: Callable
    asks: tuple[str, ...] = field(init=False)

    def __post_init__(self):
        """Read from the function's signature what the move asks for."""
        self.asks = tuple(inspect.signature(self.effect).parameters)[2:]
        self.__doc__ = self.effect.__doc__

    @property
    def clauses(self) -> list[str]:
        """The clauses of the notice that this move keeps."""
        return CLAUSE.findall(self.__doc__ or "")

    def open_to(self, row: Case, by: Actor) -> bool:
        """Whether this person would be offered the move now."""
        return row.state in self.starts and self.who(row, by)

    def __call__(self, row: Case, by: Actor, reason: str | None = None, stand_in: bool = False, **asked):
        """Make the move: who, state, effect, new state, history and audit in the caller's transaction.

        Returns the row. Raises NotYours, TooLate, or RuleBroken with a Chinese sentence; then the caller
        rolls back.
        """
        if not self.who(row, by):
            raise NotYours(f"“{self.label}”只能由{self.who.label}办理。")
        if self.reason and not reason:
            raise RuleBroken(f"请填写{self.label}的原因。")
        before = self._hold(row)
        if "reason" in self.asks:
            asked["reason"] = reason
        after = self.effect(row, by, **asked) or self.ends[0]
        if after not in self.ends:
            raise ValueError(f"{self.verb} may not end in {after}")
        row.state = after
        history.write(row, by, self.verb, self.label, before, after, reason, stand_in)
        audit.write(by, f"{self.flow.name}.{self.verb}", row, fields=("state", *self.asks), reason=reason or "")
        return row

    def _hold(self, row: Case) -> Labelled:
        """Take the row for this transaction if it is still in a state to start from; the state it was in.

        The conditional UPDATE lets exactly one of two people through, on SQLite and PostgreSQL alike; the
        refresh shows the effect what the other one did.
        """
        session, model = object_session(row), type(row)
        session.flush()
        held = session.execute(
            update(model)
            .where(model.id == row.id, model.state.in_(self.starts))
            .values(version=model.version + 1)
            .execution_options(synchronize_session=False)
        )
        session.refresh(row)
        if held.rowcount != 1:
            raise TooLate(self._too_late(row))
        return row.state

    def _too_late(self, row: Case) -> str:
        line = history.last(row)
        sentence = f"{self.flow.title}现在是“{row.state.label}”，不能{self.label}。"
        if line is None:
            return sentence
        at = clock.local(line.at)
        return f"{at:%-m月%-d日%H:%M} {line.by_name}已先“{line.label}”，{sentence}"


class Flow:
    """The life cycle of one kind of case: its moves by verb, in the order in which they are written."""

    def __init__(self, model: type, title: str, room: str, noun: str, shown_on: Callable | None = None):
        """`title` names one such case in a sentence, e.g. 这条微心愿; its page is `<room>.page`, argument `noun`.

        A case without a page of its own says by `shown_on` on which other case's page it stands.
        """
        self.model = model
        self.name = model.__tablename__
        self.room = room
        self.noun = noun
        self.shown_on = shown_on or (lambda row: row)
        self.title = title
        self.moves: dict[str, Move] = {}
        FLOWS[model] = self

    def move(
        self,
        label: str,
        *,
        start: Labelled | Iterable[Labelled],
        end: Labelled | Iterable[Labelled],
        who: Who,
        reason: bool = False,
        done: str = "",
        danger: bool = False,
    ) -> Callable[[Callable], Move]:
        """Declare the decorated function as a move; its name is the verb.

        With several `end` states the function returns the one it chose. `done` is the sentence shown
        afterwards; `danger` marks a button that takes something away.
        """

        def declare(effect: Callable) -> Move:
            verb = effect.__name__.rstrip("_")
            made = Move(
                self,
                verb,
                label,
                _states(start),
                _states(end),
                who,
                reason,
                done or f"已{label}。",
                danger,
                effect,
            )
            self.moves[verb] = made
            return made

        return declare

    def opened(self, row: Case, by: Actor, verb: str, label: str, stand_in: bool = False) -> None:
        """Write the first history line and audit row of a new case."""
        object_session(row).flush()
        history.write(row, by, verb, label, None, row.state, stand_in=stand_in)
        audit.write(by, f"{self.name}.{verb}", row)

    def noted(self, row: Case, by: Actor, verb: str, label: str, before: Labelled, reason: str = "") -> None:
        """Write history and audit of a change that followed from a move of another case."""
        row.version += 1
        history.write(row, by, verb, label, before, row.state, reason)
        audit.write(by, f"{self.name}.{verb}", row, fields=("state",), reason=reason)

    def open_moves(self, row: Case, by: Actor) -> list[Move]:
        """The moves that this person would be offered on this row now."""
        return [move for move in self.moves.values() if move.open_to(row, by)]


FLOWS: dict[type, Flow] = {}


def flow_of(row: Case) -> Flow:
    """The life cycle of this row's kind."""
    return FLOWS[type(row)]


def open_moves(row: Case, by: Actor) -> list[Move]:
    """The moves that this person would be offered on this row now."""
    return flow_of(row).open_moves(row, by)


def _states(states: Labelled | Iterable[Labelled]) -> tuple[Labelled, ...]:
    return (states,) if isinstance(states, Labelled) else tuple(states)
