"""The catalogue of official papers: each is one decorated function that returns plain values."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Select

from portal.actors import Actor


@dataclass(frozen=True)
class Paper:
    """One kind of paper: its attachment number, title, whose cases it is printed from, and its cells.

    `visible(by)` selects the cases whose paper this person may see; `column` is the case's column that holds
    the paper's number, or None where only the ledger knows it. `fill(row, full)` returns the cells as plain
    values, never a row, so that a paper can't show a column nobody listed; without `full`, phone and address
    are masked.
    """

    attachment: str
    title: str
    kind: str
    visible: Callable[[Actor], Select]
    column: str | None
    fill: Callable[..., dict]

    @property
    def template(self) -> str:
        """The one template of this paper, for preview and PDF alike."""
        return f"papers/{self.kind}.html"


PAPERS: dict[str, Paper] = {}


def paper(attachment: str, title: str, *, kind: str, who: Callable[[Actor], Select], number: str | None = None):
    """Enter the decorated function into the catalogue as a paper of this kind."""

    def enter(fill: Callable[..., dict]) -> Callable[..., dict]:
        PAPERS[kind] = Paper(attachment, title, kind, who, number, fill)
        return fill

    return enter
