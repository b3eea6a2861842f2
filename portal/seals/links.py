"""The number chain that ties a member's papers: its links, and how far one may be."""

import datetime as dt
from dataclasses import dataclass

from portal.labels import Labelled
from portal.seals.models import SealState


class Link(Labelled):
    """A paper of the chain, in its order."""

    CERTIFICATE = "certificate", "证明信"
    RECEIPT = "receipt", "回执"
    PLEDGE = "pledge-card", "承诺卡"
    RECORD = "record-card", "写实卡"
    EVALUATION = "evaluation-card", "反馈卡"


class Stage(Labelled):
    """How far a link is, so that one can ask who lacks what."""

    MISSING = "missing", "缺件"
    UNSTAMPED = "unstamped", "未盖章"
    STAMPED = "stamped", "已盖章待归档"
    ARCHIVED = "archived", "已归档"


OLD, ERASED, NOT_YET = "期初", "已依法删除", "未到"


@dataclass(frozen=True)
class Piece:
    """One link of one member's chain: the paper's id and state, or why there is none.

    `due`: it should be there by now; `old`: it was made out before the portal (期初), or `erased` by law, so that
    nothing is lacking.
    """

    paper_id: int | None
    state: SealState | None
    due: bool
    old: bool
    erased: bool

    @property
    def is_missing(self) -> bool:
        """Whether it should be there and is not."""
        return self.due and self.paper_id is None and not (self.old or self.erased)

    @property
    def label(self) -> str:
        """How far it is, in words."""
        if self.paper_id is not None:
            return (self.state or SealState.GENERATED).label
        return ERASED if self.erased else OLD if self.old else "缺" if self.due else NOT_YET


@dataclass(frozen=True)
class Chain:
    """The papers of one member in a year, and the cases of which they are, by number: where a missing one is made."""

    pieces: dict[Link, Piece]
    registration: str | None
    pledge: str | None
    evaluation: str | None


@dataclass(frozen=True)
class Year:
    """What of a year can be asked for by a day: whether it is closed, and whether its evaluations have begun."""

    year: int
    closed: bool
    evaluated: bool

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 1, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return dt.date(self.year, 12, 31)
