"""The list behind a number of table 6 or 7, from the SELECT that counted it: its length, or its sum, is the number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Row, Select, func, select, true

from portal.actors import Actor
from portal.extensions import db
from portal.paging import page_of
from portal.reports import counting, naming, tables
from portal.reports.counting import WHOLE, Lines
from portal.reports.scopes import By, Period, Scope
from portal.reports.tallies import Kind, Tally, tally_of


@dataclass(frozen=True)
class Behind:
    """One thing that was counted: its id, what it is called, what else is said of it, how much it adds, its address.

    `amount` is 1, or hours. Behind the total of a distinct column the note names the rows that share the thing.
    """

    key: int
    label: str
    note: str
    amount: float
    url: str


@dataclass(frozen=True)
class Cell:
    """One number of a table: the row (WHOLE: the total), the column, and what the table is counted over.

    `shared` narrows the list behind a total to what several rows share.
    """

    tally: Tally
    row: int
    by: By
    scope: Scope
    period: Period
    shared: bool = False

    @property
    def lines(self) -> Lines:
        """The lines of the column's book that belong to the table."""
        return counting.lines_of(self.tally.book, self.by, self.scope, self.period)

    @property
    def thing(self) -> naming.Thing:
        """What is counted."""
        return naming.THINGS[self.tally.book]

    @property
    def is_union(self) -> bool:
        """Whether it is a total in which things that several rows share are counted once."""
        return self.row == WHOLE and self.tally.kind is Kind.DISTINCT

    def picked(self) -> Select:
        """The ids of the things that were counted, with the amount of each."""
        lines = self.lines
        amount = lines.c[self.tally.key]
        here = (lines.within, amount > 0, true() if self.row == WHOLE else lines.row == self.row)
        found = select(lines.c.thing_id, func.sum(amount).label("amount")).where(*here).group_by(lines.c.thing_id)
        return found.having(func.count(lines.row.distinct()) > 1) if self.shared else found


@dataclass(frozen=True)
class Page:
    """A part of a list: its things, which of them have a page that the reader may open, where the next part begins."""

    rows: list[Behind]
    open: set[int]
    next: int | None


def cell_of(
    number: int, row_key: int, column_key: str | None, by: By, scope: Scope, year: int, day: dt.date, shared=False
) -> Cell | None:
    """The number of this row and column, None where the table has no counted number there."""
    tally = tally_of(number, by, column_key)
    if tally is None or tally.book is None or not tally.counted_by(by):
        return None
    return Cell(tally, row_key, by, scope, Period.of(year, day), shared)


def rows(number: int, row_key: int, column_key: str, by: By, scope: Scope, year: int, day: dt.date) -> list[Behind]:
    """What the number in this cell was counted from (row_key -1: the total), in a readable order; [] of no number."""
    cell = cell_of(number, row_key, column_key, by, scope, year, day)
    return all_of(cell) if cell else []


def measure(cell: Cell) -> tuple[int, float]:
    """How many things stand behind a number, and what they add up to."""
    found = cell.picked().subquery()
    count, amount = db.session.execute(select(func.count(), func.sum(found.c.amount))).one()
    return count, _amount(cell.tally, amount or 0) if cell.tally.kind is Kind.ADDITIVE else count


def page(cell: Cell, after: str | None, by: Actor) -> Page:
    """The part of the list that begins after the thing with this id."""
    thing, ids = cell.thing, select(cell.picked().subquery().c.thing_id)
    part = page_of(thing.rows.where(thing.id.in_(ids)), after, *thing.keys, columns=thing.columns)
    here = [row.id for row in part.rows]
    return Page(_told(cell, part.rows, _amounts(cell, here)), open_of(thing, here, by), part.next)


def all_of(cell: Cell) -> list[Behind]:
    """All that a number was counted from."""
    thing, amounts = cell.thing, dict(iter(db.session.execute(cell.picked())))
    ids = select(cell.picked().subquery().c.thing_id)
    named = thing.rows.with_only_columns(thing.id, *thing.columns, maintain_column_froms=True)
    return _told(cell, db.session.execute(named.where(thing.id.in_(ids)).order_by(*thing.keys, thing.id)), amounts)


def _amounts(cell: Cell, ids: list[int]) -> dict[int, int]:
    found = cell.picked().subquery()
    return dict(iter(db.session.execute(select(found).where(found.c.thing_id.in_(ids)))))


def _told(cell: Cell, named: Iterable[Row], amounts: dict[int, int]) -> list[Behind]:
    found = []
    for row in named:
        label, note, url = cell.thing.told(row)
        found.append(Behind(row.id, label, note, _amount(cell.tally, amounts[row.id]), url))
    return _with_rows(cell, found) if cell.is_union else found


def _amount(tally: Tally, amount: int) -> float:
    if tally.kind is Kind.DISTINCT:
        return 1
    return amount / 2 if tally.halves else amount


def _with_rows(cell: Cell, found: list[Behind]) -> list[Behind]:
    """The same with the rows that share each thing, where there are several."""
    lines = cell.lines
    pairs = select(lines.c.thing_id, lines.row).where(lines.within, lines.c[cell.tally.key] > 0).distinct()
    pairs = pairs.where(lines.c.thing_id.in_([each.key for each in found])) if len(found) <= 100 else pairs
    shared: dict[int, list[int]] = defaultdict(list)
    for thing, row in db.session.execute(pairs):
        shared[thing].append(row)
    names = dict(tables.names(cell.by, cell.scope, {row for rows in shared.values() for row in rows}))
    order = {key: place for place, key in enumerate(names)}

    def note(each: Behind) -> str:
        rows = sorted(shared[each.key], key=lambda row: order[row])
        together = f"共有：{'、'.join(names[row] for row in rows)}" if len(rows) > 1 else ""
        return "；".join(filter(None, (each.note, together)))

    return [replace(each, note=note(each)) for each in found]


def open_of(thing: naming.Thing, ids: list[int], by: Actor) -> set[int]:
    """Those of these things whose page this person may open."""
    if thing.visible is None or not ids:
        return set()
    seen = thing.visible(by)
    model = seen.column_descriptions[0]["entity"]
    mine = seen.with_only_columns(model.id, maintain_column_froms=True).order_by(None)
    pages = select(thing.id).where(thing.id.in_(ids), thing.page_of.in_(mine))
    return set(db.session.scalars(pages))
