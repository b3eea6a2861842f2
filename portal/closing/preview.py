"""What closing a year will do, kind by kind, with counts: one query for all of them, and each opens its list."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from portal.closing import going_on, in_the_way, unfinished  # noqa: F401  (fill the kinds, in this order)
from portal.closing.kinds import KINDS, Fate, Kind, Line
from portal.extensions import db
from portal.paging import Page, page_of


@dataclass(frozen=True)
class Found:
    """A kind of thing, and how many of it are left of a year."""

    kind: Kind
    count: int


def found(year: int) -> list[Found]:
    """All kinds with their counts, what is in the way first."""
    counts = select(*(_count(kind.rows(year)).label(kind.key) for kind in KINDS.values()))
    numbers = db.session.execute(counts).one()
    return [Found(kind, number) for kind, number in zip(KINDS.values(), numbers, strict=True)]


def in_the_way_of(year: int) -> list[Found]:
    """The kinds of which something has to be finished before this year is closed."""
    return [each for each in found(year) if each.kind.fate is Fate.IN_THE_WAY and each.count]


def by_fate(all_found: list[Found]) -> list[tuple[Fate, list[Found]]]:
    """The kinds under what becomes of them; those of which there is nothing are left out."""
    groups = [(fate, [each for each in all_found if each.kind.fate is fate and each.count]) for fate in Fate]
    return [(fate, kinds) for fate, kinds in groups if kinds]


def lines(kind: Kind, year: int, after: str | None) -> tuple[list[Line], Page]:
    """A page of the list of one kind, the oldest first."""
    page = page_of(kind.rows(year), after)
    return [kind.line(row) for row in page.rows], page


def _count(rows: Select):
    model = rows.column_descriptions[0]["entity"]
    ids = rows.with_only_columns(model.id, maintain_column_froms=True).order_by(None).subquery()
    return select(func.count()).select_from(ids).scalar_subquery()
