"""The facts of the five ones, from rows written straight into the tables: what counts, and what does not."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import event, select

from portal.activities.models import Benefit
from portal.duties import progress
from portal.duties.five_ones import Status
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Member
from portal.pledges.models import FiveOne, Pledge, PledgeItem, PledgeState
from portal.records.models import Source
from portal.registrations.models import Deferment, DefermentKind, DefermentState, EndKind
from portal.reports import tables
from portal.reports.scopes import By, Scope
from portal.suggestions import workflow as suggestions
from portal.wishes.models import Claim, ClaimState
from tests.crowds import registered_members
from tests.suggestions.conftest import proposal
from tests.wishes.making import a_wish

F, S = FiveOne, Status


def day(month: int, day_of_month: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, day_of_month)


NOVEMBER = day(11, 20)


def facts(year, on: dt.date = NOVEMBER):
    return progress.facts_of(select(Member.id), on)[0][year.member.id]


def stands(year, one: FiveOne, on: dt.date = NOVEMBER) -> Status:
    return progress.of(select(Member.id), on)[year.member.id][one].status


def test_only_who_is_registered_is_asked(year):
    assert set(progress.of(select(Member.id), NOVEMBER)) == {year.member.id}
    assert progress.of_member(year.cast.member3_row.id, NOVEMBER) is None
    assert progress.of_member(None, NOVEMBER) is None


@pytest.mark.parametrize(
    ("on", "half_hours", "state", "counts"),
    [
        (day(1, 1), 1, "confirmed", True), (day(12, 31), 1, "confirmed", True),
        (day(12, 31, 2025), 2, "confirmed", False),
        (day(5, 1), 0, "confirmed", False), (day(5, 1), 2, "pending", False), (day(5, 1), 2, "rejected", False),
        (day(5, 1), 2, "voided", False),
    ],
)  # fmt: skip
def test_confirmed_services_of_half_an_hour_in_the_year_count(year, on, half_hours, state, counts):
    year.service(on, half_hours, state)
    assert (facts(year).services, facts(year).half_hours) == ((1, half_hours) if counts else (0, 0))


def test_a_post_and_the_records_on_it(year):
    held = year.post(day(3, 1))
    assert [(each.records, each.given_up) for each in facts(year).posts] == [(0, False)]
    for state in ("pending", "confirmed", "confirmed"):
        year.service(day(5, 1), state=state, source=Source.POST, source_id=held.id)
    year.service(day(5, 1, 2025), source=Source.POST, source_id=held.id)
    assert [(each.records, each.given_up) for each in facts(year).posts] == [(2, False)]
    assert (stands(year, F.POST), stands(year, F.EXEMPLAR)) == (S.DONE, S.DONE)


@pytest.mark.parametrize(
    ("since", "until", "confirmed_for", "held"),
    [
        (day(3, 1), None, 2026, True), (day(3, 1, 2025), None, 2025, True), (day(3, 1), day(6, 1), 2026, False),
        (day(3, 1, 2025), day(12, 31, 2025), 2025, None), (day(3, 1, 2025), day(2, 1), 2025, False),
        (day(3, 1, 2025), day(2, 1), 2026, False),
    ],
)  # fmt: skip
def test_which_posts_are_of_the_year_and_which_were_given_up(year, since, until, confirmed_for, held):
    year.post(since, until, confirmed_for)
    assert [not each.given_up for each in facts(year).posts] == ([] if held is None else [held])


def moved(year, on: dt.date) -> None:
    """The member moved to the other community on a day."""
    again = {**{c.name: getattr(year.registration, c.name) for c in year.registration.__table__.columns}}
    again |= {"id": None, "number": "2026-0900", "serial": 900, "receipt_number": "2026-0900", "receipt_serial": 900,
              "accepted_on": on, "ended_on": None, "community_id": year.cast.community2.id}  # fmt: skip
    year.registration.state = type(year.registration.state).ENDED
    year.registration.end_kind, year.registration.ended_on = EndKind.MOVED, on
    db.session.flush()
    db.session.add(type(year.registration)(**again))
    db.session.commit()


@pytest.mark.parametrize("how", ["moved", "closed", "given up", "served and given up"])
def test_a_post_of_the_year_before_that_ended_before_the_new_pledge_confirmed_it(year, how):
    """Held until then, by a move or the post's end; given up, only who served on it this year held it this year."""
    post = year.post(day(3, 1, 2025), day(1, 20), confirmed_for=2025)
    for month in (2, 3):
        year.service(day(month, 1))
    year.service(day(12, 1, 2025), source=Source.POST, source_id=post.id)
    match how:
        case "moved":
            moved(year, day(1, 20))
        case "closed":
            post.with_post = True
            db.session.commit()
        case "served and given up":
            year.service(day(1, 10), source=Source.POST, source_id=post.id)
    assert stands(year, F.POST) is (S.LACKING if how == "given up" else S.DONE)
    assert stands(year, F.EXEMPLAR) is (S.DONE if how == "served and given up" else S.LACKING)
    table = tables.six(By.COUNTY, Scope(), 2026, NOVEMBER)  # one rule: the county's table says the same
    assert table.total.cells["posts"] == (0 if how == "given up" else 1)


