"""Service days, by dates typed from a calendar on the wall and from the notices of days off."""

import datetime as dt

import pytest

from portal.scheme.calendar import Calendar
from portal.scheme.models import DayKind
from portal.scheme.service_days import following, of_quarter

H, W = DayKind.HOLIDAY, DayKind.WORKDAY
SWAPPED_2025 = Calendar({dt.date(2025, 9, 28): W, dt.date(2025, 10, 1): H})


@pytest.mark.parametrize(
    ("year", "quarter", "saturday"),
    [
        (2026, 1, dt.date(2026, 3, 28)),
        (2026, 2, dt.date(2026, 6, 27)),
        (2026, 3, dt.date(2026, 9, 26)),
        (2026, 4, dt.date(2026, 12, 26)),
        (2025, 2, dt.date(2025, 6, 28)),
        (2024, 1, dt.date(2024, 3, 30)),  # 31 March is a Sunday: the weekend still lies wholly inside
        (2024, 2, dt.date(2024, 6, 29)),
        (2022, 4, dt.date(2022, 12, 24)),  # 31 December is a Saturday: its Sunday is next year's
    ],
)
def test_last_weekend_wholly_inside_the_quarter(year, quarter, saturday):
    assert of_quarter(year, quarter, Calendar()).saturday == saturday


def test_a_swapped_working_day_moves_it_a_week_earlier():
    days = of_quarter(2025, 3, SWAPPED_2025)
    assert (days.saturday, days.sunday) == (dt.date(2025, 9, 20), dt.date(2025, 9, 21))
    assert days.reason == "因调休上班提前一周"
    assert not days.provisional


def test_a_year_whose_days_off_are_unknown_is_provisional():
    assert of_quarter(2031, 1, SWAPPED_2025).provisional


def test_a_public_holiday_keeps_the_days_and_is_named():
    days = of_quarter(2026, 3, Calendar({dt.date(2026, 9, 26): H, dt.date(2026, 9, 27): H}))
    assert (days.saturday, days.reason) == (dt.date(2026, 9, 26), "逢节假日")


@pytest.mark.parametrize(
    ("today", "saturday"),
    [
        (dt.date(2026, 5, 15), dt.date(2026, 6, 27)),
        (dt.date(2026, 6, 28), dt.date(2026, 6, 27)),  # the Sunday itself
        (dt.date(2026, 6, 29), dt.date(2026, 9, 26)),
        (dt.date(2026, 12, 28), dt.date(2027, 3, 27)),
    ],
)
def test_following_is_this_quarter_or_the_next(today, saturday):
    assert following(today, Calendar()).saturday == saturday
