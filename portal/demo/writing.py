"""Bulk inserts: rows as plain values, ids given here, in parts that keep memory bounded."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from sqlalchemy import func, insert, select, text

from portal import vault
from portal.extensions import Base, db

PART = 2000


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
    rows, count = iter(rows), 0
    while part := list(islice(rows, PART)):
        db.session.execute(insert(model.__table__), part)
        count += len(part)
    return count


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
