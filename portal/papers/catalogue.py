"""The catalogue of official papers: each is one decorated function that returns plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from portal import audit, clock
from portal.actors import Actor, Role
from portal.filters import day
from portal.numbers import IssuedPaper, official_number

# The paper of a case and a year that stands, and the one that it replaced.
Standing = tuple[IssuedPaper | None, IssuedPaper | None]


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A case with what stands on its paper, fetched beforehand; `row` is None where there is no case to it yet.

    `issued` is the paper in the ledger, None before it is final. `clear`: whether the person for whom it is fetched
    may have what is personal printed.
    """

    row: Any
    year: int
    issued: IssuedPaper | None = None
    clear: bool = False


@dataclass(frozen=True, kw_only=True)
class OfYear(Gathered):
    """One case in one year, of which there is one paper, final once the year is closed; fetched for many at once.

    `replaced` is the paper in the ledger that `issued` takes the place of.
    """

    replaced: IssuedPaper | None = None

    @property
    def replaces(self) -> str | None:
        """Which version it is and what it replaces, by day and number; None of a first one."""
        old, new = self.replaced, self.issued
        if old is None or new is None:
            return None
        return f"第{new.version}版，替代{day(old.issued_at)}{official_number(old.kind, old.number)}第{old.version}版"


@dataclass(frozen=True)
class Paper:
    """One kind of paper: its attachment number, title, whose cases it is printed from, and its cells.

    `visible(by)` selects the cases whose paper this person may see; `column` is the case's column that holds
    the paper's number, or None where only the ledger knows it. `fill(case, full)` returns the cells as plain
    values, never a row, so that a paper can't show a column nobody listed; without `full`, the `private` cells
    are masked. A paper of a case and a year has `gather(rows, year, by)`, which makes an OfYear of each row with a
    fixed number of queries; its `visible` takes the year too. One that is not `yearly` gathers what a case of its own
    says (a report its tables). `ledger` is the kind under which the ledger holds it
    (two copies are one paper); '' of a working sheet that never becomes final (a slip, a list to sign), which bears
    its case's number and no check code. `duplex`: two sides are one sheet. `offices` print it in bulk, if not all.
    `each_noted`: the trail holds a row of each case printed, also of many at once.
    """

    attachment: str
    title: str
    kind: str
    visible: Callable[..., Select]
    column: str | None
    fill: Callable[..., dict]
    private: tuple[str, ...] = ()
    gather: Callable[[Sequence, int, Actor], list] | None = None
    ledger: str = ""
    duplex: bool = False
    offices: tuple[Role, ...] = ()
    each_noted: bool = False
    yearly: bool = True

    @property
    def template(self) -> str:
        """The one template of this paper, for preview and PDF alike."""
        return f"papers/{self.kind}.html"

    @property
    def of_year(self) -> bool:
        """Whether there is one of each case and year, which becomes final when the year is closed."""
        return self.gather is not None and self.yearly

    def rows(self, by: Actor, year: int) -> Select:
        """The rows whose paper, that of the year where it has one, this person may see."""
        return self.visible(by, year) if self.of_year else self.visible(by)

    def cases(self, rows: Sequence, year: int, by: Actor) -> list:
        """What `fill` takes of each of these rows, in their order, for this person."""
        return self.gather(rows, year, by) if self.gather else list(rows)

    def note_each(self, by: Actor, ids: Sequence[int]) -> None:
        """Note in the audit trail that each of these cases was printed, where its looks are noted."""
        if self.each_noted:
            table = self.rows(by, clock.today().year).column_descriptions[0]["entity"].__tablename__
            audit.write_many(by, f"papers.print.{self.kind}", table, ids, self.private)

    def is_printed_in_bulk_by(self, by: Actor) -> bool:
        """Whether this person's office is offered it for printing many at once."""
        return bool(self.ledger) and (not self.offices or by.is_in(*self.offices))


PAPERS: dict[str, Paper] = {}


def paper(
    attachment: str,
    title: str,
    *,
    kind: str,
    who: Callable[..., Select],
    number: str | None = None,
    private: tuple[str, ...] = (),
    gather: Callable[[Sequence, int, Actor], list] | None = None,
    ledger: str | None = None,
    duplex: bool = False,
    offices: tuple[Role, ...] = (),
    each_noted: bool = False,
    yearly: bool = True,
):
    """Enter the decorated function into the catalogue as a paper of this kind."""

    def enter(fill: Callable[..., dict]) -> Callable[..., dict]:
        held_as = kind if ledger is None else ledger
        PAPERS[kind] = Paper(
            attachment, title, kind, who, number, fill, private, gather, held_as, duplex, offices, each_noted,
            yearly,
        )  # fmt: skip
        return fill

    return enter
