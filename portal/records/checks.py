"""What a service record is checked against: half hours, overlaps, working hours, and how late it is entered."""

import datetime as dt

from portal.records.models import Evidence
from portal.scheme.calendar import Calendar

LONG_DAY = 16  # half hours
OFFICE_HOURS = ((dt.time(8, 0), dt.time(12, 0)), (dt.time(14, 0), dt.time(18, 0)))
HALF_HOUR = dt.timedelta(minutes=30)


def end_of(starts: dt.time, half_hours: int) -> dt.time:
    """The time at which a service ended; at most the end of its day."""
    midnight = dt.datetime.combine(dt.date.min, dt.time())
    end = dt.datetime.combine(dt.date.min, starts) + half_hours * HALF_HOUR
    return end.time() if end < midnight + dt.timedelta(days=1) else dt.time.max


def overlap(starts: dt.time | None, half_hours: int, other_starts: dt.time | None, other_half_hours: int) -> bool:
    """Whether two services of one day lie over each other; without a start time nobody can say."""
    if starts is None or other_starts is None:
        return False
    return starts < end_of(other_starts, other_half_hours) and other_starts < end_of(starts, half_hours)


def in_office_hours(day: dt.date, starts: dt.time | None, half_hours: int, calendar: Calendar) -> bool:
    """Whether a service lies inside working hours (8–12, 14–18) of a working day.  [一 八小时以外]"""
    if starts is None or not calendar.is_workday(day):
        return False
    end = end_of(starts, half_hours)
    return any(starts < closes and opens < end for opens, closes in OFFICE_HOURS)


def asks_for_note(day: dt.date, starts: dt.time | None, half_hours: int, already: int, calendar: Calendar) -> str:
    """The Chinese sentence why this record needs a note, or '' when it needs none; `already` half hours that day."""
    if half_hours + already > LONG_DAY:
        return "当天服务合计超过 8 小时，请在备注中说明。"
    if in_office_hours(day, starts, half_hours, calendar):
        return "服务时间在工作日上班时间内，请在备注中说明（如调休、请假、单位安排）。"
    return ""


def graded(evidence: Evidence, day: dt.date, entered_on: dt.date, late_after_days: int) -> Evidence:
    """The evidence grade that a record may bear: entered more than 7 days late, it is 补录 whatever is shown."""
    return Evidence.LATE if (entered_on - day).days > late_after_days else evidence
