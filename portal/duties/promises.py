"""Promises of a year's pledge that are overdue, of any number of members.

An item that is alone of its category is kept by the sums of that category; only where two items share one, it
matters which record went to which: these members' records are fetched, all in one query.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from portal.extensions import db
from portal.labels import Category
from portal.pledges.keeping import Kept, Promise, Service, keeping
from portal.records.models import RecordState, ServiceRecord

Sums = tuple[int, int, int]  # records, times, half hours


def overdue(
    pledges: Mapping[int, Sequence[Promise]], sums: Mapping[int, Mapping[Category, Sums]], day: dt.date
) -> dict[int, int]:
    """How many items of their pledges these members have not kept by their day; by member's id."""
    late = {key: items for key, items in pledges.items() if any(item.due_on < day for item in items)}
    shared = {key for key, items in late.items() if len({item.category for item in items}) < len(items)}
    records = _records(shared, day) if shared else {}
    found = {}
    for key, items in late.items():
        kept = (
            keeping(items, records.get(key, ())).items
            if key in shared
            else [Kept(item, *sums.get(key, {}).get(item.category, (0, 0, 0))) for item in items]
        )
        found[key] = sum(each.is_overdue(day) for each in kept)
    return found


def _records(member_ids: Collection[int], day: dt.date) -> dict[int, list[Service]]:
    """The confirmed records of these members in the year of a day."""
    R, found = ServiceRecord, defaultdict(list)
    rows = select(R.member_id, R.category, R.day, R.half_hours).where(
        R.member_id.in_(member_ids), R.state == RecordState.CONFIRMED,
        R.day.between(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)),
    )  # fmt: skip
    for member_id, category, done_on, half_hours in db.session.execute(rows.order_by(R.day, R.id)):
        found[member_id].append(Service(category, done_on, half_hours))
    return found
