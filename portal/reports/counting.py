"""How a column is counted: one SELECT of what counts, added up by row. The list behind a number reads the same SELECT.

A book is a function of a `Period` that returns a SELECT with the columns `unit_id`, `supervisor_id`, `community_id`
(where each line belongs), `thing_id`, and one whole number for each column of the table that it feeds, named by the
column's key: how much this line adds there, 0 where it is not counted. An additive column sums these numbers, since
each line belongs to one row; a distinct one counts the things whose number is not 0, each once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, func, literal, select, true

from portal.extensions import db
from portal.people.models import Unit, UnitKind
from portal.people.queries import communities_of
from portal.reports.scopes import By, Period, Scope
from portal.reports.tallies import Kind, Tally

WHOLE = -1  # the key of the line of everything
NOWHERE = 0  # the key of the line of what has no community yet, and of the one line of the county
Numbers = dict[int, dict[str, int]]


@dataclass(frozen=True)
class Lines:
    """The lines of a book: their columns, the key of the row to which each belongs, and which belong to the table."""

    c: Any
    row: ColumnElement[int]
    within: ColumnElement[bool]


def lines_of(book: Callable[[Period], Select], by: By, scope: Scope, period: Period) -> Lines:
    """The lines of a book as rows of a table have them."""
    columns = book(period).subquery().c
    rows: dict[By, ColumnElement[int]] = {
        # No plain columns: the planner would group along an index that does not hold what is summed.
        By.UNITS: func.coalesce(columns.unit_id, NOWHERE),
        By.SUPERVISORS: func.coalesce(columns.supervisor_id, NOWHERE),
        By.COMMUNITIES: func.coalesce(columns.community_id, NOWHERE),
        By.COUNTY: literal(NOWHERE),
    }
    known = columns.unit_id.is_not(None) if by in (By.UNITS, By.SUPERVISORS) else true()
    return Lines(columns, rows[by], within_scope(columns, scope) & known)


def within_scope(columns, scope: Scope) -> ColumnElement[bool]:
    """The condition that a line, by its unit, supervisor and community, lies in a scope."""
    if scope.supervisor_id is not None:
        return columns.supervisor_id == scope.supervisor_id
    if scope.unit_id is not None:
        return columns.unit_id == scope.unit_id
    if scope.town_id is not None:
        return columns.community_id.in_(communities_of(scope.town_id))
    if scope.community_id is not None:
        return columns.community_id == scope.community_id
    return columns.unit_id.in_(select(Unit.id).where(Unit.kind == UnitKind.OFFICE)) if scope.offices else true()


def numbers(tallies: Iterable[Tally], by: By, scope: Scope, period: Period) -> Numbers:
    """By row and column key what these columns count; under WHOLE the totals. Two queries a book, whatever there is."""
    found: Numbers = defaultdict(dict)
    for book, fed in _by_book(tallies, by).items():
        lines = lines_of(book, by, scope, period)
        counts = [_number(tally, lines).label(tally.key) for tally in fed]
        of_rows = select(lines.row.label("row"), *counts).where(lines.within).group_by(lines.row)
        for row, *values in db.session.execute(of_rows):
            found[row] |= _told(fed, values)
        additive = all(tally.kind is Kind.ADDITIVE for tally in fed)
        found[WHOLE] |= _summed(fed, found) if additive else _told(fed, db.session.execute(
            select(*counts).where(lines.within)).one())  # fmt: skip
    return found


def _by_book(tallies: Iterable[Tally], by: By) -> dict[Callable, list[Tally]]:
    found: dict[Callable, list[Tally]] = defaultdict(list)
    for tally in tallies:
        if tally.book is not None and tally.counted_by(by):
            found[tally.book].append(tally)
    return found


def _number(tally: Tally, lines: Lines) -> ColumnElement[int]:
    amount = lines.c[tally.key]
    if tally.kind is Kind.ADDITIVE:
        return func.sum(amount)
    return func.count(distinct(case((amount > 0, lines.c.thing_id))))


def _told(fed: list[Tally], values: Iterable) -> dict[str, int]:
    return {tally.key: int(value or 0) for tally, value in zip(fed, values, strict=True)}


def _summed(fed: list[Tally], found: Numbers) -> dict[str, int]:
    return {tally.key: sum(cells.get(tally.key, 0) for row, cells in found.items() if row != WHOLE) for tally in fed}
