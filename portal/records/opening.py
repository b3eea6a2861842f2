"""Services of this year from before the portal (期初): graded 补录, counted once two people stand behind them."""

from sqlalchemy import insert

from portal import audit, clock, history
from portal.actors import Actor
from portal.extensions import db
from portal.records.models import Evidence, RecordState, ServiceRecord, Source

NOTE = "期初导入"


def open_records(rows: list[dict], importer: Actor, by: Actor) -> list[int]:
    """Write services that `importer` brought; confirmed where `by` is another person, else pending. Their ids.

    `rows` hold the facts (member, unit, supervisor, communities, day, half hours, category, what).  [二(二)4]
    """
    if not rows:
        return []
    two = None not in (importer.user_id, by.user_id) and importer.user_id != by.user_id
    state, now = RecordState.CONFIRMED if two else RecordState.PENDING, clock.now()
    given = {
        "state": state, "source": Source.HAND, "evidence": Evidence.LATE, "note": NOTE, "opening": True,
        "stand_in": False, "recorded_at": now, "recorded_by": importer.shown,
        "recorded_by_user_id": importer.user_id, "confirmed_at": now if two else None,
        "confirmed_by": by.shown if two else None, "confirmed_by_user_id": by.user_id if two else None,
    }  # fmt: skip
    into = insert(ServiceRecord.__table__).returning(ServiceRecord.__table__.c.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(into, [row | given for row in rows]))
    history.write_many(ServiceRecord.__tablename__, ids, importer, "open", "期初导入", state)
    audit.write_many(by, f"{ServiceRecord.__tablename__}.open", ServiceRecord.__tablename__, ids)
    return ids
