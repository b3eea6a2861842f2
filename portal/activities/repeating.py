"""On which days an activity is held again: the rule by values, and what is to be known of each day.  [二(二)3]

No day is left out in silence: one that a month does not have is moved to the month's last, and says so.
"""

import calendar as months
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from portal.labels import Labelled
from portal.scheme.calendar import Calendar
from portal.scheme.models import DayKind
from portal.scheme.service_days import ServiceDays

MOST = 60  # drafts at once: a weekly activity of a year
STEPS = {"weekly": 7, "fortnightly": 14}


class Repeat(Labelled):
    """How often an activity is held again."""

    WEEKLY = "weekly", "每周"
    FORTNIGHTLY = "fortnightly", "每两周"
    MONTHLY = "monthly", "每月"
    SERVICE_DAYS = "service_days", "每个志愿服务日"


@dataclass(frozen=True)
class Planned:
    """A day on which it is to be held, and why that day rather than another."""

    day: dt.date
    moved: str = ""


def planned(repeat: Repeat | None, first: dt.date, until: dt.date, of_service: Iterable[ServiceDays]) -> list[Planned]:
    """The days from the first one to the last, in order: only that one without a repeat; of service days, which are
    given, all that lie between.
    """
    if repeat is None:
        return [Planned(first)]
    if repeat is Repeat.SERVICE_DAYS:
        days = (Planned(on_service_day(each, first), each.why) for each in of_service)
        return [each for each in days if first <= each.day <= until]
    if repeat is Repeat.MONTHLY:
        return [each for each in _monthly(first, until) if each.day <= until]
    step = dt.timedelta(days=STEPS[repeat.value])
    count = max((until - first) // step + 1, 1)
    return [Planned(first + step * turn) for turn in range(count)]


def on_service_day(service: ServiceDays, like: dt.date) -> dt.date:
    """Which of the days of a quarter's service: the Sunday where the other one was a Sunday, else the first."""
    sunday = next((day for day in _days_of(service) if day.weekday() == 6), service.first)
    return sunday if like.weekday() == 6 else service.first


def words_of(day: dt.date, calendar: Calendar) -> str:
    """What is to be known of a day: a holiday, a swapped working day, any other working day; '' of a plain weekend."""
    kind, name = calendar.exceptions.get(day), calendar.names.get(day, "")
    if kind is DayKind.HOLIDAY:
        return f"节假日（{name}）" if name and name != DayKind.HOLIDAY.label else "节假日"
    if kind is DayKind.WORKDAY:
        return "调休上班，请排在下班以后"
    return "工作日，请排在下班以后" if calendar.is_workday(day) else ""


def _monthly(first: dt.date, until: dt.date) -> Iterable[Planned]:
    for turn in range((until.year - first.year) * 12 + until.month - first.month + 1):
        year, month = divmod(first.year * 12 + first.month - 1 + turn, 12)
        last = months.monthrange(year, month + 1)[1]
        moved = f"{month + 1}月没有{first.day}日，排在最后一天" if last < first.day else ""
        yield Planned(dt.date(year, month + 1, min(first.day, last)), moved)


def _days_of(service: ServiceDays) -> list[dt.date]:
    return [service.first + dt.timedelta(days=n) for n in range((service.last - service.first).days + 1)]
