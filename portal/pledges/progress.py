"""How far the pledges on a page are kept: their confirmed service records, fetched at once, through keeping.py."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from portal.extensions import db
from portal.pledges.keeping import Keeping, Promise, Service, keeping
from portal.pledges.models import Pledge
from portal.records.models import RecordState, ServiceRecord


def of(pledges: Sequence[Pledge]) -> dict[int, Keeping]:
    """How far each of these pledges of one year is kept, by the pledge's id."""
    if not pledges:
        return {}
    done = _services([pledge.member_id for pledge in pledges], pledges[0].year)
    return {pledge.id: keeping(_promises(pledge), done.get(pledge.member_id, ())) for pledge in pledges}


def _promises(pledge: Pledge) -> list[Promise]:
    return [Promise(item.category, item.times, item.half_hours, item.due_on) for item in pledge.items]


def _services(member_ids: Sequence[int], year: int) -> dict[int, list[Service]]:
    columns = (ServiceRecord.member_id, ServiceRecord.category, ServiceRecord.day, ServiceRecord.half_hours)
    rows = select(*columns).where(
        ServiceRecord.member_id.in_(member_ids),
        ServiceRecord.state == RecordState.CONFIRMED,
        ServiceRecord.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
    )
    found: dict[int, list[Service]] = {}
    rows = rows.order_by(ServiceRecord.member_id, ServiceRecord.day, ServiceRecord.id)  # as the members' index has them
    for member_id, category, day, half_hours in db.session.execute(rows):
        found.setdefault(member_id, []).append(Service(category, day, half_hours))
    return found
