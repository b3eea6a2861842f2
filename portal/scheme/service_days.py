"""Service days: the last weekend wholly inside each quarter, a week earlier where people must work on it.

The county may set other days for a quarter, with a note; the rule's own days are kept beside them.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from portal.scheme.calendar import ONE_DAY, Calendar
from portal.scheme.models import DayKind, ServiceDayOverride

A_WEEK = dt.timedelta(days=7)
QUARTERS = (1, 2, 3, 4)
_NUMERALS = "一两三四五六七八九十"
# The days that the county set itself, by year and quarter.
Overrides = Mapping[tuple[int, int], ServiceDayOverride]
NONE_SET: Overrides = {}


@dataclass(frozen=True)
class ServiceDays:
    """The days of one quarter's service, the last one included, and why they are not the plain last weekend.

    `provisional` (暂估): the days off of that year are not published yet. `by_rule` are the rule's own days where
    the county has set others; then `reason` is the county's note.
    """

    year: int
    quarter: int
    first: dt.date
    last: dt.date
    reason: str = ""
    provisional: bool = False
    by_rule: "ServiceDays | None" = None

    @property
    def words(self) -> str:
        """The days as people read them: 2026年9月26日至27日."""
        first, last = self.first, self.last
        if first == last:
            return f"{first:%Y年%-m月%-d日}"
        return f"{first:%Y年%-m月%-d日}至{last:%-d日}" if first.month == last.month else self._over_two_months

    @property
    def _over_two_months(self) -> str:
        return f"{self.first:%Y年%-m月%-d日}至{self.last:%-m月%-d日}"

    @property
    def quarter_words(self) -> str:
        """第一季度 to 第四季度."""
        return f"第{'一二三四'[self.quarter - 1]}季度"

    @property
    def why(self) -> str:
        """All there is to say of why they are these days; '' of a plain last weekend of a known year."""
        if self.by_rule:
            return f"县里另行确定：{self.reason}（按规则是{self.by_rule.words}）"
        unsure = "暂估，放假安排公布后可能变动" if self.provisional else ""
        return "；".join(filter(None, (self.reason, unsure)))

    def includes(self, day: dt.date) -> bool:
        """Whether this day is one of them."""
        return self.first <= day <= self.last


def of_quarter(year: int, quarter: int, calendar: Calendar, overrides: Overrides = NONE_SET) -> ServiceDays:
    """The service days of a quarter (1–4): those that the county set, else the rule's."""
    rule = by_rule(year, quarter, calendar)
    own = overrides.get((year, quarter))
    return ServiceDays(year, quarter, own.starts_on, own.ends_on, own.note, by_rule=rule) if own else rule


def by_rule(year: int, quarter: int, calendar: Calendar) -> ServiceDays:
    """The rule's days of a quarter: a swapped working day is avoided, a public holiday named.  [二(二)3]

    Where every weekend of a quarter were a working one, its last weekend stands after all: never an error.
    """
    first, plain = dt.date(year, 3 * quarter - 2, 1), _last_weekend(year, quarter)
    saturday, swapped = plain, []
    while found := _of_kind(DayKind.WORKDAY, saturday, calendar):
        swapped += found
        saturday -= A_WEEK
        if saturday < first:
            saturday, swapped = plain, []
            break
    reason = "；".join(filter(None, (_moved(plain, saturday, swapped), _holiday(saturday, calendar))))
    return ServiceDays(year, quarter, saturday, saturday + ONE_DAY, reason, calendar.is_provisional(year))


def of_year(year: int, calendar: Calendar, overrides: Overrides = NONE_SET) -> list[ServiceDays]:
    """The four service days of a year, in order of their quarters."""
    return [of_quarter(year, quarter, calendar, overrides) for quarter in QUARTERS]


def following(day: dt.date, calendar: Calendar, overrides: Overrides = NONE_SET) -> ServiceDays:
    """The service days that this day is one of, or the next ones after it."""
    year, quarter = day.year, (day.month + 2) // 3
    days = of_quarter(year, quarter, calendar, overrides)
    if days.last >= day:
        return days
    return of_quarter(year + quarter // 4, quarter % 4 + 1, calendar, overrides)


def changed(before: list[ServiceDays], after: list[ServiceDays]) -> list[tuple[ServiceDays, ServiceDays]]:
    """The quarters whose days another calendar moves, as they were and as they would be."""
    pairs = zip(before, after, strict=True)
    return [(old, new) for old, new in pairs if (old.first, old.last) != (new.first, new.last)]


def quarter_of(day: dt.date) -> tuple[int, int]:
    """The year and quarter that a day lies in."""
    return day.year, (day.month + 2) // 3


def _last_weekend(year: int, quarter: int) -> dt.date:
    end = dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1) - ONE_DAY
    sunday = end - ONE_DAY * ((end.weekday() + 1) % 7)
    return sunday - ONE_DAY


def _of_kind(kind: DayKind, saturday: dt.date, calendar: Calendar) -> list[dt.date]:
    return [day for day in (saturday, saturday + ONE_DAY) if calendar.exceptions.get(day) is kind]


def _moved(plain: dt.date, saturday: dt.date, swapped: list[dt.date]) -> str:
    weeks = (plain - saturday) // A_WEEK
    if not weeks:
        return ""
    many = _NUMERALS[weeks - 1] if weeks <= len(_NUMERALS) else str(weeks)
    days = "、".join(f"{day:%-m月%-d日}" for day in sorted(swapped))
    return f"因{days}调休上班，提前{many}周"


def _holiday(saturday: dt.date, calendar: Calendar) -> str:
    holidays = _of_kind(DayKind.HOLIDAY, saturday, calendar)
    names = dict.fromkeys(calendar.names.get(day, "") for day in holidays)
    named = "、".join(name for name in names if name and name != DayKind.HOLIDAY.label)
    return f"逢节假日{f'（{named}）' if named else ''}" if holidays else ""
