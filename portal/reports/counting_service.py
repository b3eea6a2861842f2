"""What was done: services and hours, public-benefit activities, service days, visits. Only confirmed records count.

A record keeps the unit, the supervisor and the home community of its date, and belongs to the year of that date; what
is confirmed after the day 截至 counts all the same, since the day speaks of the service. What waits for a second
person, was refused or voided never counts; what was done before the portal (期初) counts like the rest.
"""

from sqlalchemy import Select, case, select

from portal.records.models import RecordState, ServiceRecord
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
