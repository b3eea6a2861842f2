"""Opening and changing scheme years, keeping the calendar of days off; by county office and administrator."""

import datetime as dt
import re

import chinese_calendar
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal import audit, years
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.scheme import queries, service_days
from portal.scheme.models import CalendarDay, DayKind, SchemeYear, ServiceDayOverride
from portal.text import read_day

KEEPERS = (Role.COUNTY, Role.ADMIN)
LONGEST = dt.timedelta(days=7)  # of a quarter's service days
# What chinesecalendar knows; beyond it, it raises.
KNOWN_YEARS = range(2014, max(day.year for day in chinese_calendar.constants.holidays) + 1)
_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
_PASTED = re.compile(r"^\s*(\S+?)[\s,，]+(放假|休息?|假|调休上班|上班|班|补班)(?:[\s,，]+(.*?))?\s*$")


def open_year(by: Actor, year: int) -> SchemeYear:
    """Store a year with last year's dates and limits moved on by a year, to be changed where the county wants.  [三1]

    The first year has the notice's dates and the default limits.
    """
    _only_keepers(by)
    if db.session.scalar(select(SchemeYear.id).where(SchemeYear.year == year)):
        raise RuleBroken(f"{year}年度已经开设。")
    opened = queries.following_year(year)
    db.session.add(opened)
    audit.write(by, "scheme_years.open", opened)
    return opened


def change_year(by: Actor, year: SchemeYear, **values) -> None:
    """Change dates, limits or minimum duties of a year that is not closed.  [三1] [四]"""
    _only_keepers(by)
    years.check(year.year)
    changed = tuple(name for name, value in values.items() if getattr(year, name) != value)
    for name in changed:
        setattr(year, name, values[name])
    audit.write(by, "scheme_years.change", year, fields=changed)


def set_days(by: Actor, days: dict[dt.date, tuple[DayKind, str]]) -> int:
    """Enter days that are not what their weekdays say, or correct them; how many were new or different.

    Raises NotYours, TooLate where the year of one that would change is closed.
    """
    _only_keepers(by)
    known = {row.day: row for row in db.session.scalars(select(CalendarDay).where(CalendarDay.day.in_(days)))}
    changed: list[int] = []
    for day, (kind, note) in days.items():
        row = known.get(day) or CalendarDay(day=day)
        if (row.kind, row.note) != (kind, note):
            row.kind, row.note = kind, note
            db.session.add(row)
            changed.append(day.year)
    for year in set(changed):
        years.check(year)
    if changed:
        audit.write(by, "calendar_days.set", fields=(f"{len(changed)} days",))
    return len(changed)


def remove_day(by: Actor, day: CalendarDay) -> None:
    """Let a day be what its weekday says again. Raises NotYours, TooLate where its year is closed."""
    _only_keepers(by)
    years.check(day.day.year)
    audit.write(by, "calendar_days.remove", day)
    db.session.execute(delete(CalendarDay).where(CalendarDay.id == day.id))


def set_service_days(
    by: Actor, year: int, quarter: int, starts_on: dt.date, ends_on: dt.date | None, note: str
) -> ServiceDayOverride:
    """Set other days than the rule's for a quarter's service, or correct those set before.  [二(二)3]"""
    _only_keepers(by)
    years.check(year)
    ends_on = ends_on or starts_on
    rule = service_days.by_rule(year, quarter, queries.calendar(year, year))
    if {service_days.quarter_of(starts_on), service_days.quarter_of(ends_on)} != {(year, quarter)}:
        raise RuleBroken(f"服务日要在{year}年{rule.quarter_words}之内。")
    if not starts_on <= ends_on < starts_on + LONGEST:
        raise RuleBroken(f"服务日从开始那天算起，最多{LONGEST.days}天。")
    if (starts_on, ends_on) == (rule.first, rule.last):
        raise RuleBroken(f"按规则就是{rule.words}，不用另行确定。")
    own = queries.override_of(year, quarter) or ServiceDayOverride(year=year, quarter=quarter)
    own.starts_on, own.ends_on, own.note = starts_on, ends_on, note
    try:
        with db.session.begin_nested():
            db.session.add(own)
    except IntegrityError as first:
        raise TooLate("另一位同志刚刚确定了这一季度的服务日，请刷新后核对。") from first
    audit.write(by, "service_days.set", own, fields=("starts_on", "ends_on", "note"), reason=note)
    return own


def drop_service_days(by: Actor, own: ServiceDayOverride) -> None:
    """Let the rule say the days of a quarter's service again.  [二(二)3]"""
    _only_keepers(by)
    years.check(own.year)
    audit.write(by, "service_days.drop", own)
    db.session.execute(delete(ServiceDayOverride).where(ServiceDayOverride.id == own.id))


def known_days(year: int) -> dict[dt.date, tuple[DayKind, str]]:
    """The State Council's days of a year as the library knows them; RuleBroken for a year it does not."""
    if year not in KNOWN_YEARS:
        raise RuleBroken(f"系统里没有{year}年的放假安排，请按国务院办公厅通知录入或粘贴。")
    book = chinese_calendar.constants
    kinds = ((book.holidays, DayKind.HOLIDAY), (book.workdays, DayKind.WORKDAY))
    return {
        day: (kind, _NAMES.get(name, name)) for days, kind in kinds for day, name in days.items() if day.year == year
    }


def read_pasted(text: str) -> dict[dt.date, tuple[DayKind, str]]:
    """The days that pasted lines name; RuleBroken with the number of the first line that can't be read."""
    days: dict[dt.date, tuple[DayKind, str]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        found = _PASTED.match(line)
        day = read_day(found[1]) if found else None
        if not found or day is None or not 1900 <= day.year <= 2100:
            raise RuleBroken(f"第 {number} 行看不懂：“{line.strip()[:30]}”。请写成：2027-10-01 放假 国庆节")
        kind = DayKind.WORKDAY if "班" in found[2] else DayKind.HOLIDAY
        days[day] = (kind, (found[3] or kind.label)[:40])
    return days


def _only_keepers(by: Actor) -> None:
    if not by.is_in(*KEEPERS, Role.SYSTEM):
        raise NotYours("年度和日历由县委组织部维护。")
