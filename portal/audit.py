"""The audit trail: one row an act, in the same transaction, append-only and chained by HMAC.

Only one transaction at a time writes at the chain's end. What an act appends therefore waits in the session and is
written as the last thing before the commit: nobody who holds the chain's end waits for a case that somebody else holds.
"""

import datetime as dt
from collections.abc import Iterable
from contextlib import closing
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

from sqlalchemy import DDL, event, insert, select, text
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, SessionTransaction, mapped_column

from portal import clock, vault
from portal.actors import Actor
from portal.clock import Moment
from portal.extensions import Base, db
from portal.text import Text

GENESIS = "0" * 64
CHAIN_LOCK = 4242_2014  # PostgreSQL advisory lock: one writer at the chain's end at a time
_WAITING = "audit"  # in the session's info: the savepoints within which each entry was written, and its columns
request_id: ContextVar[str] = ContextVar("request_id", default="")


class AuditRow(Base):
    """One act: who, in which appointment, from where, what, on which row, which fields; never a value."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    request_id: Mapped[str] = mapped_column(Text(32))
    user_id: Mapped[int | None] = mapped_column(index=True)
    appointment_id: Mapped[int | None] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(Text(32))
    address: Mapped[str] = mapped_column(Text(64))
    act: Mapped[str] = mapped_column(Text(64))
    kind: Mapped[str] = mapped_column(Text(32))
    row_id: Mapped[int | None]
    fields: Mapped[str] = mapped_column(Text(500))
    reason: Mapped[str] = mapped_column(Text(500, lines=True))
    mac: Mapped[str] = mapped_column(Text(64))


def write(by: Actor, act: str, row=None, fields: tuple[str, ...] = (), reason: str = "") -> None:
    """Append one act to the trail; it is kept or lost together with the change itself."""
    db.session.flush()
    kind, row_id = (row.__tablename__, row.id) if row is not None else ("", None)
    _append(_said(by, act, kind, ",".join(fields), reason), (row_id,))


def write_many(by: Actor, act: str, kind: str, row_ids: Iterable[int], fields: Iterable[str] = ()) -> None:
    """Append the same act on many rows of one table, a row of the trail each, in the transaction that changes them."""
    db.session.flush()
    _append(_said(by, act, kind, ",".join(fields)), row_ids)


def _append(said: dict[str, Any], row_ids: Iterable[int | None]) -> None:
    session, within = db.session(), []
    if not session.in_transaction():
        session.begin()  # with whose end what waits is over
    nested = session.get_nested_transaction()
    while nested is not None:
        within.append(nested)
        nested = nested.parent
    waiting = session.info.setdefault(_WAITING, [])
    waiting += ((within, said | {"row_id": row_id}) for row_id in row_ids)


def _settle(session: Session) -> None:
    """Write what waits behind the chain's last row, which nobody else follows up until this transaction ends."""
    if not session.info.get(_WAITING) or session.in_nested_transaction():
        return
    waiting, entries = session.info.pop(_WAITING), []
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    head = session.execute(select(AuditRow.id, AuditRow.mac).order_by(AuditRow.id.desc()).limit(1)).first()
    last, mac = (head.id, head.mac) if head else (0, GENESIS)
    for number, (_, said) in enumerate(waiting, last + 1):
        entry = said | {"id": number}
        mac = entry["mac"] = _mac(SimpleNamespace(**entry), mac)
        entries.append(entry)
    session.execute(insert(AuditRow.__table__), entries)


@event.listens_for(db.session, "before_commit")
def _last_of_all(session: Session) -> None:
    _settle(session)


@event.listens_for(db.session, "do_orm_execute")
def _before_it_is_read(state: ORMExecuteState) -> None:
    """Whoever reads the trail finds what their own transaction did."""
    if state.session.info.get(_WAITING) and AuditRow.__mapper__ in state.all_mappers:
        _settle(state.session)


@event.listens_for(db.session, "after_soft_rollback")
def _undone(session: Session, ended: SessionTransaction) -> None:
    """What was written within a savepoint that is rolled back was not done."""
    if waiting := session.info.get(_WAITING):
        session.info[_WAITING] = [each for each in waiting if ended not in each[0]]


@event.listens_for(db.session, "after_transaction_end")
def _over(session: Session, ended: SessionTransaction) -> None:
    """Nothing waits beyond its transaction."""
    if ended.parent is None:
        session.info.pop(_WAITING, None)


def _said(by: Actor, act: str, kind: str, fields: str = "", reason: str = "") -> dict[str, Any]:
    return {
        "at": clock.now(), "request_id": request_id.get(), "user_id": by.user_id, "appointment_id": by.appointment_id,
        "role": by.role.value, "address": by.address, "act": act, "kind": kind, "fields": fields, "reason": reason,
    }  # fmt: skip


_END = select(AuditRow.mac).order_by(AuditRow.id.desc()).limit(1)


def end() -> str:
    """The chain's last link: as long as it stays the same, nobody has done anything."""
    return db.session.scalar(_END) or GENESIS


def first_broken() -> int | None:
    """The number of the first row whose chain does not hold, or None when the whole trail is sound."""
    previous, expected = GENESIS, 1
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=1000))
    with closing(rows):  # PostgreSQL keeps a cursor open for those not read
        for entry in rows:
            if entry.id != expected or entry.mac != _mac(entry, previous):
                return expected
            previous, expected = entry.mac, expected + 1
    return None


def _mac(entry: AuditRow | SimpleNamespace, previous: str) -> str:
    parts = (
        entry.id, entry.at.isoformat(timespec="microseconds"), entry.request_id, entry.user_id,
        entry.appointment_id, entry.role, entry.address, entry.act, entry.kind, entry.row_id, entry.fields,
        entry.reason,
    )  # fmt: skip
    return vault.keyed_hash("audit", "\x1f".join([previous, *map(repr, parts)]))


def _append_only(table) -> None:
    name = table.name
    for act in ("UPDATE", "DELETE"):
        event.listen(table, "after_create", DDL(sqlite_guard(name, act)).execute_if(dialect="sqlite"))
    event.listen(table, "after_create", DDL(sqlite_insert_guard(name)).execute_if(dialect="sqlite"))
    for statement in postgresql_guards(name):
        event.listen(table, "after_create", DDL(statement).execute_if(dialect="postgresql"))


def sqlite_guard(name: str, act: str) -> str:
    """The SQLite trigger that refuses an UPDATE or DELETE on an append-only table."""
    return (
        f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} "
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    )


def sqlite_insert_guard(name: str) -> str:
    """The SQLite trigger that lets a row in only behind the last one (INSERT OR REPLACE can't rewrite one)."""
    return (
        f"CREATE TRIGGER {name}_no_insert_between BEFORE INSERT ON {name} "
        f"WHEN NEW.id IS NOT NULL AND NEW.id > 0 AND NEW.id <= (SELECT COALESCE(MAX(id), 0) FROM {name}) "
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
    )


def postgresql_guards(name: str) -> list[str]:
    """The PostgreSQL function and trigger that refuse UPDATE, DELETE and TRUNCATE on an append-only table."""
    return [
        f"CREATE OR REPLACE FUNCTION {name}_guard() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{name} is append-only'; END; $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}_guard()",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_guard()",
    ]


_append_only(AuditRow.__table__)
