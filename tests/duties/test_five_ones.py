"""The arithmetic of the five ones, by values: the day before and the day after each last piece, typed by hand."""

import datetime as dt

import pytest

from portal.duties import five_ones
from portal.duties.facts import Facts, Holding, Minimum, Supporting, registered_since
from portal.duties.five_ones import Status, Step
from portal.pledges.models import FiveOne

F, S = FiveOne, Status
LEAST = Minimum(services=2, half_hours=16)
LONG_AGO = dt.date(2020, 5, 1)
DAY = dt.date(2026, 11, 20)
SERVED = Holding(records=1)
ALL_YEAR = frozenset(range(1, 13))


def day(month: int, day_of_month: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, day_of_month)


def stands(one: FiveOne, on: dt.date = DAY, least: Minimum = LEAST, **facts) -> Status:
    return told(one, on, least, **facts).status


def told(one: FiveOne, on: dt.date = DAY, least: Minimum = LEAST, **facts):
    return five_ones.of(Facts(**{"registered_since": LONG_AGO} | facts), least, on)[one]


def supported(since: dt.date, *visited: int, until: dt.date | None = None) -> dict:
    return {"supports": (Supporting(since, until, frozenset(visited)),)}


@pytest.mark.parametrize(
    ("services", "half_hours", "expected"),
    [
        (0, 0, S.LACKING), (1, 1, S.LACKING), (1, 15, S.LACKING),
        (1, 16, S.DONE),  # one long day of 8 hours
        (2, 2, S.DONE),  # two services of half an hour
        (0, 16, S.DONE), (3, 15, S.DONE),
    ],
)  # fmt: skip
def test_a_post_and_two_services_or_eight_hours(services, half_hours, expected):
    facts = {"services": services, "half_hours": half_hours}
    assert stands(F.POST, posts=(Holding(),), **facts) is expected
    assert stands(F.POST, **facts) is S.LACKING  # without a post no service makes up for it


@pytest.mark.parametrize(
    ("least", "services", "half_hours", "enough"),
    [
        (Minimum(3, 16), 2, 15, False), (Minimum(3, 16), 3, 3, True), (Minimum(4, 0), 3, 99, False),
        (Minimum(4, 0), 4, 4, True), (Minimum(0, 20), 99, 19, False), (Minimum(0, 20), 1, 20, True),
        (Minimum(0, 0), 0, 0, True),
    ],
)  # fmt: skip
def test_the_minimum_is_the_years(least, services, half_hours, enough):
    facts = {"posts": (Holding(),), "services": services, "half_hours": half_hours}
    assert stands(F.POST, least=least, **facts) is (S.DONE if enough else S.LACKING)


@pytest.mark.parametrize(
    ("posts", "held"),
    [
        ((), False), ((Holding(),), True), ((Holding(given_up=True),), False),
        ((Holding(records=1, given_up=True),), True), ((Holding(given_up=True), Holding()), True),
    ],
)  # fmt: skip
def test_which_posts_count(posts, held):
    assert stands(F.POST, posts=posts, services=2, half_hours=4) is (S.DONE if held else S.LACKING)


def test_what_is_missing_is_said_with_the_next_step():
    missing = told(F.POST, posts=(Holding(),), services=1, half_hours=5)
    assert (missing.words, missing.step) == ("已认岗，服务 1 次、2.5 小时，还差 1 次或 5.5 小时", Step.SERVE)
    missing = told(F.POST)
    assert (missing.words, missing.step) == (
        "还没有认领服务岗位；服务 0 次、0 小时，还差 2 次或 8 小时", Step.CLAIM,
    )  # fmt: skip
    done = told(F.POST, posts=(Holding(),), services=3, half_hours=7)
    assert (done.words, done.step) == ("已认岗，服务 3 次、3.5 小时", None)


@pytest.mark.parametrize(("one", "name"), [(F.SUGGESTION, "suggestions"), (F.ACTIVITY, "activities")])
def test_one_suggestion_and_one_activity(one, name):
    assert stands(one) is S.LACKING
    assert stands(one, **{name: 1}) is S.DONE


