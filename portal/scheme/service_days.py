"""Service days: the last weekend wholly inside each quarter, a week earlier where people must work on it."""

import datetime as dt
from dataclasses import dataclass

from portal.scheme.calendar import Calendar
from portal.scheme.models import DayKind

A_WEEK = dt.timedelta(days=7)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ServiceDays:
    """The Saturday and Sunday of one quarter's service, and why they are not the plain last weekend.

    `provisional` (暂估): the days off of that year are not published yet.
    """

    saturday: dt.date
    reason: str = ""
    provisional: bool = False

    @property
    def sunday(self) -> dt.date:
        """The second of the two days."""
        return self.saturday + ONE_DAY


def of_quarter(year: int, quarter: int, calendar: Calendar) -> ServiceDays:
    """The service days of a quarter (1–4): a swapped working day is avoided, a public holiday named.  [二(二)3]"""
    first, saturday = dt.date(year, 3 * quarter - 2, 1), _last_weekend(year, quarter)
    reason = ""
    while saturday > first and DayKind.WORKDAY in _kinds(saturday, calendar):
        saturday, reason = saturday - A_WEEK, "因调休上班提前一周"
    if DayKind.HOLIDAY in _kinds(saturday, calendar):
        reason = "；".join(filter(None, (reason, "逢节假日")))
    return ServiceDays(saturday, reason, calendar.is_provisional(year))


def following(day: dt.date, calendar: Calendar) -> ServiceDays:
    """The service days that this day is one of, or the next ones after it."""
    year, quarter = day.year, (day.month + 2) // 3
    days = of_quarter(year, quarter, calendar)
    if days.sunday >= day:
        return days
    return of_quarter(year + quarter // 4, quarter % 4 + 1, calendar)


def _last_weekend(year: int, quarter: int) -> dt.date:
    end = dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1) - ONE_DAY
    sunday = end - ONE_DAY * ((end.weekday() + 1) % 7)
    return sunday - ONE_DAY


def _kinds(saturday: dt.date, calendar: Calendar) -> set[DayKind]:
    return {calendar.exceptions[day] for day in (saturday, saturday + ONE_DAY) if day in calendar.exceptions}
