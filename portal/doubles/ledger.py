"""The ledger of a merging: every value that it changed, with what stood there before, so that it can be reversed.

It is written by the session itself while rows change, so that no room can forget to tell. It holds whatever stood
in the rows, so it is kept sealed, and only for as long as a merging can be reversed.
"""

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from portal.extensions import Base, db
from portal.labels import Labelled

# The count of changes goes on: who opened a page before the reversal is told so.
NOT_KEPT = {"version"}


@dataclass(frozen=True)
class Change:
    """One value of one row: what stood there before, and what stands there after the merging."""

    table: str
    row_id: int
    column: str
    before: Any
    after: Any

    @property
    def model(self) -> type[Base]:
        """The kind of row."""
        mapped = (mapper.class_ for mapper in Base.registry.mappers)
        return next(each for each in mapped if each.__table__.name == self.table)


@contextmanager
def written_down() -> Iterator[list[Change]]:
    """The list of what the rows of this session change inside; complete when the block is left."""
    values: dict[tuple[str, int, str], list] = {}
    changes: list[Change] = []

    def note(session: Session, _flush) -> None:
        for row in session.dirty:
            for column, before, after in _changed(row):
                values.setdefault((row.__tablename__, row.id, column), [before, after])[1] = after

    session = db.session()
    session.flush()
    event.listen(session, "after_flush", note)
    try:
        yield changes
        session.flush()
    finally:
        event.remove(session, "after_flush", note)
    changes += [Change(*key, before, after) for key, (before, after) in values.items() if before != after]


def _changed(row: Any) -> Iterator[tuple[str, Any, Any]]:
    state = inspect(row)
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if column.key in NOT_KEPT or not history.has_changes():
            continue
        if not history.deleted:
            raise LookupError(f"{row.__tablename__}.{column.key} was set without being read")
        yield column.key, history.deleted[0], history.added[0]


def dumped(unit_id: int, changes: list[Change]) -> str:
    """The ledger as text: the unit of the row that stayed, and what was changed."""
    lines = [[each.table, each.row_id, each.column, _plain(each.before), _plain(each.after)] for each in changes]
    return json.dumps([unit_id, lines], ensure_ascii=False, separators=(",", ":"))


def loaded(text: str) -> tuple[int, list[Change]]:
    """The ledger that was written as this text."""
    found = []
    unit_id, lines = json.loads(text)
    for table, row_id, column, *values in lines:
        kind = Change(table, row_id, column, None, None).model.__table__.c[column].type
        found.append(Change(table, row_id, column, *(_typed(value, kind) for value in values)))
    return unit_id, found


_READ: dict[str, Callable[[str], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "bytes": base64.b64decode,
}


def _plain(value: Any) -> Any:
    """A value as JSON holds it: what JSON has no word for with the name of its kind."""
    if isinstance(value, Labelled):
        return value.value
    if isinstance(value, bytes):
        return ["bytes", base64.b64encode(value).decode()]
    return [type(value).__name__, value.isoformat()] if isinstance(value, dt.date | dt.time) else value


def _typed(value: Any, kind: Any) -> Any:
    if isinstance(value, list):
        name, text = value
        return _READ[name](text)
    enum = getattr(kind, "enum_class", None)
    return enum(value) if enum and value is not None else value
