"""Services of this year from before the portal (期初): graded 补录, counted once two people stand behind them."""

import datetime as dt

from sqlalchemy import insert

from portal import audit, clock, history
from portal.actors import Actor
from portal.extensions import db
from portal.records.models import Evidence, RecordState, ServiceRecord, Source

NOTE = "期初导入"


def open_records(rows: list[dict], importer: Actor, by: Actor) -> list[int]:
    """Write services that `importer` brought; confirmed where `by` is another person, else pending. Their ids.

    Nobody confirms their own: a service of `by` in person waits for somebody else. `rows` hold the facts (member,
    unit, supervisor, communities, day, half hours, category, what).  [二(二)4]
    """
    if not rows:
        return []
    two = None not in (importer.user_id, by.user_id) and importer.user_id != by.user_id
    now = clock.now()
    given = {
        "source": Source.HAND, "evidence": Evidence.LATE, "note": NOTE, "opening": True, "stand_in": False,
        "recorded_at": now, "recorded_by": importer.shown, "recorded_by_user_id": importer.user_id,
    }  # fmt: skip
    counts = [two and not by.is_self(row["member_id"]) for row in rows]
    values = [row | given | _second(by if each else None, now) for row, each in zip(rows, counts, strict=True)]
    into = insert(ServiceRecord.__table__).returning(ServiceRecord.__table__.c.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(into, values))
    for state in (RecordState.CONFIRMED, RecordState.PENDING):
        of_state = [row_id for row_id, each in zip(ids, values, strict=True) if each["state"] is state]
        history.write_many(ServiceRecord.__tablename__, of_state, importer, "open", "期初导入", state)
    audit.write_many(by, f"{ServiceRecord.__tablename__}.open", ServiceRecord.__tablename__, ids)
    return ids


def _second(by: Actor | None, now: dt.datetime) -> dict:
    """The state of a service, and who stands behind it as the second person, if anybody does."""
    return {
        "state": RecordState.CONFIRMED if by else RecordState.PENDING, "confirmed_at": now if by else None,
        "confirmed_by": by.shown if by else None, "confirmed_by_user_id": by.user_id if by else None,
    }  # fmt: skip
