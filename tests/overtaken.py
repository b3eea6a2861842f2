"""Somebody else's row is there at the last moment: after ours was looked for in vain, right before it is written."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Table, event

from portal.extensions import db


@contextmanager
def by(table: Table, **values) -> Iterator[None]:
    """Let such a row come before the first one that is written to this table here.

    On PostgreSQL a second connection commits it; SQLite lets nobody else write, so there the same one writes it.
    """
    engine, statement = db.engine, table.insert().values(**values)

    def come_first(connection, _cursor, sql, *_rest) -> None:
        if sql.startswith(f"INSERT INTO {table.name} ") and table.name not in come:
            come.append(table.name)
            if engine.dialect.name == "sqlite":
                connection.execute(statement)
                return
            with engine.connect() as other:
                other.execute(statement)
                other.commit()

    come: list[str] = []
    event.listen(engine, "before_cursor_execute", come_first)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", come_first)
    assert come
