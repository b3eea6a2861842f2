"""Which households and supporters lack the visit of a month, and the months of a year for many at once.  [二(一)4]

The same rule as in `months`, once as a condition for lists and desks, once over values.
"""

import datetime as dt
from collections.abc import Callable, Collection

from sqlalchemy import ColumnElement, and_, exists, extract, or_, select

from portal.extensions import db
from portal.households import months
from portal.households.counting import stands
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit, VisitState
from portal.households.months import MonthState, Span
from portal.registrations.models import Deferment, DefermentState


def is_missing(first: dt.date) -> ColumnElement[bool]:
    """The condition that a household that is supported had no visit in the month that begins on this day, though
    somebody supports it through the whole month who has it not put off.
    """
    supported = exists().where(Support.household_id == Household.id, asks(first))
    return and_(Household.state == HouseholdState.ACTIVE, supported, ~_visited(first))


def is_due(first: dt.date) -> ColumnElement[bool]:
    """The condition over a support that its member owes the household a visit in this month."""
    open_one = exists().where(Household.id == Support.household_id, Household.state == HouseholdState.ACTIVE)
    visited = exists().where(Visit.household_id == Support.household_id, _in_month(first))
    return and_(Support.state == SupportState.ACTIVE, asks(first), open_one, ~visited)


def asks(first: dt.date) -> ColumnElement[bool]:
    """The condition over a support that a visit is asked for in this month."""
    last = months.last_of(first)
    lasts = or_(Support.until.is_(None), Support.until > last)
    deferred = exists().where(
        Deferment.member_id == Support.member_id,
        Deferment.state.in_((DefermentState.AGREED, DefermentState.ENDED)), Deferment.decided_on.is_not(None),
        Deferment.first <= f"{first:%Y-%m}", Deferment.last >= f"{first:%Y-%m}",
        or_(Deferment.ended_on.is_(None), Deferment.ended_on > last),
    )  # fmt: skip
    return and_(Support.since <= first, lasts, ~deferred)


def _visited(first: dt.date) -> ColumnElement[bool]:
    return exists().where(Visit.household_id == Household.id, _in_month(first))


def _in_month(first: dt.date) -> ColumnElement[bool]:
    return and_(stands(), Visit.day.between(first, months.last_of(first)))


def of_households(household_ids: Collection[int], year: int, today: dt.date) -> dict[int, list[MonthState]]:
    """The twelve months of a year of each of these households, in three queries."""
    spans: dict[int, list[Span]] = {key: [] for key in household_ids}
    supported = (Support.household_id.in_(household_ids), Support.since.is_not(None))
    rows = select(Support.household_id, Support.member_id, Support.since, Support.until).where(*supported)
    for household_id, member_id, since, until in db.session.execute(rows.order_by(Support.id)):
        spans[household_id].append(Span(member_id, since, until))
    found: dict[VisitState, dict[int, set[int]]] = {VisitState.CONFIRMED: {}, VisitState.RECORDED: {}}
    visits = select(Visit.household_id, Visit.state, extract("month", Visit.day)).distinct()
    visits = visits.where(Visit.household_id.in_(household_ids), stands())
    for household_id, state, month in db.session.execute(visits.where(extract("year", Visit.day) == year)):
        found[state].setdefault(household_id, set()).add(int(month))
    is_deferred = _deferred({span.member_id for each in spans.values() for span in each})
    confirmed, waiting = found.values()
    return {
        key: months.of_year(year, today, spans[key], confirmed.get(key, ()), waiting.get(key, ()), is_deferred)
        for key in household_ids
    }


def _deferred(member_ids: Collection[int]) -> Callable[[int, str], bool]:
    """A function that says whether a month of a member is put off."""
    rows = db.session.scalars(select(Deferment).where(Deferment.member_id.in_(member_ids))).all()
    return lambda member_id, month: any(each.member_id == member_id and each.covers(month) for each in rows)
