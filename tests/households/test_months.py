"""One visit a month by any supporter: the rule over values, and the same rule as a condition of the database."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import select

from portal.duties import progress
from portal.errors import RuleBroken
from portal.extensions import db
from portal.households import counting, missing, months, queries
from portal.households.models import Household, Support
from portal.households.months import MonthState, Span
from portal.households.months import MonthState as M
from portal.records import workflow as recording
from portal.records.models import Evidence, ServiceRecord, Source
from portal.records.workflow import Service
from portal.registrations import deferments, leaving
from portal.registrations import queries as registrations
from portal.registrations.models import DefermentKind, EndKind
from portal.registrations.workflow import end
from tests.households.conftest import a_household, a_support, a_visit

TODAY = dt.date(2026, 6, 15)
LETTERS = {
    M.VISITED: "V", M.WAITING: "w", M.MISSING: "M", M.DUE: "d", M.DEFERRED: "p", M.NOT_ASKED: "-", M.AHEAD: ".",
}  # fmt: skip
D = dt.date


def of_year(*spans, visited=(), waiting=(), deferred=(), today=TODAY) -> str:
    """The twelve months by the first letters of their states."""
    states = months.of_year(2026, today, spans, visited, waiting, lambda member, month: (member, month) in deferred)
    return "".join(LETTERS[state] for state in states)


@pytest.mark.parametrize(
    ("spans", "more", "wanted"),
    [
        ((), {}, "------......"),
        ((Span(1, D(2025, 3, 1), None),), {}, "MMMMMd......"),
        ((Span(1, D(2025, 12, 31), None),), {"visited": {1, 3}, "waiting": {6}}, "VMVMMw......"),
        ((Span(1, D(2026, 2, 1), None),), {}, "-MMMMd......"),
        ((Span(1, D(2026, 2, 2), None),), {}, "--MMMd......"),  # the month in which it began is not asked
        ((Span(1, D(2026, 2, 28), None),), {"visited": {2}}, "-VMMMd......"),
        ((Span(1, D(2026, 1, 5), D(2026, 3, 31)),), {}, "-M----......"),  # nor that in which it ended
        ((Span(1, D(2026, 1, 5), D(2026, 3, 10)), Span(2, D(2026, 3, 10), None)), {}, "-M-MMd......"),
        ((Span(1, D(2025, 1, 1), None),), {"deferred": {(1, "2026-03"), (1, "2026-04")}}, "MMppMd......"),
        ((Span(1, D(2025, 1, 1), None), Span(2, D(2026, 3, 2), None)), {"deferred": {(1, "2026-03"), (1, "2026-04")}},
         "MMpMMd......"),  # in April the other one could go
        ((Span(1, D(2025, 1, 1), None),), {"today": D(2026, 12, 31)}, "MMMMMMMMMMMd"),
        ((Span(1, D(2025, 1, 1), None),), {"today": D(2027, 1, 1)}, "MMMMMMMMMMMM"),
        ((Span(1, D(2025, 1, 1), None),), {"today": D(2026, 2, 28)}, "Md.........."),
    ],
)  # fmt: skip
def test_what_each_month_came_to(spans, more, wanted):
    assert of_year(*spans, **more) == wanted


def test_months_in_order():
    firsts = [months.first_of(2024, month) for month in months.MONTHS]
    for first, following in pairwise(firsts):
        assert months.last_of(first) + dt.timedelta(days=1) == following
        assert months.month_before(following) == first
    assert months.last_of(D(2024, 2, 1)) == D(2024, 2, 29)
    assert months.month_before(D(2026, 1, 31)) == D(2025, 12, 1)


@pytest.fixture
def clock(time_machine):
    def to(day: str) -> None:
        time_machine.move_to(f"{day} 02:00:00+00:00", tick=False)

    to("2026-01-10")
    return to


def missed(year: int, month: int) -> list[str]:
    rows = select(Household.shown_name).where(missing.is_missing(D(year, month, 1))).order_by(Household.id)
    return list(db.session.scalars(rows))


def owed(county, name: str, day: dt.date) -> bool:
    rows = select(Support.id).where(Support.member_id == county.places[f"{name}_row"].id)
    return bool(db.session.scalars(rows.where(missing.is_due(day.replace(day=1)))).all())


def test_list_desk_and_table_agree(county, clock):
    visited, lacking, shared = (a_household(county, name=name) for name in ("李秀英", "王翠花", "张桂兰"))
    for row in (visited, lacking, shared):
        a_support(county, row)
    a_support(county, shared, "member2")
    deferments.agree(
        deferments.ask(county.member2_row, county.by("liaison1"), DefermentKind.SECONDED, "2026-03", "2026-04"),
        county.by("dept1"),
    )
    clock("2026-02-14")
    a_visit(county, visited, "confirmed")
    a_visit(county, shared, "rejected", by="member2")
    clock("2026-03-21")
    a_visit(county, shared)
    db.session.commit()
    assert missed(2026, 1) == []  # the month in which it began
    assert missed(2026, 2) == ["王某某", "张某某"]
    assert missed(2026, 3) == ["李某某", "王某某"]
    assert owed(county, "member1", D(2026, 3, 21)) and not owed(county, "member2", D(2026, 3, 21))
    table = missing.of_households([row.id for row in (visited, lacking, shared)], 2026, D(2026, 3, 31))
    assert [states[:3] for states in table.values()] == [
        [M.NOT_ASKED, M.VISITED, M.DUE], [M.NOT_ASKED, M.MISSING, M.DUE], [M.NOT_ASKED, M.MISSING, M.WAITING],
    ]  # fmt: skip


def test_where_all_have_the_month_put_off_nothing_is_asked(county, clock):
    row = a_household(county)
    a_support(county, row, "member1")
    asked = deferments.ask(county.member1_row, county.by("liaison1"), DefermentKind.SECONDED, "2026-02", "2026-05")
    deferments.agree(asked, county.by("dept1"))
    db.session.commit()
    assert [missed(2026, month) for month in (2, 3)] == [[], []]
    clock("2026-04-02")
    deferments.end(asked, county.by("liaison1"), reason="提前返岗")
    db.session.commit()
    assert [missed(2026, month) for month in (2, 3, 4, 5)] == [[], [], ["陈某某"], ["陈某某"]]
    states = missing.of_households([row.id], 2026, D(2026, 6, 1))[row.id][:6]
    assert states == [M.NOT_ASKED, M.DEFERRED, M.DEFERRED, M.MISSING, M.MISSING, M.DUE]


def visited(county, name: str) -> set[int]:
    """The months that count for a member's five ones."""
    member = county.places[f"{name}_row"]
    registrations.current_of(member.id).accepted_on = D(2026, 1, 1)
    facts, _ = progress.of_member(member.id, D(2026, 12, 31))
    return {month for each in facts.supports for month in each.visits(D(2026, 12, 31))}


