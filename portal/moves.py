"""A move of a life cycle: who may make it, from which states to which, what it does and what it leaves behind."""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.orm import Mapped, mapped_column, object_session

from portal import audit, clock, history, undo
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken, TooLate
from portal.forms import ChineseForm, ReasonForm
from portal.labels import Labelled
from portal.telling import Tells, tell

if TYPE_CHECKING:
    from portal.flow import Flow

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
    allows: Callable[[Any, Actor], bool]

    def __call__(self, row: Case, by: Actor) -> bool:
        """Whether this person may make the move on this row."""
        return bool(self.allows(row, by))

    def __or__(self, other: "Who") -> "Who":
        """Either of two kinds of people."""
        return Who(f"{self.label}或{other.label}", lambda row, by: self(row, by) or other(row, by))


def who(label: str) -> Callable[[Callable[[Any, Actor], bool]], Who]:
    """Name a rule: `@who("本社区专干")` over `def clerk_of(wish, by): ...`."""
    return lambda rule: Who(label, rule)


@dataclass
class Move:
    """One move of a life cycle, called like the function it decorates.

    `who` names everybody who may make it; those of them who act in somebody else's place are `stand_in`.
    """

    flow: "Flow"
    verb: str
    label: str
    starts: tuple[Labelled, ...]
    ends: tuple[Labelled, ...]
    who: Who
    stand_in: Who | None
    reason: bool
    done: str
    danger: bool
    when: Callable[[Any, Actor], bool] | None
    tells: Tells | None
    undo: bool
    undone_if: list[Callable[[Any, Actor], str]]
    effect: Callable
    asks: tuple[str, ...] = field(init=False)
    followed_by: list[Callable[[Any, Actor], None]] = field(default_factory=list)

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
        allowed = row.state in self.starts and (self.when is None or self.when(row, by)) and self.who(row, by)
        return allowed and not self.flow.is_over(row)

    def check_open(self, row: Case, by: Actor) -> None:
        """Raise the refusal that whoever asks for the form of this move would get for sending it."""
        if not self.who(row, by):
            raise NotYours(f"“{self.label}”只能由{self.who.label}办理。")
        self.flow.check_year(row, hold=False)
        if row.state not in self.starts:
            raise TooLate(f"{self.flow.title}现在是“{row.state.label}”，不能{self.label}。")

    def form(self, row: Case) -> ChineseForm:
        """The form of a move for which the room gives none."""
        return ReasonForm() if self.reason else ChineseForm()

    def told(self, row: Case) -> str:
        """What is said above the form; the label says it all."""
        return ""

    def stays_if(self, built_on: Callable[[Any, Actor], str]) -> None:
        """Later rooms say what keeps this act from being undone, since something was built on it: why not, or ""."""
        self.undone_if.append(built_on)

    def brings(self, consequence: Callable[[Any, Actor], None]) -> None:
        """Say what else follows from this act: `consequence(row, by)`, right after its effect, as a part of it."""
        self.followed_by.append(consequence)

    def __call__(
        self, row: Case, by: Actor, reason: str | None = None, stand_in: bool = False, quiet: bool = False, **asked
    ):
        """Make the move: who, state, effect, new state, history, audit, messages in the caller's transaction.

        `quiet` tells nobody: of a move that another one brings with it, which tells them already.

        Returns the row. Raises NotYours, TooLate, or RuleBroken with a Chinese sentence; then the caller
        rolls back.
        """
        self.flow.first(row, by, asked)
        if not self.who(row, by):
            raise NotYours(f"“{self.label}”只能由{self.who.label}办理。")
        if self.reason and not reason:
            raise RuleBroken(f"请填写{self.label}的原因。")
        self.flow.check_year(row)
        if not hold(row, self.starts):
            raise TooLate(self.too_late(row))
        before = row.state
        concerned = list(self.tells.to(row)) if self.tells and not quiet else []
        if "reason" in self.asks:
            asked["reason"] = reason
        with undo.remembering(by, self.undo) as remember:
            after = self.effect(row, by, **asked) or self.ends[0]
            if after not in self.ends:
                raise ValueError(f"{self.verb} may not end in {after}")
            for consequence in self.followed_by:
                consequence(row, by)
            row.state = after
            stand_in = stand_in or bool(self.stand_in and self.stand_in(row, by))
            line = history.write(row, by, self.verb, self.label, before, after, reason, stand_in)
            audit.write(by, f"{self.flow.name}.{self.verb}", row, fields=("state", *self.asks), reason=reason or "")
            if self.tells and concerned:
                tell(self.tells.topic, concerned, row, by, self.label, reason, self.tells.adds(row))
            remember(line)
        return row

    def too_late(self, row: Case) -> str:
        """The sentence that tells the loser of two who was first and how the case stands now."""
        line = history.last(row)
        sentence = f"{self.flow.title}现在是“{row.state.label}”，不能{self.label}。"
        if line is None:
            return sentence
        at = clock.local(line.at)
        return f"{at:%-m月%-d日%H:%M} {line.by_name}已先“{line.label}”，{sentence}"


def hold(row: Case, states: Iterable[Labelled]) -> bool:
    """Take a row for this transaction if it is still in one of these states, and count its version on.

    The conditional UPDATE lets exactly one of two people through, on SQLite and PostgreSQL alike; the refresh shows
    the effect what the other one did.
    """
    session, model = object_session(row), type(row)
    session.flush()
    held = session.execute(
        update(model)
        .where(model.id == row.id, model.state.in_(states))
        .values(version=model.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    return held.rowcount == 1  # type: ignore[attr-defined]
