"""At least one visit a month by any of the supporters: what each month of a year came to.  [二(一)4]

Asked are the whole months of a support: nothing in the month in which it began (unless on the first) or ended, nor
where everybody who supports the household has the month put off (暂缓).
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from portal.labels import Labelled

MONTHS = range(1, 13)
REMIND_FROM = 20  # the day of a month from which a supporter is reminded of a visit that is still due


class MonthState(Labelled):
    """What a month came to."""

    VISITED = "visited", "已走访"
    WAITING = "waiting", "走访待确认"
    MISSING = "missing", "未走访"
    DUE = "due", "本月待走访"
    DEFERRED = "deferred", "暂缓"
    NOT_ASKED = "not_asked", "不要求"
    AHEAD = "ahead", "未到"


class Lacking(Labelled):
    """Of which month a list asks for what had no visit."""

    THIS = "this", "本月还没走访"
    LAST = "last", "上月没有走访"

    def month(self, today: dt.date) -> dt.date:
        """The first day of that month."""
        return today.replace(day=1) if self is Lacking.THIS else month_before(today)


@dataclass(frozen=True)
class Span:
    """How long one member supports the household."""

    member_id: int
    since: dt.date
    until: dt.date | None


def whole_months(since: dt.date, until: dt.date | None, year: int) -> range:
    """The months of a year through which a support lasts: what is asked of it, and of the member's five ones.

    From the one in which it began, if that was on the 1st, or else the one after it, to the one before it ended.
    """
    begun = (since.year - year) * 12 + since.month + (since.day > 1)
    ended = (until.year - year) * 12 + until.month if until else 13
    return range(max(begun, 1), min(ended, 13))


def first_of(year: int, month: int) -> dt.date:
    """The first day of a month."""
    return dt.date(year, month, 1)


def last_of(first: dt.date) -> dt.date:
    """The last day of the month that begins on this day."""
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def month_before(day: dt.date) -> dt.date:
    """The first day of the month before that of a day."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def of_year(
    year: int, today: dt.date, spans: Collection[Span], visited: Collection[int], waiting: Collection[int],
    is_deferred: Callable[[int, str], bool],
) -> list[MonthState]:  # fmt: skip
    """The twelve months of a year; `is_deferred(member_id, "2026-03")` says whose month is put off."""
    return [_of_month(first_of(year, month), today, spans, month in visited, month in waiting, is_deferred)
            for month in MONTHS]  # fmt: skip


def _of_month(first: dt.date, today: dt.date, spans, visited: bool, waiting: bool, is_deferred) -> MonthState:
    if visited:
        return MonthState.VISITED
    if waiting:
        return MonthState.WAITING
    if first > today:
        return MonthState.AHEAD
    asked = [span for span in spans if first.month in whole_months(span.since, span.until, first.year)]
    if not asked:
        return MonthState.NOT_ASKED
    if all(is_deferred(span.member_id, f"{first:%Y-%m}") for span in asked):
        return MonthState.DEFERRED
    return MonthState.DUE if last_of(first) >= today else MonthState.MISSING
