"""The lists behind all numbers of a table at once, for what is frozen: one query a book, whatever there is.

A page asks for one list at a time (see behind); to ask so for each cell of a county would take minutes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, select

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


def books_of(table: Table) -> dict[Callable, list[Tally]]:
    """The books that a table is counted from, each with the columns that it feeds."""
    by, books = By(table.by), defaultdict(list)
    for tally in columns_of(table.number, by):
        if tally.book is not None and tally.counted_by(by):
            books[tally.book].append(tally)
    return books


def kept_under(table: Table) -> dict[str, list]:
    """By column under which key its list is kept, and at which place of a line its amount stands."""
    found: dict[str, list] = {}
    for fed in books_of(table).values():
        found |= {tally.key: [fed[0].key, place] for place, tally in enumerate(fed)}
    return found


def of_table(table: Table, scope: Scope, day: dt.date, let_go: Callable = lambda: None) -> Iterator[Listing]:
    """The lists behind the numbers of all rows, book by book; those of the totals follow from them.

    `let_go` is called after each query: a reader may keep every writer waiting until it ends.
    """
    by, period = By(table.by), Period.of(table.year, day)
    for book, fed in books_of(table).items():
        yield _of_book(fed, counting.lines_of(book, by, scope, period), naming.THINGS[book], let_go)


def agrees(table: Table, listing: Listing) -> bool:
    """Whether each number is the length, or the sum, of its list; not so where something was written in between."""
    for place, key in enumerate(listing.columns, FIRST):
        for row in table.rows:
            if sum(line[place] for line in listing.rows.get(row.key, ())) != (row.cells.get(key) or 0):
                return False
    return True


def behind(line: Line, place: int) -> Behind:
    """A line as the list of one of its columns has it."""
    thing, label, note, url = line[:FIRST]
    return Behind(thing, label, note, line[FIRST + place], url)


def _of_book(fed: list[Tally], lines: Lines, thing: naming.Thing, let_go: Callable) -> Listing:
    """What a book counts in each row, by column; what only adds up has one line a thing already."""
    additive = all(tally.kind is Kind.ADDITIVE for tally in fed)
    amounts = [lines.c[tally.key] if additive else func.sum(lines.c[tally.key]) for tally in fed]
    named = [amount.label(f"amount_{place}") for place, amount in enumerate(amounts)]
    counted = select(lines.row.label("row"), lines.c.thing_id, *named).where(lines.within)
    counted_once = (counted if additive else counted.group_by(lines.row, lines.c.thing_id)).subquery()
    rows = thing.rows.with_only_columns(
        counted_once.c.row, thing.id, *(counted_once.c[each.name] for each in named), *thing.columns,
        maintain_column_froms=True,
    ).join(counted_once, counted_once.c.thing_id == thing.id)  # fmt: skip
    picked: dict[int, list[Line]] = defaultdict(list)
    end, told = 2 + len(fed), [_words(tally) for tally in fed]
    for row in _read(rows.order_by(*thing.keys, thing.id), let_go):
        numbers = row[2:end]
        if any(numbers):
            shown = [say(number) for say, number in zip(told, numbers, strict=True)]
            picked[row[0]].append([row[1], *thing.told(row), *shown])
    return Listing(tuple(tally.key for tally in fed), dict(picked))


def _read(rows: Select, let_go: Callable) -> Iterator[Row]:
    found = db.session.execute(rows).all()
    let_go()
    return iter(found)


def _words(tally: Tally) -> Callable[[int | None], float]:
    """How an amount of this column stands in a line."""
    if tally.kind is Kind.DISTINCT:
        return lambda amount: 1 if amount else 0
    return (lambda amount: (amount or 0) / 2) if tally.halves else lambda amount: int(amount or 0)
