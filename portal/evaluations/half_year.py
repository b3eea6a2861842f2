"""Who was registered long enough in a year to be evaluated there: arithmetic on days."""

import datetime as dt
from collections.abc import Iterable

# Six months are 181 days at the least (1 January to 1 July): nobody is refused for the length of a month.
LEAST_DAYS = 181
Span = tuple[dt.date, dt.date | None]


def days_in(spans: Iterable[Span], year: int, day: dt.date) -> int:
    """The days of a year, up to this day, that these registrations (accepted, ended) cover; they never overlap."""
    first, last = dt.date(year, 1, 1), min(day, dt.date(year, 12, 31))
    return sum(
        max(0, (min(ended or last, last) - max(accepted, first)).days) for accepted, ended in spans if accepted <= last
    )


def is_long_enough(spans: Iterable[Span], year: int, day: dt.date) -> bool:
    """Whether these registrations in one community cover six months of a year, up to this day.  [二(二)4]"""
    return days_in(spans, year, day) >= LEAST_DAYS
