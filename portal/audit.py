"""The audit trail: one row an act, in the same transaction, append-only and chained by HMAC."""

import datetime as dt
from collections.abc import Iterable
from contextlib import closing
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

from sqlalchemy import DDL, event, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock, vault
from portal.actors import Actor
from portal.clock import Moment
from portal.extensions import Base, db
from portal.text import Text

GENESIS = "0" * 64
_CHAIN_LOCK = 4242_2014  # PostgreSQL advisory lock: one writer at the chain's end at a time
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
    kind, row_id = (row.__tablename__, row.id) if row is not None else ("", None)
    last, mac = _head()
    entry = AuditRow(id=last + 1, row_id=row_id, **_said(by, act, kind, ",".join(fields), reason))
    entry.mac = _mac(entry, mac)
    db.session.add(entry)
    db.session.flush()


def write_many(by: Actor, act: str, kind: str, row_ids: Iterable[int], fields: Iterable[str] = ()) -> None:
    """Append the same act on many rows of one table, a row of the trail each, in the transaction that changes them."""
    (last, mac), said, entries = _head(), _said(by, act, kind, ",".join(fields)), []
    for number, row_id in enumerate(row_ids, last + 1):
        entry = said | {"id": number, "row_id": row_id}
        mac = entry["mac"] = _mac(SimpleNamespace(**entry), mac)
        entries.append(entry)
    if entries:
        db.session.execute(insert(AuditRow.__table__), entries)


def _head() -> tuple[int, str]:
    """The number and the link of the chain's last row, which nobody else follows up until this transaction ends."""
    db.session.flush()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    head = db.session.execute(select(AuditRow.id, AuditRow.mac).order_by(AuditRow.id.desc()).limit(1)).first()
    return (head.id, head.mac) if head else (0, GENESIS)


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
