"""On which days an activity is held again, by values typed by hand: no day is left out in silence."""

import datetime as dt

import pytest

from portal.activities.repeating import Repeat, on_service_day, planned, words_of
from portal.scheme.calendar import Calendar
from portal.scheme.models import DayKind
from portal.scheme.service_days import ServiceDays, of_year

D = dt.date
SUMMER = ServiceDays(2026, 3, D(2026, 9, 26), D(2026, 9, 27))
CALENDAR = Calendar(
    {D(2026, 10, 1): DayKind.HOLIDAY, D(2026, 9, 20): DayKind.WORKDAY, D(2026, 10, 2): DayKind.HOLIDAY},
    {D(2026, 10, 1): "国庆节"},
)


@pytest.mark.parametrize(
    ("repeat", "first", "until", "days"),
    [
        (None, D(2026, 6, 20), D(2026, 12, 31), [(6, 20)]),
        (Repeat.WEEKLY, D(2026, 6, 20), D(2026, 7, 11), [(6, 20), (6, 27), (7, 4), (7, 11)]),
        (Repeat.WEEKLY, D(2026, 6, 20), D(2026, 7, 10), [(6, 20), (6, 27), (7, 4)]),
        (Repeat.WEEKLY, D(2026, 6, 20), D(2026, 6, 20), [(6, 20)]),
        (Repeat.FORTNIGHTLY, D(2026, 6, 20), D(2026, 7, 18), [(6, 20), (7, 4), (7, 18)]),
        (Repeat.MONTHLY, D(2026, 6, 20), D(2026, 9, 19), [(6, 20), (7, 20), (8, 20)]),
        (Repeat.MONTHLY, D(2026, 10, 31), D(2027, 1, 31), [(10, 31), (11, 30), (12, 31), (1, 31)]),
        (Repeat.MONTHLY, D(2026, 12, 31), D(2027, 2, 28), [(12, 31), (1, 31), (2, 28)]),
    ],
)
def test_the_days(repeat, first, until, days):
    assert [(each.day.month, each.day.day) for each in planned(repeat, first, until, [])] == days


def test_a_day_that_a_month_does_not_have_is_moved_and_says_so():
    found = planned(Repeat.MONTHLY, D(2026, 10, 31), D(2026, 12, 31), [])
    assert [each.moved for each in found] == ["", "11月没有31日，排在最后一天", ""]


def test_each_service_day_of_a_year_from_the_first_day_on():
    year = of_year(2026, Calendar())
    saturdays = planned(Repeat.SERVICE_DAYS, D(2026, 6, 20), D(2026, 12, 31), year)
    assert [each.day for each in saturdays] == [D(2026, 6, 27), D(2026, 9, 26), D(2026, 12, 26)]
    sundays = planned(Repeat.SERVICE_DAYS, D(2026, 3, 29), D(2026, 12, 31), year)
    assert [each.day for each in sundays] == [D(2026, 3, 29), D(2026, 6, 28), D(2026, 9, 27), D(2026, 12, 27)]
    assert all("暂估" in each.moved for each in sundays)
    assert planned(Repeat.SERVICE_DAYS, D(2026, 7, 1), D(2026, 8, 31), year) == []


@pytest.mark.parametrize(
    ("service", "like", "day"),
    [
        (SUMMER, D(2026, 6, 27), D(2026, 9, 26)),
        (SUMMER, D(2026, 6, 28), D(2026, 9, 27)),
        (SUMMER, D(2026, 6, 24), D(2026, 9, 26)),
        (ServiceDays(2026, 3, D(2026, 9, 26), D(2026, 9, 26)), D(2026, 6, 28), D(2026, 9, 26)),
    ],
)
def test_a_sunday_stays_a_sunday_where_there_is_one(service, like, day):
    assert on_service_day(service, like) == day


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (D(2026, 9, 19), ""), (D(2026, 9, 20), "调休上班，请排在下班以后"), (D(2026, 9, 21), "工作日，请排在下班以后"),
        (D(2026, 10, 1), "节假日（国庆节）"), (D(2026, 10, 2), "节假日"),
    ],
)  # fmt: skip
def test_what_is_to_be_known_of_a_day(day, words):
    assert words_of(day, CALENDAR) == words
