"""Working days, by dates typed from the State Council's notice for National Day 2025 and by plain weekends."""

import datetime as dt

import pytest

from portal.scheme.calendar import Calendar
from portal.scheme.models import DayKind

H, W = DayKind.HOLIDAY, DayKind.WORKDAY
NATIONAL_DAY_2025 = Calendar(
    {dt.date(2025, 9, 28): W, dt.date(2025, 10, 11): W} | {dt.date(2025, 10, day): H for day in range(1, 9)}
)


@pytest.mark.parametrize(
    ("start", "workdays", "due"),
    [
        (dt.date(2025, 9, 26), 1, dt.date(2025, 9, 28)),  # Friday → the swapped Sunday
        (dt.date(2025, 9, 30), 1, dt.date(2025, 10, 9)),  # over the holiday
        (dt.date(2025, 10, 10), 1, dt.date(2025, 10, 11)),  # Friday → the swapped Saturday
        (dt.date(2025, 10, 11), 1, dt.date(2025, 10, 13)),
        (dt.date(2025, 9, 30), 0, dt.date(2025, 9, 30)),
    ],
)
def test_due_days(start, workdays, due):
    assert NATIONAL_DAY_2025.add_workdays(start, workdays) == due


def test_workdays_between_counts_the_end_and_not_the_start():
    assert NATIONAL_DAY_2025.workdays_between(dt.date(2025, 9, 30), dt.date(2025, 10, 11)) == 3
    assert NATIONAL_DAY_2025.workdays_between(dt.date(2025, 10, 11), dt.date(2025, 9, 30)) == 0


def test_an_unknown_year_means_plain_weekends_and_says_so():
    assert NATIONAL_DAY_2025.is_provisional(2031)
    assert not NATIONAL_DAY_2025.is_provisional(2025)
    assert Calendar().add_workdays(dt.date(2031, 10, 3), 1) == dt.date(2031, 10, 6)
