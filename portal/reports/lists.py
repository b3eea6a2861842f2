"""The lists behind all numbers of a table at once, for what is frozen: two queries a book, whatever there is.

A page asks for one list at a time (see behind); to ask so for each cell of a county would take minutes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator

from sqlalchemy import Row, func, or_, select

from portal.extensions import db
from portal.reports import counting, naming
from portal.reports.behind import Behind
from portal.reports.counting import Lines
from portal.reports.scopes import By, Period, Scope
from portal.reports.tables import Table
from portal.reports.tallies import Kind, Tally, columns_of

# By column and row, what its number was counted from.
Lists = dict[str, dict[int, list[Behind]]]


def of_table(table: Table, by: By, scope: Scope, day: dt.date) -> Lists:
    """The list behind each number of each row, in a readable order; those of the totals follow from them."""
    period = Period.of(table.year, day)
    books: dict[Callable, list[Tally]] = defaultdict(list)
    for tally in columns_of(table.number, by):
        if tally.book is not None and tally.counted_by(by):
            books[tally.book].append(tally)
    lines = {book: counting.lines_of(book, by, scope, period) for book in books}
    names = _names(lines)
    found: Lists = {}
    for book, tallies in books.items():
        found |= _of_book(tallies, lines[book], names[id(naming.THINGS[book])])
    return found


def agrees(table: Table, found: Lists) -> bool:
    """Whether each number is the length, or the sum, of its list; not so where something was written in between."""
    return all(
        _adds_up(row.cells.get(key) or 0, found[key].get(row.key, []), table.column(key).kind)
        for row in table.rows
        for key in found
    )


def _adds_up(number, lines: list[Behind], kind: str) -> bool:
    counted = len(lines) if kind == Kind.DISTINCT.value else sum(line.amount for line in lines)
    return counted == number


def _of_book(tallies: list[Tally], lines: Lines, names: dict[int, tuple]) -> Lists:
    """What a book counts in each row, by column."""
    amounts = (func.sum(lines.c[tally.key]) for tally in tallies)
    rows = select(lines.row, lines.c.thing_id, *amounts).where(lines.within).group_by(lines.row, lines.c.thing_id)
    picked: dict[str, dict[int, list[tuple]]] = {tally.key: defaultdict(list) for tally in tallies}
    for row, thing, *numbers in _read(rows):
        for tally, amount in zip(tallies, numbers, strict=True):
            if amount:
                picked[tally.key][row].append((names[thing], thing, _amount(tally, amount)))
    return {
        key: {
            row: [Behind(thing, label, note, amount, url) for (_, label, note, url), thing, amount in sorted(those)]
            for row, those in of_rows.items()
        }
        for key, of_rows in picked.items()
    }


def _names(lines: dict[Callable, Lines]) -> dict[int, dict[int, tuple]]:
    """By kind of things and id: its place in the order, what it is called, what else is said, its address."""
    things = {id(thing): thing for thing in (naming.THINGS[book] for book in lines)}
    found: dict[int, dict[int, tuple]] = {}
    for key, thing in things.items():
        counted = [each for book, each in lines.items() if naming.THINGS[book] is thing]
        named = thing.rows.with_only_columns(thing.id, *thing.columns, maintain_column_froms=True)
        ids = (thing.id.in_(select(each.c.thing_id).where(each.within)) for each in counted)
        rows = _read(named.where(or_(*ids)).order_by(*thing.keys, thing.id))
        found[key] = {row.id: (place, *thing.told(row)) for place, row in enumerate(rows)}
    return found


def _read(rows) -> Iterator[Row]:
    """All rows, after which nothing is held: on SQLite a reader keeps every writer waiting until it ends."""
    found = db.session.execute(rows).all()
    db.session.rollback()
    return iter(found)


def _amount(tally: Tally, amount: int) -> float:
    if tally.kind is Kind.DISTINCT:
        return 1
    return amount / 2 if tally.halves else int(amount)
