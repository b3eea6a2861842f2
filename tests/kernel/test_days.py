"""A day is read however people write it."""

import datetime as dt

import pytest

from portal.text import read_day


@pytest.mark.parametrize(
    "typed",
    [
        "2014-05-15",
        "2014.5.15",
        "2014/5/15",
        "20140515",
        "2014年5月15日",
        "２０１４年５月１５日",
        " 2014 年 5 月 15 日",
    ],
)
def test_a_day_is_read(typed):
    assert read_day(typed) == dt.date(2014, 5, 15)


@pytest.mark.parametrize(
    "typed", ["", "2014-02-30", "0000-01-01", "10000-01-01", "2014-13-01", "5月15日", "今天", "2147483648", "2014515"]
)
def test_what_is_no_day_is_none(typed):
    assert read_day(typed) is None
