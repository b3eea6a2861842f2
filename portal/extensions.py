"""The libraries that the whole house shares, and how transactions begin."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ClassVar

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """The base of every table: one naming convention, so that migrations can name what they alter."""

    __table__: ClassVar[Table]  # type: ignore[assignment]
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()

# Whether the present request may write. GET reads only; commands, the worker and tests write.
_may_write: ContextVar[bool] = ContextVar("may_write", default=True)


def set_may_write(allowed: bool) -> None:
    """Say whether transactions begun from here on may write."""
    _may_write.set(allowed)


@contextmanager
def reading() -> Iterator[None]:
    """Run slow work (hashing, parsing, drawing) without holding the write lock of the transaction around it."""
    db.session.rollback()
    token = _may_write.set(False)
    try:
        yield
        db.session.rollback()
    finally:
        _may_write.reset(token)


@contextmanager
def one_reading() -> Iterator[Callable[[], None]]:
    """Let all queries of a long reading see one moment, where that keeps no writer waiting (PostgreSQL, WAL).

    What it yields is called after each query: with a journal it ends that query's reading, elsewhere it does nothing.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    waits = db.session.get_bind().dialect.name == "sqlite" and journal_mode() == "DELETE"
    yield db.session.rollback if waits else lambda: None


def sqlite_has_wal_fix(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite library has the fix of the WAL-reset bug (3.51.3, 3.50.7+, 3.44.6+)."""
    major, minor, patch = version
    if major != 3:
        return major > 3
    return minor > 51 or (minor, patch) >= (51, 3) or (minor == 50 and patch >= 7) or (minor == 44 and patch >= 6)


def journal_mode() -> str:
    """The journal mode for SQLite: WAL only where the library can be trusted with it, else DELETE."""
    return "WAL" if sqlite_has_wal_fix(sqlite3.sqlite_version_info) else "DELETE"


def prepare_engine(engine: Engine) -> None:
    """Make every transaction of this engine begin as the request needs: read-only, or with the write lock at once."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "rollback", _end_postgresql)


def _set_pragmas(connection, _record) -> None:
    # Autocommit mode of the driver: its own deferred BEGIN let two writers claim one wish.
    connection.isolation_level = None
    for pragma in (
        "busy_timeout=10000",
        f"journal_mode={journal_mode()}",
        "foreign_keys=ON",
        "synchronous=FULL",
        "recursive_triggers=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection) -> None:
    writes = _may_write.get()
    connection.exec_driver_sql(f"PRAGMA query_only={0 if writes else 1}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection) -> None:
    # The driver says so with its BEGIN; a statement of its own would be a journey to the database more.
    connection.connection.dbapi_connection.read_only = not _may_write.get()


def _end_postgresql(connection) -> None:
    # The driver forgets its prepared statements at each ROLLBACK, and planning took as long as all the rest. What
    # only read has nothing to take back.
    opened = connection.connection.dbapi_connection
    if opened.read_only:
        opened.execute("COMMIT")
