"""Which closings and corrections one may see, and how far a year's closing has come."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.closing.models import Closing, ClosingState, Correction, CorrectionState
from portal.extensions import db
from portal.records.models import RecordState, ServiceRecord
from portal.scheme.models import SchemeYear

FROM = (1, 31)  # not before this day of the following year


def visible_to(by: Actor) -> Select:
    """The closings of all years, for the county."""
    return select(Closing).where(true() if by.is_in(Role.COUNTY) else false())


def corrections_visible_to(by: Actor) -> Select:
    """The corrections of closed years, for the county."""
    shown = map(joinedload, (Correction.record, Correction.member, Correction.place, Correction.closing))
    return select(Correction).where(true() if by.is_in(Role.COUNTY) else false()).options(*shown)


def of_year(year: int) -> Closing | None:
    """The closing of this year that was not taken back, or None."""
    rows = select(Closing).where(Closing.year == year, Closing.state != ClosingState.WITHDRAWN)
    return db.session.scalar(rows)


def is_closed(year: int) -> bool:
    """Whether the closing of this year is done."""
    found = of_year(year)
    return found is not None and found.state is ClosingState.CLOSED


def stored(year: int) -> SchemeYear | None:
    """The year as the county opened it, or None."""
    return db.session.scalar(select(SchemeYear).where(SchemeYear.year == year))


def opens_on(year: int) -> dt.date:
    """The first day on which a year may be closed.  [四]"""
    return dt.date(year + 1, *FROM)


def due(today: dt.date) -> list[int]:
    """The opened years that may be closed and are not, the oldest first."""
    rows = select(SchemeYear.year).where(SchemeYear.closed_at.is_(None), SchemeYear.year < today.year)
    return [year for year in db.session.scalars(rows.order_by(SchemeYear.year)) if opens_on(year) <= today]


def to_confirm(by: Actor) -> Select:
    """The closings that another person of the county proposed, and those that broke off."""
    proposed = (Closing.state == ClosingState.PROPOSED) & Closing.proposed_by_user_id.is_distinct_from(by.user_id)
    return visible_to(by).where(proposed)


def corrections_of(closing: Closing) -> list[Correction]:
    """What was put right after a year was closed, the latest first."""
    shown = map(joinedload, (Correction.record, Correction.member, Correction.place))
    rows = select(Correction).where(Correction.closing_id == closing.id, Correction.state != CorrectionState.WITHDRAWN)
    return list(db.session.scalars(rows.options(*shown).order_by(Correction.id.desc())))


def open_correction(record_id: int) -> Correction | None:
    """The correction for which this record is open now, or None."""
    rows = select(Correction).where(Correction.record_id == record_id, Correction.state == CorrectionState.OPEN)
    return db.session.scalar(rows)


def unfilled() -> tuple[ColumnElement[bool], ...]:
    """The conditions of a correction that waits for the community to enter a service that was never recorded."""
    return Correction.state == CorrectionState.OPEN, Correction.adds.is_(True), Correction.record_id.is_(None)


def open_addition(member_id: int, place_id: int, year: int, hold: bool = False) -> Correction | None:
    """The open correction for which a service of this member is entered in this community, or None; see is_reopened."""
    asked = (Correction.state == CorrectionState.OPEN, Correction.adds.is_(True), Closing.year == year)
    rows = select(Correction).join(Correction.closing).where(
        *asked, Correction.member_id == member_id, Correction.place_id == place_id
    )  # fmt: skip
    rows = rows.order_by(Correction.id).limit(1)
    return db.session.scalar(rows.with_for_update(key_share=True, of=Correction) if hold else rows)


def _is_asked_for(record: ServiceRecord, hold: bool) -> bool:
    """Whether a record is new, and one for which a correction waits."""
    if record.state is not RecordState.PENDING or record.rewrites_id is not None:
        return False
    found = open_addition(record.member_id, record.place_id, record.day.year, hold)
    return found is not None and found.record_id is None


def is_reopened(row, hold: bool = False) -> bool:
    """Whether a record of a closed year may be changed, or be made, all the same: the county opened it, the one it
    rewrites, or asked for it. With `hold` it stays open until the end of the transaction.
    """
    if not isinstance(row, ServiceRecord):
        return False
    if _is_asked_for(row, hold):
        return True
    key: int | None = row.id
    while key is not None:
        open_one = select(Correction.id).where(Correction.record_id == key, Correction.state == CorrectionState.OPEN)
        if db.session.scalar(open_one.with_for_update(read=True) if hold else open_one) is not None:
            return True
        key = db.session.scalar(select(ServiceRecord.rewrites_id).where(ServiceRecord.id == key))
    return False
