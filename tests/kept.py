"""What a database holds, kept by a test process to be put back: filling one anew takes far longer."""

import sqlite3

from psycopg import sql

from portal.extensions import Base, db

Kept = sqlite3.Connection | dict[str, bytes]


def keep() -> Kept:
    """All that is committed in the database of the application."""
    raw = db.engine.raw_connection()
    try:
        if db.engine.dialect.name == "sqlite":
            copy = sqlite3.connect(":memory:", check_same_thread=False)
            raw.driver_connection.backup(copy)
            return copy
        found = {table.name: _copied(raw.driver_connection, table.name) for table in Base.metadata.sorted_tables}
        return {name: rows for name, rows in found.items() if rows}
    finally:
        raw.close()


def put_back(kept: Kept) -> None:
    """Let the database hold that again; on PostgreSQL it must be empty."""
    db.session.remove()
    if isinstance(kept, sqlite3.Connection):
        raw = db.engine.raw_connection()
        try:
            kept.backup(raw.driver_connection)
        finally:
            raw.close()
        return
    with db.engine.begin() as connection, connection.connection.driver_connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # guards and keys stand aside
        for name, rows in kept.items():
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                copy.write(rows)
        cursor.execute("SET session_replication_role = DEFAULT")


def _copied(connection, table: str) -> bytes:
    command = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(command) as rows:
        return b"".join(bytes(row) for row in rows)
