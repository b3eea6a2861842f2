"""What was done: services and hours, public-benefit activities, service days, visits. Only confirmed records count.

A record keeps the unit, the supervisor and the home community of its date, and belongs to the year of that date; what
is confirmed after the day 截至 counts all the same, since the day speaks of the service. What waits for a second
person, was refused or voided never counts; what was done before the portal (期初) counts like the rest.
"""

from sqlalchemy import Select, case, func, select

from portal.activities.models import Activity, Benefit
from portal.households.models import Household, Visit
from portal.records.models import RecordState, ServiceRecord, Source
from portal.reports.scopes import Period, one_if

R = ServiceRecord


def _confirmed(period: Period) -> tuple:
    return R.state == RecordState.CONFIRMED, period.holds(R.day)


def services(period: Period) -> Select:
    """The confirmed records: a service is one of half an hour or more; hours in half hours.  [二(一)1]

    They count for the unit and for the home community of their date, wherever they were done; `away` are those done
    in another community than the home one.
    """
    away, served = R.place_id != R.community_id, R.half_hours >= 1
    return select(
        R.unit_id, R.supervisor_id, R.community_id, R.id.label("thing_id"),
        one_if(served).label("services"),
        R.half_hours.label("hours"),
        one_if(served & away).label("away"),
        case((away, R.half_hours), else_=0).label("away_hours"),
    ).where(*_confirmed(period))  # fmt: skip


def guests(period: Period) -> Select:
    """The confirmed records of members of other communities, for the community where they were done.

    Done here = own services − those done away + those of guests: so both sides reconcile.
    """
    return select(
        R.unit_id, R.supervisor_id, R.place_id.label("community_id"), R.id.label("thing_id"),
        one_if(R.half_hours >= 1).label("guests"),
        R.half_hours.label("guest_hours"),
    ).where(*_confirmed(period), R.place_id != R.community_id)  # fmt: skip


def visits(period: Period) -> Select:
    """The visits to households that a second person confirmed, a line a visitor; the visit is the thing.  [二(一)4]

    By the unit of each visitor on that day, or by the household's community; two who went together are one visit.
    """
    return (
        select(
            R.unit_id, R.supervisor_id, Household.community_id, R.source_id.label("thing_id"),
            one_if(R.id.is_not(None)).label("visits"),
        )
        .join(Visit, Visit.id == R.source_id)
        .join(Household, Household.id == Visit.household_id)
        .where(*_confirmed(period), R.source == Source.VISIT)
    )  # fmt: skip


def activities(period: Period) -> Select:
    """The activities that somebody's confirmed record shows to have been held, a line a record.  [二(一)3] [二(二)3]

    By the unit of each who came, or by the community that held it; one that the county held belongs to each community
    from which somebody came. `activities` are those that do the public good, whatever the benefit is called.
    """
    return _at_activities(period, R.source_id).add_columns(
        one_if(Activity.benefit != Benefit.NONE).label("activities"),
        one_if(Activity.service_day.is_(True)).label("service_days"),
    )


def service_day_people(period: Period) -> Select:
    """The confirmed records of who came to service days: each person counts each time, where the day was held."""
    once = one_if(R.id.is_not(None)).label("service_day_people")
    return _at_activities(period, R.id).where(Activity.service_day.is_(True)).add_columns(once)


def _at_activities(period: Period, thing) -> Select:
    held_by = func.coalesce(Activity.community_id, R.community_id).label("community_id")
    return (
        select(R.unit_id, R.supervisor_id, held_by, thing.label("thing_id"))
        .join(Activity, Activity.id == R.source_id)
        .where(*_confirmed(period), R.source == Source.ACTIVITY)
    )
