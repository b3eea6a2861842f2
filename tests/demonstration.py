"""The small demonstration for tests: written once by each process and day, then put back as it stood.

Writing it takes seconds, and a hundred tests look at it.
"""

import datetime as dt
import sqlite3

from psycopg import sql

from portal import clock
from portal.demo import commands
from portal.demo.county import County
from portal.demo.scale import SMALL
from portal.demo.writing import let_sequences_follow
from portal.duties import tally
from portal.extensions import Base, db
from portal.wishes import wall_cache

_kept: dict[dt.date, tuple[County, "sqlite3.Connection | dict[str, bytes]"]] = {}


def load() -> County:
    """The demonstration of today in the empty database, committed."""
    if clock.today() not in _kept:
        county = commands.load(SMALL)
        db.session.commit()
        _kept[clock.today()] = county, _stored()
        return county
    county, kept = _kept[clock.today()]
    db.session.remove()
    _put_back(kept)
    wall_cache.forget()
    tally.forget()
    return county


def _stored() -> sqlite3.Connection | dict[str, bytes]:
    raw = db.engine.raw_connection()
    try:
        if db.engine.dialect.name == "sqlite":
            copy = sqlite3.connect(":memory:", check_same_thread=False)
            raw.driver_connection.backup(copy)
            return copy
        return {table.name: _copied(raw.driver_connection, table.name) for table in Base.metadata.sorted_tables}
    finally:
        raw.close()


def _copied(connection, table: str) -> bytes:
    command = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(command) as rows:
        return b"".join(bytes(row) for row in rows)


def _put_back(kept: sqlite3.Connection | dict[str, bytes]) -> None:
    raw = db.engine.raw_connection()
    try:
        if isinstance(kept, sqlite3.Connection):
            kept.backup(raw.driver_connection)
            return
        with raw.driver_connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # the guards stand aside, as for emptying
            for name, rows in kept.items():
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                    copy.write(rows)
            cursor.execute("SET session_replication_role = DEFAULT")
        raw.driver_connection.commit()
    finally:
        raw.close()
    let_sequences_follow()
    db.session.commit()
