"""The catalogue of official papers: each is one decorated function that returns plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from portal.actors import Actor
from portal.numbers import IssuedPaper


@dataclass(frozen=True, kw_only=True)
class OfYear:
    """One case in one year, of which there is one paper; what else stands on it is fetched for many at once.

    `issued` is the paper in the ledger: None before the year is closed.
    """

    row: Any
    year: int
    issued: IssuedPaper | None


@dataclass(frozen=True)
class Paper:
    """One kind of paper: its attachment number, title, whose cases it is printed from, and its cells.

    `visible(by)` selects the cases whose paper this person may see; `column` is the case's column that holds
    the paper's number, or None where only the ledger knows it. `fill(case, full)` returns the cells as plain
    values, never a row, so that a paper can't show a column nobody listed; without `full`, the `private` cells
    are masked. A paper of a case and a year has `gather(rows, year)`, which makes an OfYear of each row with a fixed
    number of queries; its `visible` takes the year too. One without a `ledger` is a working sheet that never becomes
    final (a slip, a list to sign): it bears its case's number and no check code.
    """

    attachment: str
    title: str
    kind: str
    visible: Callable[..., Select]
    column: str | None
    fill: Callable[..., dict]
    private: tuple[str, ...] = ()
    gather: Callable[[Sequence, int], list] | None = None
    ledger: bool = True

    @property
    def template(self) -> str:
        """The one template of this paper, for preview and PDF alike."""
        return f"papers/{self.kind}.html"

    @property
    def of_year(self) -> bool:
        """Whether there is one of each case and year, which becomes final when the year is closed."""
        return self.gather is not None

    def rows(self, by: Actor, year: int) -> Select:
        """The rows whose paper, that of the year where it has one, this person may see."""
        return self.visible(by, year) if self.of_year else self.visible(by)

    def cases(self, rows: Sequence, year: int) -> list:
        """What `fill` takes of each of these rows, in their order."""
        return self.gather(rows, year) if self.gather else list(rows)


PAPERS: dict[str, Paper] = {}


def paper(
    attachment: str,
    title: str,
    *,
    kind: str,
    who: Callable[..., Select],
    number: str | None = None,
    private: tuple[str, ...] = (),
    gather: Callable[[Sequence, int], list] | None = None,
    ledger: bool = True,
):
    """Enter the decorated function into the catalogue as a paper of this kind."""

    def enter(fill: Callable[..., dict]) -> Callable[..., dict]:
        PAPERS[kind] = Paper(attachment, title, kind, who, number, fill, private, gather, ledger)
        return fill

    return enter