def test_a_post_that_ended_with_itself_or_by_a_move_was_not_given_up(year):
    closed, left = year.post(day(3, 1), day(6, 1)), year.post(day(3, 1), day(6, 15))
    assert sorted(each.given_up for each in facts(year).posts) == [True, True]
    closed.with_post, closed.post.closed_on = True, day(9, 1)  # opened again since, and closed again
    moved(year, day(6, 15))
    assert [each.given_up for each in facts(year).posts] == [False, False]
    assert facts(year).registered_since == dt.date(2020, 5, 1)
    assert left.until == day(6, 15)


@pytest.mark.parametrize(
    ("benefit", "state", "source", "counts"),
    [
        (Benefit.PUBLIC, "confirmed", Source.ACTIVITY, 1), (Benefit.ORDER, "confirmed", Source.ACTIVITY, 1),
        (Benefit.NONE, "confirmed", Source.ACTIVITY, 0), (Benefit.PUBLIC, "pending", Source.ACTIVITY, 0),
        (Benefit.PUBLIC, "voided", Source.ACTIVITY, 0), (Benefit.PUBLIC, "confirmed", Source.WISH, 0),
    ],
)  # fmt: skip
def test_activities_attended_and_confirmed_with_a_benefit(year, benefit, state, source, counts):
    held = year.activity(day(5, 1), benefit)
    year.service(day(5, 1), state=state, source=source, source_id=held.id)
    assert facts(year).activities == counts
    assert stands(year, F.ACTIVITY) is (S.DONE if counts else S.LACKING)


def test_a_suggestion_counts_in_its_year_and_not_when_withdrawn(year, time_machine):
    time_machine.move_to("2026-11-19 02:00:00+00:00")
    row = suggestions.submit(year.member, year.cast.by("member1"), proposal())
    db.session.commit()
    assert stands(year, F.SUGGESTION) is S.DONE
    assert progress.of_member(year.member.id, day(11, 20, 2027))[1][F.SUGGESTION].status is S.LACKING
    suggestions.withdraw(row, year.cast.by("member1"))
    db.session.commit()
    assert stands(year, F.SUGGESTION) is S.LACKING


def test_a_household_visited_by_any_of_its_supporters(year):
    own = year.support(day(3, 15))
    year.support(day(1, 1), member=year.cast.member2_row, household=own.household)
    assert [stands(year, F.HOUSEHOLD, each) for each in (day(4, 30), day(5, 1))] == [S.LATER, S.LACKING]
    year.visit(own.household, day(4, 30), "recorded")
    assert stands(year, F.HOUSEHOLD, day(5, 1)) is S.LACKING
    year.visit(own.household, day(4, 30))
    assert [stands(year, F.HOUSEHOLD, each) for each in (day(5, 1), day(5, 31), day(6, 1))] == [
        S.DONE, S.DONE, S.LACKING,
    ]  # fmt: skip


def test_once_the_year_is_over_its_december_is_asked_too(year):
    own = year.support(day(3, 15))
    for month in range(4, 12):
        year.visit(own.household, day(month, 9))
    with time_machine.travel(day(12, 31), tick=False):
        one = progress.of_member(year.member.id, day(12, 31))[1][F.HOUSEHOLD]
    assert (one.status, one.words) == (S.DONE, "走访了 8 个月；本月还没有走访")
    with time_machine.travel(day(1, 1, 2027), tick=False):
        one = progress.of_member(year.member.id, day(12, 31))[1][F.HOUSEHOLD]
    assert (one.status, one.words, one.step) == (S.LACKING, "12月没有走访", None)


def test_a_household_of_last_year_or_one_only_proposed_is_none(year):
    year.support(day(3, 15, 2025), day(12, 31, 2025))
    proposed = year.support(day(3, 15))
    proposed.since, proposed.state = None, type(proposed.state).PROPOSED
    db.session.commit()
    assert stands(year, F.HOUSEHOLD) is S.ARRANGE


