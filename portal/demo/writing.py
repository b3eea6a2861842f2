"""Bulk inserts: rows as plain values, ids given here, in parts that keep memory bounded."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from itertools import islice
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, text

from portal import vault
from portal.extensions import Base, db

PART = 2000
MOST_KNOWN = 5000
REPEATED = (str, Enum, dt.time, type(None))


class Ids:
    """The next id of each table, counted here so that rows can name one another before they are written."""

    def __init__(self):
        """Every table begins with 1: the database is empty."""
        self._last: dict[str, int] = defaultdict(int)

    def next(self, model: type[Base]) -> int:
        """The id of a new row of this table."""
        self._last[model.__tablename__] += 1
        return self._last[model.__tablename__]


def write(model: type[Base], rows: Iterable[dict]) -> int:
    """Insert rows of one table (all with the same keys); how many they were."""
    rows, count, form = iter(rows), 0, None
    while part := list(islice(rows, PART)):
        form = form or _Insert(model.__table__, tuple(part[0]))
        db.session.connection().exec_driver_sql(form.statement, [form.values(row) for row in part])
        count += len(part)
    return count


@contextmanager
def in_bulk(*models: type[Base]) -> Iterator[None]:
    """Without the indexes of these tables while they are filled: built at once afterwards they cost a quarter."""
    connection = db.session.connection()
    aside = [index for model in models for index in model.__table__.indexes if not index.unique]
    for index in aside:
        index.drop(connection)
    yield
    for index in aside:
        index.create(connection)


class _Insert:
    """One INSERT as the driver takes it.

    The same few hundred words and enums stand in hundreds of thousands of rows: each is checked and turned into what
    the driver takes once, by the column's own type.
    """

    def __init__(self, table: Table, given: tuple[str, ...]):
        """The statement for these columns, and for those that have a default."""
        dialect = db.session.connection().dialect
        self._default: dict[str, Any] = {
            c.name: c.default for c in table.c if c.default is not None and c.name not in given
        }
        names = [*given, *self._default]
        compiled = insert(table).values({name: bindparam(name) for name in names}).compile(dialect=dialect)
        self.statement = compiled.string
        self._placed: list[str] | None = compiled.positiontup  # type: ignore[attr-defined]
        types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
        processes = {name: kind.bind_processor(dialect) for name, kind in types.items()}
        self._turn = {name: _turning(process) for name, process in processes.items() if process}

    def values(self, row: dict) -> tuple | dict:
        """What the driver takes for a row."""
        given, turn = row, self._turn
        if self._default:
            context = SimpleNamespace(get_current_parameters=lambda: row)
            given = row | {name: one.arg if one.is_scalar else one.arg(context) for name, one in self._default.items()}
        if self._placed is not None:
            return tuple([turn[name](given[name]) if name in turn else given[name] for name in self._placed])
        return {name: turn[name](value) if name in turn else value for name, value in given.items()}


def _turning(process: Callable) -> Callable:
    """What turns a value of one column, which remembers what comes again and again."""
    known: dict = {}

    def turn(value):
        found = known.get(value, known) if isinstance(value, REPEATED) else known
        if found is known:
            found = process(value)
            if len(known) < MOST_KNOWN and isinstance(value, REPEATED):
                known[value] = found
        return found

    return turn


def sealed(model: type[Base], **fields: str | None) -> dict:
    """The columns of a sealed row: its seal id and each field's ciphertext."""
    seal_id = uuid.uuid4().hex
    values: dict = {"seal_id": seal_id}
    for name, plain in fields.items():
        place = f"{model.__tablename__}.{name}:{seal_id}"
        values[f"{name}_sealed"] = vault.seal(plain, place) if plain else None
    return values


def let_sequences_follow() -> None:
    """On PostgreSQL: let each table's sequence go on after the ids given here."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        if "id" not in table.c:
            continue
        last = db.session.scalar(select(func.max(table.c.id)))
        if last:
            sequence = {"name": table.name, "last": last}
            db.session.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), sequence)
