"""How far promises are kept, by values and without a database."""

import datetime as dt

import pytest

from portal.labels import Category as C
from portal.pledges.keeping import Promise, Service, keeping

END = dt.date(2026, 12, 31)


def did(category: C, half_hours: int, month: int = 5, day: int = 1) -> Service:
    return Service(category, dt.date(2026, month, day), half_hours)


@pytest.mark.parametrize(
    ("promise", "services", "words", "whole"),
    [
        # times: confirmed records of half an hour or more
        (Promise(C.ORDER, times=2), [], "0 / 2 次", False),
        (Promise(C.ORDER, times=2), [did(C.ORDER, 1)], "1 / 2 次", False),
        (Promise(C.ORDER, times=2), [did(C.ORDER, 1), did(C.ORDER, 4)], "2 / 2 次", True),
        (Promise(C.ORDER, times=2), [did(C.ORDER, 0), did(C.ORDER, 4)], "1 / 2 次", False),
        (Promise(C.ORDER, times=1), [did(C.ORDER, 2)] * 3, "3 / 1 次", True),
        # hours, in half-hour steps
        (Promise(C.LEGAL, half_hours=5), [did(C.LEGAL, 4)], "2 / 2.5 小时", False),
        (Promise(C.LEGAL, half_hours=5), [did(C.LEGAL, 4), did(C.LEGAL, 1)], "2.5 / 2.5 小时", True),
        (Promise(C.LEGAL, half_hours=16), [did(C.LEGAL, 3)] * 5, "7.5 / 8 小时", False),
        # no number planned: a record of the category is enough, however short
        (Promise(C.MEDICAL), [], "0 次", False),
        (Promise(C.MEDICAL), [did(C.MEDICAL, 0)], "1 次", True),
        (Promise(C.MEDICAL), [did(C.MEDICAL, 2), did(C.MEDICAL, 2)], "2 次", True),
        # another category counts for nothing
        (Promise(C.MEDICAL), [did(C.LEGAL, 8)], "0 次", False),
        (Promise(C.ORDER, times=1), [did(C.POLICY, 8)], "0 / 1 次", False),
    ],
)  # fmt: skip
def test_one_promise(promise, services, words, whole):
    kept = keeping([promise], services).items[0]
    assert (kept.words, kept.whole) == (words, whole)


def test_a_record_counts_for_one_item_only_and_fills_the_first_that_is_not_kept():
    promises = [Promise(C.ORDER, times=2), Promise(C.ORDER, half_hours=6), Promise(C.CULTURE)]
    services = [did(C.ORDER, 4, day=20), did(C.ORDER, 2, day=3), did(C.ORDER, 2, day=9), did(C.ORDER, 2, day=25)]
    found = keeping(promises, services)
    # 3 and 9 May fill the two times; 20 and 25 May are three hours of the second.
    assert [item.words for item in found.items] == ["2 / 2 次", "3 / 3 小时", "0 次"]
    assert (found.kept, found.words) == (2, "3 项中已兑现 2 项")


def test_what_is_done_beyond_the_promises_counts_for_the_last_of_its_category():
    found = keeping(
        [Promise(C.ORDER, times=1), Promise(C.ORDER, times=1)], [did(C.ORDER, 2, day=d) for d in (1, 2, 3, 4)]
    )
    assert [item.times for item in found.items] == [1, 3]


@pytest.mark.parametrize(
    ("today", "services", "overdue"),
    [
        (dt.date(2026, 6, 30), [], False),
        (dt.date(2026, 7, 1), [], True),
        (dt.date(2026, 7, 1), [did(C.ORDER, 2)], False),
        (dt.date(2026, 7, 1), [did(C.ORDER, 2, month=8)], False),  # late, but kept
    ],
)
def test_a_promise_is_overdue_after_its_day_unless_kept(today, services, overdue):
    promise = Promise(C.ORDER, times=1, due_on=dt.date(2026, 6, 30))
    assert keeping([promise], services).items[0].is_overdue(today) is overdue


def test_nothing_promised_is_nothing_kept():
    assert keeping([], [did(C.ORDER, 2)]).words == "0 项中已兑现 0 项"