@pytest.mark.parametrize(
    ("first", "last", "ended_on", "state", "months"),
    [
        ("2026-03", "2026-05", None, "agreed", {3, 4, 5}), ("2025-11", "2026-02", None, "agreed", {1, 2}),
        ("2026-03", "2026-05", day(4, 10), "ended", {3}), ("2026-03", "2026-05", None, "requested", set()),
        ("2026-03", "2026-05", None, "declined", set()), ("2025-03", "2025-05", None, "agreed", set()),
        ("2026-11", "2027-05", None, "agreed", {11, 12}),
    ],
)  # fmt: skip
def test_deferred_months_of_the_year(year, first, last, ended_on, state, months):
    decided = None if state == "requested" else day(1, 1)
    db.session.add(
        Deferment(member=year.member, unit=year.member.unit, kind=DefermentKind.ILLNESS, first=first, last=last,
                  state=DefermentState(state), asked_on=day(1, 1), asked_by="高翔", decided_on=decided,
                  ended_on=ended_on)
    )  # fmt: skip
    db.session.commit()
    assert facts(year).deferred == months


def promised(year, *items: tuple[Category, int | None, int | None, dt.date], state: str = "shown") -> None:
    rows = [
        PledgeItem(place=place, category=category, what="清理楼道", times=times, half_hours=halves, due_on=due)
        for place, (category, times, halves, due) in enumerate(items, 1)
    ]
    db.session.add(
        Pledge(member=year.member, unit=year.member.unit, community=year.cast.community1, state=PledgeState(state),
               number="2026-0500", year=2026, serial=500, shown_name="欧阳某", pinyin="ouyang", written_by="本人",
               written_at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC), submitted_on=day(1, 5), approved_on=day(1, 6),
               show_on=day(1, 9), items=rows)
    )  # fmt: skip
    db.session.commit()


def test_a_promise_is_overdue_the_day_after_unless_it_was_kept(year):
    promised(year, (Category.ENVIRONMENT, 2, None, day(6, 30)))
    assert [facts(year, each).overdue_promises for each in (day(6, 30), day(7, 1))] == [0, 1]
    year.service(day(5, 1))
    assert facts(year, day(7, 1)).overdue_promises == 1
    year.service(day(7, 1))  # late, but kept
    assert facts(year, day(7, 1)).overdue_promises == 0


def test_two_promises_of_one_category_share_its_records(year):
    both = ((Category.ENVIRONMENT, 1, None, day(6, 30)), (Category.ENVIRONMENT, None, 4, day(6, 30)),
            (Category.LEGAL, None, None, day(6, 30)))  # fmt: skip
    promised(year, *both)
    assert facts(year, day(7, 1)).overdue_promises == 3
    year.service(day(5, 1), 3)
    assert facts(year, day(7, 1)).overdue_promises == 2
    year.service(day(5, 2), 4)
    assert facts(year, day(7, 1)).overdue_promises == 1
    year.service(day(5, 3), 0, category=Category.LEGAL)
    assert facts(year, day(7, 1)).overdue_promises == 0


def test_what_was_not_approved_is_no_promise(year):
    promised(year, (Category.ENVIRONMENT, 2, None, day(6, 30)), state="returned")
    assert facts(year).overdue_promises == 0


@pytest.mark.parametrize(
    ("state", "at", "counts"),
    [
        (ClaimState.REVOKED, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), 1),
        (ClaimState.REVOKED, dt.datetime(2025, 12, 31, 15, 59, tzinfo=dt.UTC), 0),  # 23:59 in Shanghai
        (ClaimState.REVOKED, dt.datetime(2025, 12, 31, 16, 0, tzinfo=dt.UTC), 1),
        (ClaimState.RELEASED, dt.datetime(2026, 5, 1, tzinfo=dt.UTC), 0),
    ],
)  # fmt: skip
def test_claims_revoked_in_the_year(year, state, at, counts):
    wish = a_wish(year.cast, "published")
    db.session.add(Claim(wish=wish, member=year.member, place=1, slot=1, state=state, claimed_at=at, ended_at=at))
    db.session.commit()
    assert facts(year).revoked_claims == counts


def test_as_many_queries_for_two_hundred_as_for_one(cast):
    users = registered_members(cast, 200)
    asked = []
    for many in (1, 200):
        ids = [user.member_id for user in users[:many]]
        counted = []
        listener = lambda *args, counted=counted: counted.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        found = progress.of(select(Member.id).where(Member.id.in_(ids)), NOVEMBER)
        event.remove(db.engine, "before_cursor_execute", listener)
        assert len(found) == many
        asked.append(len(counted))
        db.session.rollback()
    assert asked == [1, 1]
