"""The history of a case: who, as what, when, from which state to which, and why."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Index, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.actors import Actor
from portal.clock import Moment
from portal.extensions import Base, db
from portal.text import Text


class HistoryLine(Base):
    """One line of a case's history; never altered."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_case", "kind", "row_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text(32))
    row_id: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(Moment)
    verb: Mapped[str] = mapped_column(Text(32))
    label: Mapped[str] = mapped_column(Text(32))
    from_state: Mapped[str | None] = mapped_column(Text(32))
    to_state: Mapped[str | None] = mapped_column(Text(32))
    reason: Mapped[str | None] = mapped_column(Text(500, lines=True))
    by_user_id: Mapped[int | None]
    by_appointment_id: Mapped[int | None]
    by_role: Mapped[str] = mapped_column(Text(32))
    by_name: Mapped[str] = mapped_column(Text(120))
    stand_in: Mapped[bool] = mapped_column(default=False)


def write(row, by: Actor, verb: str, label: str, before=None, after=None, reason=None, stand_in=False) -> HistoryLine:
    """Add one line to the history of a row, in the transaction that changes it."""
    states = {"from_state": before.value if before else None, "to_state": after.value if after else None}
    line = _line(by, verb, label) | states | {"reason": reason or None, "stand_in": stand_in}
    written = HistoryLine(kind=row.__tablename__, row_id=row.id, **line)
    db.session.add(written)
    return written


def write_many(kind: str, row_ids: Iterable[int], by: Actor, verb: str, label: str, after, before=None) -> None:
    """The same line for many cases of one table (the first of new ones), in the transaction that changes them."""
    line = _line(by, verb, label) | {"kind": kind, "from_state": before.value if before else None}
    line |= {"to_state": after.value}
    if lines := [line | {"row_id": row_id} for row_id in row_ids]:
        db.session.execute(insert(HistoryLine.__table__), lines)


def _line(by: Actor, verb: str, label: str) -> dict:
    return {
        "at": clock.now(), "verb": verb, "label": label, "by_user_id": by.user_id,
        "by_appointment_id": by.appointment_id, "by_role": by.role.value, "by_name": by.shown,
    }  # fmt: skip


def of(row) -> list[HistoryLine]:
    """The history of a row, oldest first."""
    same = (HistoryLine.kind == row.__tablename__, HistoryLine.row_id == row.id)
    return list(db.session.scalars(select(HistoryLine).where(*same).order_by(HistoryLine.id)))


def last(row) -> HistoryLine | None:
    """The latest line of a row's history."""
    same = (HistoryLine.kind == row.__tablename__, HistoryLine.row_id == row.id)
    return db.session.scalar(select(HistoryLine).where(*same).order_by(HistoryLine.id.desc()).limit(1))