def test_a_member_s_months_are_those_in_which_anybody_went_while_they_supported(county, clock):
    row = a_household(county)
    a_support(county, row)
    clock("2026-02-03")
    a_visit(county, row, "confirmed")
    clock("2026-03-03")
    second = a_support(county, row, "member2")
    a_visit(county, row, "confirmed")
    clock("2026-04-03")
    a_visit(county, row, "confirmed", by="member2")
    assert [visited(county, name) for name in ("member1", "member2", "dual")] == [{2, 3, 4}, {3, 4}, set()]
    assert second.since == D(2026, 3, 3)


def test_whoever_moves_hands_back_and_keeps_the_past(county, clock):
    row, other = a_household(county), a_household(county, name="李秀英")
    first = a_support(county, row)
    a_support(county, row, "member2"), a_support(county, other, state="proposed")
    clock("2026-02-03")
    a_visit(county, row, "confirmed")
    clock("2026-06-10")
    assert any("结对帮扶的 2 户" in line for line in leaving.preview(county.member1_row))
    end(registrations.current_of(county.member1_row.id), county.by("liaison1"), kind=EndKind.MOVED, reason="迁居")
    db.session.commit()
    assert [(each.state.value, each.until) for each in queries.supports_of(county.member1_row.id)] == [
        ("ended", D(2026, 6, 10)), ("ended", D(2026, 6, 10)),
    ]  # fmt: skip
    assert (row.leading.member_id, first.leads) == (county.member2_row.id, False)
    without = db.session.scalars(
        queries.visible_to(county.by("clerk1")).where(queries.is_without_supporter(D(2026, 6, 10)))
    ).all()
    assert [each.shown_name for each in without] == ["李某某"]


