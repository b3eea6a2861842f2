"""What an act changes, row by row, so that it can be taken back exactly.

While an act is watched, a listener looks at each flush: of a row about to be changed or deleted it keeps how the row
stands in the database, of a new one that it is new. Taken back, each row gets its former values again, in the
opposite order, provided that it still stands as the act left it.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import Column, Table, event, select
from sqlalchemy.orm import Session

from portal import vault
from portal.clock import Moment
from portal.extensions import Base, db
from portal.history import HistoryLine
from portal.labels import Labelled

# What is kept of every act, whatever becomes of it.
_left_tables = {"history", "audit", "counters", "once_keys", "bulk_acts", "bulk_lines", "undo_notes"}
_left_columns: dict[str, set[str]] = {}
COUNT = "version"  # counts how often a row was changed, where the column does not say that it is
A_FACT = {"is_a_fact": True}


def leave_alone(model: type[Base], *columns: str) -> None:
    """Undo neither looks at these columns of a table nor takes them back; without columns, at the whole table."""
    _left_columns.setdefault(model.__tablename__, set()).update(columns)
    _left_tables.update([] if columns else [model.__tablename__])


@dataclass(frozen=True)
class Change:
    """What an act did to one row: the former values of what it changed (None: the row is new), and a fingerprint of
    how it left them (None: the row is gone).
    """

    kind: str
    row_id: int
    before: dict | None
    after: str | None

    @property
    def table(self) -> Table:
        """The table of the row."""
        return Base.metadata.tables[self.kind]

    @property
    def values(self) -> dict:
        """The former values as the columns hold them."""
        return {name: _read(value, self.table.c[name]) for name, value in (self.before or {}).items()}

    def stands(self, hold: bool = False) -> bool:
        """Whether the row, held for this transaction where it is to be written, is still as the act left it."""
        now = _stored(self.kind, self.row_id, hold)
        if now is None or self.after is None:
            return now is None and self.after is None
        return self.after == _fingerprint(self.kind, self.before or now, now)

    def take_back(self) -> None:
        """Give the row its former values, put it back where it was deleted, or take it away where it was new."""
        mine = self.table.c.id == self.row_id
        if self.before is None:
            db.session.execute(sa.delete(self.table).where(mine))
        elif self.after is None:
            db.session.execute(sa.insert(self.table).values(self.values))
        else:
            counted = {COUNT: self.table.c[COUNT] + 1} if _is_counted(self.kind) else {}
            db.session.execute(sa.update(self.table).where(mine).values(self.values | counted))


@dataclass
class Watch:
    """The rows that an act has touched so far, in their order, as they stood before; and the lines it wrote."""

    rows: dict[tuple[str, int], dict | None] = field(default_factory=dict)
    lines: dict[tuple[str, int], int] = field(default_factory=dict)

    def look(self, row) -> None:
        """A row that is about to be changed."""
        key = (row.__tablename__, sa.inspect(row).identity[0])
        if key not in self.rows and row.__tablename__ not in _left_tables:
            self.rows[key] = _stored(*key)

    def look_at_new(self, row) -> None:
        """A row that has just been written."""
        if isinstance(row, HistoryLine):
            self.lines[row.kind, row.row_id] = row.id
        elif row.__tablename__ not in _left_tables:
            self.rows.setdefault((row.__tablename__, row.id), None)

    def changes(self) -> list[Change]:
        """What came of it in the end."""
        found = (_change(*key, before) for key, before in self.rows.items())
        return [change for change in found if change is not None]


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching() -> Iterator[Watch]:
    """Look at everything that is written while this lasts."""
    token = _watch.set(watch := Watch())
    try:
        yield watch
    finally:
        _watch.reset(token)


def _before_flush(session: Session, _context, _instances) -> None:
    if watch := _watch.get():
        for row in [*session.dirty, *session.deleted]:
            watch.look(row)


def _after_flush(session: Session, _context) -> None:
    if watch := _watch.get():
        for row in session.new:
            watch.look_at_new(row)


event.listen(db.session, "before_flush", _before_flush)
event.listen(db.session, "after_flush", _after_flush)


def written(changes: Iterable[Change], lines: dict[tuple[str, int], int]) -> str:
    """Changes, and the lines of history that were written with them, as one text."""
    rows = [[change.kind, change.row_id, change.before, change.after] for change in changes]
    return json.dumps([rows, [[*key, line] for key, line in lines.items()]], ensure_ascii=False)


def read(text: str) -> tuple[list[Change], dict[tuple[str, int], int]]:
    """What `written` wrote."""
    rows, lines = json.loads(text)
    return [Change(*row) for row in rows], {(kind, row_id): line for kind, row_id, line in lines}


def _stored(kind: str, row_id: int, hold: bool = False) -> dict | None:
    """The row as it stands in the database, whatever the session knows of it."""
    table = Base.metadata.tables[kind]
    found = select(table).where(table.c.id == row_id)
    row = db.session.connection().execute(found.with_for_update() if hold else found).mappings().first()
    return None if row is None else {name: _plain(value) for name, value in row.items()}


def _change(kind: str, row_id: int, before: dict | None) -> Change | None:
    now = _stored(kind, row_id)
    if before is None or now is None:
        new = None if now is None else _fingerprint(kind, now, now)
        return Change(kind, row_id, before, new) if before is not now else None
    changed = {name: before[name] for name in _told(kind, before) if before[name] != now[name]}
    return Change(kind, row_id, changed, _fingerprint(kind, changed, now)) if changed else None


def _is_counted(kind: str) -> bool:
    columns = Base.metadata.tables[kind].c
    return COUNT in columns and not columns[COUNT].info.get("is_a_fact")


def _told(kind: str, columns: Iterable[str]) -> list[str]:
    left = _left_columns.get(kind, set()) | ({COUNT} if _is_counted(kind) else set())
    return sorted(set(columns) - left)


def _fingerprint(kind: str, columns: Iterable[str], row: dict) -> str:
    """A keyed fingerprint of these columns, so that a note of what was changed need not hold what it became."""
    named = _told(kind, columns)
    return vault.keyed_hash("index", json.dumps([[name, row[name]] for name in named], ensure_ascii=False))


def _plain(value):
    """A value of a column as JSON has it."""
    if isinstance(value, Labelled):
        return value.value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _read(value, column: Column):
    """The value of a column from JSON."""
    kind = column.type
    if value is None:
        return None
    if isinstance(kind, sa.Enum):
        return kind.enum_class(value)  # type: ignore[misc]
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    for type_, python in ((Moment, dt.datetime), (sa.Date, dt.date), (sa.Time, dt.time)):
        if isinstance(kind, type_):
            return python.fromisoformat(value)
    return value
