"""The lists behind all numbers of a table at once, for what is frozen: two queries a book, whatever there is.

A page asks for one list at a time (see behind); to ask so for each cell of a county would take minutes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, or_, select

from portal.extensions import db
from portal.reports import counting, naming
from portal.reports.behind import Behind
from portal.reports.counting import Lines
from portal.reports.scopes import By, Period, Scope
from portal.reports.tables import Table
from portal.reports.tallies import Kind, Tally, columns_of

FIRST = 4  # where the amounts of a line begin
# What one thing is in a list: its id, what it is called, what else is said, its address, and what it adds in each
# column of its book, in their order (0: it is not counted there).
Line = list


@dataclass(frozen=True)
class Listing:
    """All that a book counts for a table: the columns that it feeds, and by row its lines, in a readable order."""

    columns: tuple[str, ...]
    rows: dict[int, list[Line]]

    @property
    def key(self) -> str:
        """What it is kept under: its first column."""
        return self.columns[0]


def of_table(table: Table, by: By, scope: Scope, day: dt.date, let_go: Callable = lambda: None) -> list[Listing]:
    """The lists behind the numbers of all rows; those of the totals follow from them.

    `let_go` is called after each query: on SQLite a reader keeps every writer waiting until it ends.
    """
    period = Period.of(table.year, day)
    books: dict[Callable, list[Tally]] = defaultdict(list)
    for tally in columns_of(table.number, by):
        if tally.book is not None and tally.counted_by(by):
            books[tally.book].append(tally)
    lines = {book: counting.lines_of(book, by, scope, period) for book in books}
    names = _names(lines, let_go)
    return [_of_book(fed, lines[book], names[id(naming.THINGS[book])], let_go) for book, fed in books.items()]


def agrees(table: Table, found: list[Listing]) -> bool:
    """Whether each number is the length, or the sum, of its list; not so where something was written in between."""
    for listing in found:
        for place, key in enumerate(listing.columns, FIRST):
            for row in table.rows:
                if sum(line[place] for line in listing.rows.get(row.key, ())) != (row.cells.get(key) or 0):
                    return False
    return True


def behind(line: Line, place: int) -> Behind:
    """A line as the list of one of its columns has it."""
    thing, label, note, url = line[:FIRST]
    return Behind(thing, label, note, line[FIRST + place], url)


def _of_book(tallies: list[Tally], lines: Lines, names: dict[int, tuple], let_go: Callable) -> Listing:
    """What a book counts in each row, by column."""
    amounts = (func.sum(lines.c[tally.key]) for tally in tallies)
    rows = select(lines.row, lines.c.thing_id, *amounts).where(lines.within).group_by(lines.row, lines.c.thing_id)
    picked: dict[int, list[Line]] = defaultdict(list)
    for row, thing, *numbers in _read(rows, let_go):
        if any(numbers):
            told = [_amount(tally, number) for tally, number in zip(tallies, numbers, strict=True)]
            picked[row].append([thing, *names[thing][1:], *told])
    for those in picked.values():
        those.sort(key=lambda line: names[line[0]][0])
    return Listing(tuple(tally.key for tally in tallies), dict(picked))


def _names(lines: dict[Callable, Lines], let_go: Callable) -> dict[int, dict[int, tuple]]:
    """By kind of things and id: its place in the order, what it is called, what else is said, its address."""
    things = {id(thing): thing for thing in (naming.THINGS[book] for book in lines)}
    found: dict[int, dict[int, tuple]] = {}
    for key, thing in things.items():
        counted = [each for book, each in lines.items() if naming.THINGS[book] is thing]
        named = thing.rows.with_only_columns(thing.id, *thing.columns, maintain_column_froms=True)
        ids = (thing.id.in_(select(each.c.thing_id).where(each.within)) for each in counted)
        rows = _read(named.where(or_(*ids)).order_by(*thing.keys, thing.id), let_go)
        found[key] = {row.id: (place, *thing.told(row)) for place, row in enumerate(rows)}
    return found


def _read(rows: Select, let_go: Callable) -> Iterator[Row]:
    found = db.session.execute(rows).all()
    let_go()
    return iter(found)


def _amount(tally: Tally, amount: int | None) -> float:
    if tally.kind is Kind.DISTINCT:
        return 1 if amount else 0
    return (amount or 0) / 2 if tally.halves else int(amount or 0)