# A household supported since 15 March: March is not asked, from April on every whole month.
@pytest.mark.parametrize(
    ("on", "visited", "expected"),
    [
        (day(3, 15), (), S.LATER), (day(3, 31), (), S.LATER), (day(4, 1), (), S.LATER),
        (day(3, 31), (3,), S.DONE), (day(4, 30), (), S.LATER),  # April still runs
        (day(5, 1), (), S.LACKING),  # now it is over
        (day(5, 1), (4,), S.DONE), (day(5, 31), (4,), S.DONE), (day(6, 1), (4,), S.LACKING),
        (day(6, 1), (4, 5), S.DONE), (day(6, 1), (5,), S.LACKING), (day(12, 31), (4, 5, 6, 7, 8, 9, 10, 11), S.DONE),
        (day(12, 31), (4, 5, 6, 7, 8, 9, 10), S.LACKING),
    ],
)  # fmt: skip
def test_every_whole_month_is_visited(on, visited, expected):
    assert stands(F.HOUSEHOLD, on, **supported(day(3, 15), *visited)) is expected


@pytest.mark.parametrize(
    ("since", "on", "visited", "expected"),
    [
        (day(4, 1), day(5, 1), (), S.LACKING),  # begun on the first: that month is whole
        (day(4, 2), day(5, 1), (), S.LATER),
        (day(10, 5, 2025), day(2, 1), (), S.LACKING),  # supported since last year: January is asked
        (day(10, 5, 2025), day(2, 1), (1,), S.DONE), (day(10, 5, 2025), day(1, 31), (), S.LATER),
    ],
)  # fmt: skip
def test_from_when_on(since, on, visited, expected):
    assert stands(F.HOUSEHOLD, on, **supported(since, *visited)) is expected


@pytest.mark.parametrize(
    ("until", "visited", "expected"),
    [
        (day(6, 20), (1, 2, 3, 4, 5), S.DONE),  # ended in June: June is not asked, nor what follows
        (day(6, 20), (1, 2, 3, 4), S.LACKING), (day(1, 20), (), S.ARRANGE), (day(1, 20), (1,), S.DONE),
    ],
)  # fmt: skip
def test_what_ended_is_asked_up_to_the_month_before(until, visited, expected):
    assert stands(F.HOUSEHOLD, day(9, 10), **supported(day(1, 1), *visited, until=until)) is expected


def test_without_a_household_the_community_arranges():
    assert stands(F.HOUSEHOLD) is S.ARRANGE
    assert told(F.HOUSEHOLD).step is None


def test_of_several_households_one_a_month_is_enough_and_a_hint_names_the_running_month():
    both = (Supporting(day(1, 1), None, frozenset({1, 3})), Supporting(day(1, 1), None, frozenset({2})))
    one = told(F.HOUSEHOLD, day(4, 9), supports=both)
    assert (one.status, one.words, one.step) == (S.DONE, "走访了 3 个月；本月还没有走访", Step.VISIT)
    missed = told(F.HOUSEHOLD, day(5, 9), **supported(day(1, 1), 1, 3, 5))
    assert (missed.status, missed.words, missed.step) == (S.LACKING, "2月、4月没有走访", None)


def test_a_visit_that_waits_for_its_second_person_counts_not_yet_and_asks_for_no_other_one():
    recorded = (Supporting(day(1, 1), None, frozenset({1, 2, 3}), frozenset({4})),)
    one = told(F.HOUSEHOLD, day(4, 9), supports=recorded)
    assert (one.status, one.words, one.step) == (S.DONE, "走访了 3 个月；本月的走访待社区确认", None)
    later = told(F.HOUSEHOLD, day(5, 9), supports=recorded)
    assert (later.status, later.words, later.step) == (S.LACKING, "4月没有走访；本月还没有走访", Step.VISIT)


def test_months_before_the_support_are_nobodys_merit():
    assert stands(F.HOUSEHOLD, day(5, 25), **supported(day(5, 20), 1, 2, 3)) is S.LATER


@pytest.mark.parametrize(
    ("deferred", "expected"), [({4}, S.DONE), ({4, 5}, S.DONE), (set(), S.LACKING), ({3}, S.LACKING)]
)
def test_deferred_months_are_out(deferred, expected):
    facts = supported(day(1, 1), 1, 2, 3, 5)
    assert stands(F.HOUSEHOLD, day(6, 1), deferred=frozenset(deferred), **facts) is expected


