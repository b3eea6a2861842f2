"""Service days, by dates typed from a calendar on the wall and from the notices of days off.

The working days typed here stand in the State Council's notices of these years."""

import datetime as dt

import pytest

from portal.scheme.calendar import Calendar
from portal.scheme.models import DayKind, ServiceDayOverride
from portal.scheme.service_days import following, of_quarter, of_year
from portal.scheme.workflow import KNOWN_YEARS, known_days

H, W = DayKind.HOLIDAY, DayKind.WORKDAY
SWAPPED_2025 = Calendar({dt.date(2025, 9, 28): W, dt.date(2025, 10, 1): H})


SWAPPED = {
    2014: Calendar({dt.date(2014, 9, 28): W, dt.date(2014, 10, 11): W, dt.date(2014, 10, 1): H}),
    2016: Calendar({dt.date(2016, 10, 8): W, dt.date(2016, 10, 9): W, dt.date(2017, 1, 2): H}),
    2021: Calendar({dt.date(2021, 9, 18): W, dt.date(2021, 9, 26): W, dt.date(2021, 10, 9): W}),
    2025: Calendar({dt.date(2025, 9, 28): W, dt.date(2025, 10, 11): W, dt.date(2025, 10, 1): H}),
    2027: Calendar(),
}
# year, quarter, Saturday, Sunday, why
ISSUE = [
    (2014, 3, dt.date(2014, 9, 20), dt.date(2014, 9, 21), "因9月28日调休上班，提前一周"),
    (2021, 3, dt.date(2021, 9, 11), dt.date(2021, 9, 12), "因9月18日、9月26日调休上班，提前两周"),
    (2025, 3, dt.date(2025, 9, 20), dt.date(2025, 9, 21), "因9月28日调休上班，提前一周"),
    (2016, 4, dt.date(2016, 12, 24), dt.date(2016, 12, 25), ""),
    (2027, 1, dt.date(2027, 3, 27), dt.date(2027, 3, 28), ""),
]


@pytest.mark.parametrize(("year", "quarter", "saturday", "sunday", "why"), ISSUE)
def test_the_table_of_the_county(year, quarter, saturday, sunday, why):
    days = of_quarter(year, quarter, SWAPPED[year])
    assert (days.first, days.last, days.reason, days.provisional) == (saturday, sunday, why, year == 2027)


@pytest.mark.parametrize(("year", "quarter", "saturday", "sunday", "why"), ISSUE)
def test_the_same_by_the_days_that_the_library_knows(year, quarter, saturday, sunday, why):
    known = known_days(year) if year in KNOWN_YEARS else {}
    days = of_quarter(year, quarter, Calendar({day: kind for day, (kind, _) in known.items()}))
    assert (days.first, days.last, days.reason, days.provisional) == (saturday, sunday, why, year == 2027)


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
    assert of_quarter(year, quarter, Calendar()).first == saturday


def test_a_year_whose_days_off_are_unknown_is_provisional_and_no_error():
    days = of_quarter(2031, 1, SWAPPED_2025)
    assert days.provisional and days.why == "暂估，放假安排公布后可能变动"


def test_a_public_holiday_keeps_the_days_and_is_named():
    weekend = dt.date(2026, 9, 26), dt.date(2026, 9, 27)
    days = of_quarter(2026, 3, Calendar(dict.fromkeys(weekend, H), dict.fromkeys(weekend, "中秋节")))
    assert (days.first, days.reason) == (dt.date(2026, 9, 26), "逢节假日（中秋节）")
    assert of_quarter(2026, 3, Calendar(dict.fromkeys(weekend, H))).reason == "逢节假日"


def test_moved_into_a_holiday_both_are_said():
    calendar = Calendar({dt.date(2026, 9, 27): W, dt.date(2026, 9, 19): H}, {dt.date(2026, 9, 19): "中秋节"})
    assert of_quarter(2026, 3, calendar).reason == "因9月27日调休上班，提前一周；逢节假日（中秋节）"


def test_a_quarter_of_nothing_but_working_weekends_is_no_error():
    every = {dt.date(2026, 1, 1) + dt.timedelta(n): W for n in range(90)}
    assert of_quarter(2026, 1, Calendar(every)).first == dt.date(2026, 3, 28)


def test_days_never_leave_their_quarter():
    sundays = dict.fromkeys((dt.date(2026, 1, 4) + dt.timedelta(7 * n) for n in range(1, 13)), W)
    assert of_quarter(2026, 1, Calendar(sundays)).first == dt.date(2026, 1, 3)


def override(year, quarter, first, last, note="因中考"):
    row = ServiceDayOverride(year=year, quarter=quarter, starts_on=first, ends_on=last, note=note)
    return {(year, quarter): row}


def test_the_county_sets_other_days_and_the_rules_own_stand_beside_them():
    own = override(2026, 2, dt.date(2026, 6, 13), dt.date(2026, 6, 14))
    days = of_quarter(2026, 2, Calendar(), own)
    assert (days.first, days.last, days.by_rule.first) == (
        dt.date(2026, 6, 13), dt.date(2026, 6, 14), dt.date(2026, 6, 27),
    )  # fmt: skip
    assert days.why == "县里另行确定：因中考（按规则是2026年6月27日至28日）"
    assert not days.provisional  # the county has said so
    assert [days.by_rule is None for days in of_year(2026, Calendar(), own)] == [True, False, True, True]


def test_what_is_next_goes_by_what_the_county_set():
    own = override(2026, 2, dt.date(2026, 6, 13), dt.date(2026, 6, 13))
    assert following(dt.date(2026, 6, 13), Calendar(), own).words == "2026年6月13日"
    assert following(dt.date(2026, 6, 14), Calendar(), own).first == dt.date(2026, 9, 26)


def test_days_over_two_months_are_said_in_full():
    own = override(2026, 2, dt.date(2026, 5, 31), dt.date(2026, 6, 1))
    assert of_quarter(2026, 2, Calendar(), own).words == "2026年5月31日至6月1日"


@pytest.mark.parametrize(
    ("today", "saturday"),
    [
        (dt.date(2026, 5, 15), dt.date(2026, 6, 27)),
        (dt.date(2026, 6, 28), dt.date(2026, 6, 27)),  # the Sunday itself
        (dt.date(2026, 6, 29), dt.date(2026, 9, 26)),
        (dt.date(2026, 12, 27), dt.date(2026, 12, 26)),
        (dt.date(2026, 12, 28), dt.date(2027, 3, 27)),  # over the year's end
        (dt.date(2026, 12, 31), dt.date(2027, 3, 27)),
    ],
)
def test_following_is_this_quarter_or_the_next(today, saturday):
    assert following(today, Calendar()).first == saturday
