"""Arithmetic on values: who was there for six months, and facts that are read as they were written."""

import datetime as dt

import pytest

from portal.evaluations import facts
from portal.evaluations.facts import Facts, Voice
from portal.evaluations.half_year import is_long_enough

D = dt.date


@pytest.mark.parametrize(("spans", "day", "expected"), [
    ([(D(2024, 5, 15), None)], D(2026, 11, 1), True),
    ([(D(2026, 5, 15), None)], D(2026, 11, 1), False),
    ([(D(2026, 5, 15), None)], D(2026, 11, 15), True),
    ([(D(2026, 5, 15), None)], D(2027, 1, 20), True),  # the year's last day at the latest
    ([(D(2025, 1, 1), D(2026, 6, 20))], D(2026, 11, 1), False),
    ([(D(2025, 1, 1), D(2026, 7, 1))], D(2026, 11, 1), True),
    ([(D(2025, 1, 1), D(2026, 3, 31)), (D(2026, 7, 15), None)], D(2026, 11, 1), True),
    ([(D(2025, 1, 1), D(2025, 12, 31))], D(2026, 11, 1), False),
    ([(D(2027, 1, 1), None)], D(2026, 11, 1), False),
    ([], D(2026, 11, 1), False),
])  # fmt: skip
def test_six_months_of_a_year(spans, day, expected):
    assert is_long_enough(spans, 2026, day) is expected


def test_facts_are_read_as_they_were_written():
    told = Facts(
        D(2026, 1, 1), D(2026, 11, 20), 3, 13, suggestions=2, adopted=1, five_ones=(("认领一个服务岗位", "已完成"),),
        voices=(Voice("谢谢"), Voice("没有来", True, "临时加班", "部分属实")), deferred=(2, 3),
    )  # fmt: skip
    assert facts.read(told.written()) == told
    assert told.deferred_words == "2月、3月" and told.promises_words == "没有承诺"