def test_who_does_not_answer_for_a_week_leaves_the_household_without_a_supporter(county, clock):
    row = a_household(county)
    a_support(county, row, state="proposed")
    rows = queries.visible_to(county.by("clerk1"))
    found = [
        bool(db.session.scalars(rows.where(queries.is_without_supporter(D(2026, 1, day)))).all()) for day in (16, 17)
    ]
    assert found == [False, True]


def records_of(visit) -> list[ServiceRecord]:
    of_visit = (ServiceRecord.source == Source.VISIT, ServiceRecord.source_id == visit.id)
    return list(db.session.scalars(select(ServiceRecord).where(*of_visit).order_by(ServiceRecord.id)))


def february(county, row) -> tuple[bool, MonthState, set[int], set[int], int]:
    """How February 2026 stands everywhere: list, table, the five ones of two supporters, the visits of the file."""
    db.session.commit()
    state = missing.of_households([row.id], 2026, D(2026, 3, 1))[row.id][1]
    ones = (visited(county, name) & {2} for name in ("member1", "member2"))
    return (bool(missed(2026, 2)), state, *ones, len(queries.visits_of(row.id, 2026)))


VISITED, LACKING = (False, M.VISITED, {2}, {2}, 1), (True, M.MISSING, set(), set(), 0)


def test_a_visit_of_which_no_record_stands_is_none(county, clock):
    row, by = a_household(county), county.by("clerk1")
    a_support(county, row), a_support(county, row, "member2")
    clock("2026-02-14")
    visit = a_visit(county, row, "confirmed", people=[county.member1_row.id, county.member2_row.id])
    first, second = records_of(visit)
    clock("2026-03-01")
    recording.void(first, by, reason="没有去")
    assert february(county, row) == VISITED  # the other one did
    recording.void(second, by, reason="没有去")
    assert february(county, row) == LACKING
    assert counting.is_void(visit)
    recording.flow.undo(second, by)
    assert february(county, row) == VISITED
    recording.void(second, by, reason="没有去")
    assert february(county, row) == LACKING


def test_a_record_written_anew_stands_for_the_visit_until_it_is_refused(county, clock):
    row, by = a_household(county), county.by("clerk1")
    a_support(county, row), a_support(county, row, "member2")
    clock("2026-02-14")
    visit = a_visit(county, row, "confirmed")
    (old,) = records_of(visit)
    shorter = Service(
        member=old.member, place=old.place, day=old.day, starts=old.starts, half_hours=1, category=old.category,
        what=old.what,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="日期以走访登记为准"):
        recording.write_anew(old, by, "日期不对", replace(shorter, day=D(2026, 1, 31)), Evidence.ORGANISER)
    db.session.rollback()
    anew = recording.write_anew(old, by, "时长不对", shorter, Evidence.ORGANISER)
    assert february(county, row) == VISITED
    recording.reject(anew, county.by("clerk1b"), reason="没有去")
    assert february(county, row) == LACKING


@pytest.mark.parametrize("how", ["void", "uphold"])
def test_a_void_visit_may_be_written_down_anew_and_then_stays_void(county, clock, how):
    row, by = a_household(county), county.by("clerk1")
    a_support(county, row), a_support(county, row, "member2")
    clock("2026-02-14")
    (old,) = records_of(a_visit(county, row, "confirmed"))
    with pytest.raises(RuleBroken, match="已经登记过"):
        a_visit(county, row)
    db.session.rollback()
    if how == "void":
        recording.void(old, by, reason="时间不对")
    else:
        recording.object_(old, county.by("member1"), words="时间不对")
        recording.uphold(old.objections[0], by, answer="请重新登记")
    assert february(county, row) == LACKING
    a_visit(county, row, half_hours=2)
    assert february(county, row)[1:] == (M.WAITING, set(), set(), 1)
    with pytest.raises(RuleBroken, match="已经重新登记"):
        recording.flow.undo(old, by) if how == "void" else recording.objections.undo(old.objections[0], by)
