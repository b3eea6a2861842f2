"""Which service records one may see, and what is counted from them."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.queries import communities_of, in_unit_scope
from portal.records.models import ONCE, Objection, ObjectionState, RecordState, ServiceRecord, Source

LIVE = (RecordState.PENDING, RecordState.CONFIRMED)


def visible_to(by: Actor) -> Select:
    """The records that this person may see: own, of own unit, of own community or done there, of the scope above."""
    shown = (
        joinedload(ServiceRecord.member), joinedload(ServiceRecord.unit), joinedload(ServiceRecord.community),
        joinedload(ServiceRecord.place),
    )  # fmt: skip
    return select(ServiceRecord).where(_scope(by)).options(*shown)


def _scope(by: Actor):
    match by.role:
        case Role.MEMBER:
            return ServiceRecord.member_id == by.member_id
        case Role.CLERK | Role.GRID_WORKER:
            return or_(ServiceRecord.community_id == by.community_id, _done_in(by))
        case Role.DEPARTMENT:
            return ServiceRecord.supervisor_id == by.supervisor_id
        case Role.TOWN:
            return or_(ServiceRecord.supervisor_id == by.supervisor_id, _done_in(by))
        case _:
            return in_unit_scope(by, ServiceRecord.unit_id)


def _done_in(by: Actor):
    """Done in the own community or the own town's: these confirm a service, not where the member lives."""
    if by.is_in(Role.TOWN):
        return ServiceRecord.place_id.in_(communities_of(by.supervisor_id))
    return ServiceRecord.place_id == by.community_id


def of_day(member_id: int, day: dt.date) -> list[ServiceRecord]:
    """The records of a member on one day that stand (pending or confirmed)."""
    return list(
        db.session.scalars(
            select(ServiceRecord)
            .where(
                ServiceRecord.member_id == member_id,
                ServiceRecord.day == day,
                ServiceRecord.state.in_(LIVE),
            )
            .order_by(ServiceRecord.id)
        )
    )


def of_source(source, source_id: int) -> list[ServiceRecord]:
    """The standing records that were made from one case (a wish, an activity …)."""
    return list(
        db.session.scalars(
            select(ServiceRecord).where(
                ServiceRecord.source == source,
                ServiceRecord.source_id == source_id,
                ServiceRecord.state.in_(LIVE),
            )
        )
    )


def stands_of(source: Source, key) -> ColumnElement[bool]:
    """The condition that of the records made from the case of this column one at least stands; not for posts."""
    return exists().where(ServiceRecord.source == source, ServiceRecord.source_id == key, ONCE)


def year_total(member_id: int, year: int) -> tuple[int, int]:
    """How many services a member has confirmed in a year, and their half hours.  [二(一)1]"""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    times, half_hours = db.session.execute(
        select(func.count(), func.coalesce(func.sum(ServiceRecord.half_hours), 0)).where(
            ServiceRecord.member_id == member_id,
            ServiceRecord.state == RecordState.CONFIRMED,
            ServiceRecord.day.between(first, last),
            ServiceRecord.half_hours >= 1,
        )
    ).one()
    return times, half_hours


def to_confirm(by: Actor) -> Select:
    """The pending records that wait for a second person of this office, oldest first."""
    return (
        visible_to(by)
        .where(
            ServiceRecord.state == RecordState.PENDING,
            ServiceRecord.recorded_by_user_id.is_distinct_from(by.user_id),
            ServiceRecord.member_id.is_distinct_from(by.self_member_id),
            _done_in(by),
        )
        .order_by(ServiceRecord.day, ServiceRecord.id)
    )


def objected(by: Actor) -> Select:
    """The records with an open objection, newest first; for a clerk, those that the own community answers."""
    waits = select(Objection.record_id).where(Objection.state == ObjectionState.OPEN)
    rows = visible_to(by).where(ServiceRecord.id.in_(waits), _done_in(by) if by.is_in(Role.CLERK) else true())
    return rows.order_by(ServiceRecord.day.desc(), ServiceRecord.id.desc())
