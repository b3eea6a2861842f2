"""A month as a table shows it, by values."""

import datetime as dt

import pytest

from portal.menu.month import Month, month_of

TODAY = dt.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-06", (2026, 6)), ("2027-12", (2027, 12)), ("2014-01", (2014, 1)), ("2099-12", (2099, 12)),
        (None, (2026, 6)), ("", (2026, 6)), ("2013-12", (2026, 6)), ("2100-01", (2026, 6)), ("2026-00", (2026, 6)),
        ("2026-13", (2026, 6)), ("2026-6", (2026, 6)), ("2026-06-01", (2026, 6)), ("２０２６-０７", (2026, 6)),
        ("x" * 9999, (2026, 6)),
    ],
)  # fmt: skip
def test_what_is_no_month_is_the_present_one(typed, expected):
    found = month_of(typed, TODAY)
    assert (found.year, found.month) == expected


def test_before_and_after_end_where_the_calendar_ends():
    assert Month(2026, 1).before == Month(2025, 12)
    assert Month(2026, 12).after == Month(2027, 1)
    assert Month(2014, 1).before is None
    assert Month(2099, 12).after is None


@pytest.mark.parametrize(("year", "month", "rows", "days"), [
    (2026, 6, 5, 30), (2026, 2, 5, 28), (2027, 2, 4, 28), (2024, 2, 5, 29), (2026, 8, 6, 31), (2025, 12, 5, 31),
])  # fmt: skip
def test_weeks_run_from_monday_to_sunday(year, month, rows, days):
    weeks = Month(year, month).weeks
    assert len(weeks) == rows
    assert all(len(week) == 7 for week in weeks)
    found = [day for week in weeks for day in week if day]
    assert len(found) == days and found == sorted(found)
    assert all(day is None or day.weekday() == n for week in weeks for n, day in enumerate(week))