@pytest.mark.parametrize(
    ("deferred", "on", "expected"),
    [
        ({3, 4}, day(2, 28), S.LACKING), ({3, 4}, day(3, 1), S.DEFERRED), ({3, 4}, day(4, 30), S.DEFERRED),
        ({3, 4}, day(5, 1), S.LACKING),
        ({1, 2, 3, 4, 5}, day(6, 1), S.LACKING),  # seven months remain
        ({1, 2, 3, 4, 5, 6}, day(7, 1), S.DEFERRED),  # half of the year or less
    ],
)  # fmt: skip
def test_nothing_is_asked_while_a_month_is_deferred(deferred, on, expected):
    for one in (F.POST, F.SUGGESTION, F.ACTIVITY, F.HOUSEHOLD, F.EXEMPLAR):
        arranged = S.ARRANGE if one is F.HOUSEHOLD and expected is S.LACKING else expected
        assert stands(one, on, deferred=frozenset(deferred)) is arranged
    assert stands(F.SUGGESTION, on, deferred=frozenset(deferred), suggestions=1) is S.DONE


@pytest.mark.parametrize(
    ("since", "expected"), [(day(6, 30), S.LACKING), (day(7, 1), S.MIDYEAR), (day(12, 31, 2025), S.LACKING)]
)
def test_who_registered_after_june_is_not_listed_as_lacking(since, expected):
    on = day(11, 20)
    for one in (F.POST, F.SUGGESTION, F.ACTIVITY, F.EXEMPLAR):
        assert stands(one, on, registered_since=since) is expected
        assert told(one, on, registered_since=since).step is not None  # but may do them
    assert stands(F.SUGGESTION, on, registered_since=since, suggestions=1) is S.DONE


def test_the_year_after_everything_is_asked_of_them():
    assert stands(F.SUGGESTION, day(1, 1, 2027), registered_since=day(7, 1)) is S.LACKING


@pytest.mark.parametrize(
    ("facts", "expected", "words", "step"),
    [
        ({"posts": (SERVED,)}, S.DONE, "岗位上有服务，承诺没有过期", None),
        ({"posts": (Holding(),)}, S.LACKING, "在认领的岗位上还没有服务记录", Step.ON_POST),
        ({}, S.LACKING, "还没有认领服务岗位", Step.CLAIM),
        ({"posts": (SERVED,), "overdue_promises": 1}, S.LACKING, "有 1 项承诺过期没有兑现", Step.KEEP),
        ({"posts": (SERVED,), "revoked_claims": 1}, S.LACKING, "有 1 件心愿超期被收回", None),
        ({"posts": (Holding(),), "overdue_promises": 2}, S.LACKING,
         "在认领的岗位上还没有服务记录；有 2 项承诺过期没有兑现", Step.ON_POST),
        ({"posts": (Holding(records=2, given_up=True),)}, S.DONE, "岗位上有服务，承诺没有过期", None),
    ],
)  # fmt: skip
def test_striving_to_be_an_exemplar(facts, expected, words, step):
    one = told(F.EXEMPLAR, **facts)
    assert (one.status, one.words, one.step) == (expected, words, step)


def test_the_next_step_is_what_runs_out_first():
    facts = Facts(LONG_AGO, **supported(day(1, 1), *range(1, 11)), overdue_promises=1)
    ones = five_ones.of(facts, LEAST, DAY)
    assert five_ones.next_step(ones).step is Step.VISIT
    ones = five_ones.of(Facts(LONG_AGO, posts=(Holding(),), suggestions=1), LEAST, DAY)
    assert five_ones.next_step(ones).step is Step.ON_POST
    whole = {"posts": (SERVED,), "services": 2, "half_hours": 4, "suggestions": 1, "activities": 1}
    ones = five_ones.of(Facts(LONG_AGO, **supported(day(1, 1), *range(1, 12)), **whole), LEAST, DAY)
    assert {one.status for one in ones.values()} == {S.DONE} and five_ones.next_step(ones) is None


@pytest.mark.parametrize(
    ("spans", "since"),
    [
        ([], None), ([(day(3, 1), day(5, 1))], None), ([(day(3, 1), None)], day(3, 1)),
        ([(day(3, 1, 2020), day(8, 5)), (day(8, 5), None)], day(3, 1, 2020)),  # moved house in August
        ([(day(3, 1, 2020), day(8, 4)), (day(8, 5), None)], day(8, 5)),  # left, and came back
        ([(day(8, 5), None), (day(1, 1, 2019), day(2, 2, 2020)), (day(2, 2, 2020), day(8, 5))], day(1, 1, 2019)),
    ],
)  # fmt: skip
def test_since_when_somebody_is_registered(spans, since):
    assert registered_since(spans) == since
