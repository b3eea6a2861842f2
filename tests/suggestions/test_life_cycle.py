"""The life cycle of a suggestion: every verb × state × role, typed by hand."""

import datetime as dt

import pytest

from portal import clock, history
from portal.actors import Role, resident_of
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.messages.models import Message
from portal.registrations import workflow as registrations
from portal.registrations.models import EndKind
from portal.reports import tables
from portal.reports.scopes import By, Scope
from portal.scheme import queries as scheme
from portal.suggestions import queries, workflow
from portal.suggestions.models import Suggestion, SuggestionState
from tests.lifecycles import LATE, NO, OK, answer
from tests.registrations.conftest import walk
from tests.suggestions.conftest import WAY, a_suggestion, asked, proposal, written_down

EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
    "clerk1b", "clerk2", "grid1", "member1", "member2", "member3", "dual",
)  # fmt: skip
# member1's suggestion to community1 (under 城关镇); forwarded, it is with dept2. Who may do what in which state.
PLACE = {"clerk1", "clerk1b", "county"}
TABLE = {
    "accept": {"submitted": PLACE},
    "forward": {"accepted": PLACE},
    "hand_back": {"forwarded": {"dept2"}},
    "recall": {"forwarded": PLACE},
    "answer": {"accepted": PLACE, "forwarded": {"dept2", "county"}},
    "withdraw": {"submitted": {"member1"}},
}
# Whose the move is, though not now.
IN_TIME = {
    "accept": PLACE, "forward": PLACE, "hand_back": set(), "recall": PLACE, "answer": PLACE, "withdraw": {"member1"},
}  # fmt: skip
# The same for what is made to the town: the community has no part in it.
TOWN = {"chengguan", "county"}


def test_the_table_is_whole(app):
    assert set(TABLE) == set(workflow.flow.moves)


@pytest.mark.parametrize("addressed_to", ["community", "town"])
@pytest.mark.parametrize("verb", list(TABLE))
@pytest.mark.parametrize("state", list(WAY))
def test_every_verb_from_every_state_by_everybody(cast, suggestion, verb, state, addressed_to):
    row, move = suggestion(state, addressed_to), workflow.flow.moves[verb]
    may, in_time = TABLE[verb].get(state, set()), IN_TIME[verb]
    if addressed_to == "town":
        may, in_time = ({*TOWN} if people == PLACE else people for people in (may, in_time))
    expected = {person: OK if person in may else LATE if person in in_time else NO for person in EVERYBODY}
    given = {person: answer(move, row, cast.by(person), **asked(cast, verb)) for person in EVERYBODY}
    assert given == expected
    assert answer(move, row, resident_of(0), **asked(cast, verb)) == NO


@pytest.mark.parametrize(("by", "expected"), [("clerk1", NO), ("clerk1b", OK), ("chengguan", NO), ("county", OK)])
def test_whoever_wrote_it_down_neither_accepts_nor_answers(cast, by, expected):
    row = written_down(cast)
    assert (row.stand_in, history.of(row)[0].stand_in) == (True, True)
    assert answer(workflow.accept, row, cast.by(by)) == expected
    workflow.accept(row, cast.by("clerk1b"))
    db.session.commit()
    assert answer(workflow.answer, row, cast.by(by), **asked(cast, "answer")) == expected


def test_who_wrote_it_down_may_take_it_back(cast):
    row = written_down(cast)
    assert answer(workflow.withdraw, row, cast.by("clerk1b")) == OK
    assert answer(workflow.withdraw, row, cast.by("clerk2")) == NO
    workflow.withdraw(row, cast.by("clerk1"))
    assert history.last(row).stand_in


def test_a_clerk_stands_in_for_members_of_the_community_without_a_login_only(cast):
    walk(cast, "filed")
    with pytest.raises(NotYours) as refusal:
        workflow.submit(cast.member1_row, cast.by("clerk1"), proposal())
    assert refusal.value.sentence == "建议由本人提出；没有账号的党员，由报到社区的专干代提。"
    for person in ("clerk2", "liaison1", "member2", "county"):
        with pytest.raises(NotYours):
            workflow.submit(cast.member1_row, cast.by(person), proposal())


def test_one_of_a_closed_year_is_answered_and_not_taken_back(cast, suggestion, time_machine):
    """What the closed year's table counted stays counted; the answer of the next year is the next year's."""
    time_machine.move_to("2026-12-30 02:00:00+00:00")
    row = suggestion()
    time_machine.move_to("2027-02-10 02:00:00+00:00")
    last = scheme.year_of(dt.date(2026, 12, 31))
    last.closed_at = clock.now()
    db.session.add(last)
    db.session.commit()
    counted = tables.six(By.COUNTY, Scope(), 2026, dt.date(2026, 12, 31))
    assert workflow.withdraw not in workflow.flow.open_moves(row, cast.by("member1"))
    with pytest.raises(TooLate) as refusal:
        workflow.withdraw(row, cast.by("member1"))
    assert "2026年度" in refusal.value.sentence
    db.session.rollback()
    workflow.accept(row, cast.by("clerk1"))
    workflow.answer(row, cast.by("clerk1b"), **asked(cast, "answer"))
    db.session.commit()
    assert row.adopted and counted.total.cells["suggestions"] == 1
    assert tables.six(By.COUNTY, Scope(), 2026, dt.date(2026, 12, 31)) == counted


def test_who_has_not_reported_proposes_nothing_yet(cast):
    with pytest.raises(RuleBroken) as refusal:
        workflow.submit(cast.member1_row, cast.by("member1"), proposal())
    assert refusal.value.sentence == "您还没有到社区报到，报到以后才能提建议。"


def test_nobody_handles_their_own(cast, suggestion):
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    cast.appoint("member1", "欧阳䶮", Role.DEPARTMENT, supervisor=cast.dept2)
    row = suggestion()
    own = cast.by("member1", Role.CLERK)
    assert answer(workflow.accept, row, own) == NO
    assert db.session.scalars(queries.to_handle(own, SuggestionState.SUBMITTED)).all() == []
    assert len(db.session.scalars(queries.to_handle(cast.by("clerk1"), SuggestionState.SUBMITTED)).all()) == 1
    workflow.accept(row, cast.by("clerk1"))
    workflow.forward(row, cast.by("clerk1"), **asked(cast, "forward"))
    db.session.commit()
    assert answer(workflow.answer, row, cast.by("member1", Role.DEPARTMENT), **asked(cast, "answer")) == NO


def test_words_that_name_somebody_are_refused_places_are_not(cast):
    walk(cast, "filed")
    by, row = cast.by("member1"), None
    for words in ({"title": "找陈师傅13991234567"}, {"body": "请联系微信号 chenguiying99 办理。"}):
        with pytest.raises(RuleBroken) as refusal:
            row = workflow.submit(cast.member1_row, by, proposal(**words))
        assert "请删去" in refusal.value.sentence
    row = workflow.submit(cast.member1_row, by, proposal(body="西关街8号院2号楼3单元门口的灯坏了。"))
    workflow.accept(row, cast.by("clerk1"))
    with pytest.raises(RuleBroken) as refusal:
        workflow.answer(row, cast.by("clerk1"), adopted=True, answer="请打13991234567找他。")
    assert refusal.value.sentence == "“13991234567”像是电话号码，请删去。"


def test_it_is_forwarded_to_a_body_that_answers(cast, suggestion):
    row = suggestion("accepted")
    for nobody in (cast.committee.id, 999_999):
        assert answer(workflow.forward, row, cast.by("clerk1"), forwarded_to_id=nobody) == LATE
    for body in (cast.dept1, cast.dept2, cast.town2, cast.chengguan):
        assert answer(workflow.forward, row, cast.by("clerk1"), forwarded_to_id=body.id) == OK


def test_the_town_forwards_to_others_only(cast, suggestion):
    row = suggestion("accepted", "town")
    assert answer(workflow.forward, row, cast.by("chengguan"), forwarded_to_id=cast.chengguan.id) == LATE
    assert answer(workflow.forward, row, cast.by("chengguan"), forwarded_to_id=cast.dept1.id) == OK


def test_once_forwarded_the_community_takes_it_back_before_it_answers(cast, suggestion):
    row = suggestion("forwarded")
    with pytest.raises(RuleBroken) as refusal:
        workflow.answer(row, cast.by("clerk1"), **asked(cast, "answer"))
    assert refusal.value.sentence == "已转给县卫生健康局党委，由对方答复；要自己答复，请先收回转办。"
    db.session.rollback()
    assert [move.verb for move in workflow.flow.open_moves(row, cast.by("clerk1"))] == ["recall", "undo"]
    workflow.recall(row, cast.by("clerk1"), **asked(cast, "recall"))
    workflow.answer(row, cast.by("clerk1b"), **asked(cast, "answer"))
    assert (row.state, row.forwarded_to_id, row.adopted) == (SuggestionState.ANSWERED, None, True)


def told(cast, name: str) -> list[str]:
    rows = db.select(Message).where(Message.user_id == cast.users[name].id, Message.topic == "suggestion")
    return [each.sentence for each in db.session.scalars(rows.order_by(Message.id))]


def test_each_step_is_told_to_the_member(cast, suggestion):
    row = suggestion("forwarded")
    workflow.hand_back(row, cast.by("dept2"), **asked(cast, "hand_back"))
    workflow.forward(row, cast.by("clerk1"), forwarded_to_id=cast.dept1.id)
    workflow.answer(row, cast.by("dept1"), adopted=False, answer="今年没有预算，明年列入。")
    db.session.commit()
    name = "您的合理建议“在小区东门装一盏路灯”："
    assert told(cast, "member1") == [
        name + "受理（儒林社区 王秀兰）。",
        name + "转办（儒林社区 王秀兰）。由县卫生健康局党委答复。",
        name + "退回（县卫生健康局党委 冯雅琴）。原因：路灯归住建部门管",
        name + "转办（儒林社区 王秀兰）。由县教育体育局党委答复。",
        name + "答复（县教育体育局党委 郭振华）。建议没有采纳，原因见答复。",
    ]
    answered = "欧阳䶮的合理建议“在小区东门装一盏路灯”：答复（县教育体育局党委 郭振华）。建议没有采纳，原因见答复。"
    assert (told(cast, "clerk1"), told(cast, "clerk1b"), told(cast, "dept2")) == ([answered], [answered], [])
    assert [line.label for line in history.of(row)] == ["提出建议", "受理", "转办", "退回", "转办", "答复"]


def test_a_title_with_a_place_in_it_is_kept_out_of_messages(cast):
    walk(cast, "filed")
    row = workflow.submit(cast.member1_row, cast.by("member1"), proposal(title="给3号楼2单元装一盏灯"))
    workflow.accept(row, cast.by("clerk1"))
    db.session.commit()
    assert told(cast, "member1") == [f"您的合理建议{row.number}：受理（儒林社区 王秀兰）。"]


def test_the_answer_is_due_fifteen_working_days_later(cast, time_machine):
    """Made on Wednesday, 6 May 2026, without any day off entered: the 15th working day after is 27 May."""
    time_machine.move_to("2026-05-06 02:00:00+00:00")
    row = a_suggestion(cast)
    assert row.answer_by == dt.date(2026, 5, 27)
    county = cast.by("county")
    for day, late in ((dt.date(2026, 5, 27), 0), (dt.date(2026, 5, 28), 1)):
        assert queries.count(queries.listed(county, late_on=day)) == late


def test_it_stays_with_unit_and_community_of_its_date_and_with_the_member(cast, suggestion):
    row = suggestion("accepted")
    registration = db.session.scalars(db.select(registrations.Registration)).one()
    registrations.end(registration, cast.by("clerk1"), kind=EndKind.MOVED, reason="迁居凤鸣社区")
    cast.member1_row.lives_in_town, cast.member1_row.community = True, cast.community2
    cast.member1_row.unit = cast.unit2
    db.session.commit()
    assert (row.unit_id, row.community_id) == (cast.unit1.id, cast.community1.id)
    seen = {name: db.session.scalars(queries.visible_to(cast.by(name))).all() for name in ("liaison1", "liaison2")}
    assert seen == {"liaison1": [row], "liaison2": []}
    workflow.answer(row, cast.by("clerk1"), **asked(cast, "answer"))
    db.session.commit()
    assert db.session.scalars(queries.visible_to(cast.by("member1"))).all() == [row]
    assert db.session.scalars(queries.made_in(cast.member1_row.id, row.year)).all() == [row.id]


@pytest.mark.parametrize(("state", "counts"), [("submitted", 1), ("forwarded", 1), ("answered", 1), ("withdrawn", 0)])
def test_one_counts_unless_it_was_withdrawn(cast, suggestion, state, counts):
    row = suggestion(state)
    assert len(db.session.scalars(queries.made_in(row.member_id, row.year)).all()) == counts
    assert db.session.scalars(queries.made_in(row.member_id, row.year - 1)).all() == []


def test_what_is_made_to_the_town_the_community_does_not_read(cast, suggestion):
    suggestion("submitted", "town")
    sees = {name: queries.count(queries.visible_to(cast.by(name))) for name in EVERYBODY}
    assert {name for name, number in sees.items() if number} == {"county", "chengguan", "liaison1", "member1"}


def test_unless_it_wrote_it_down(cast):
    written_down(cast, "town")
    sees = {name: queries.count(queries.visible_to(cast.by(name))) for name in ("clerk1", "clerk1b", "clerk2")}
    assert sees == {"clerk1": 1, "clerk1b": 1, "clerk2": 0}


def test_two_at_once_one_accepts(cast, suggestion):
    row = suggestion()
    workflow.accept(row, cast.by("clerk1"))
    db.session.commit()
    stale = db.session.get_one(Suggestion, row.id)
    with pytest.raises(TooLate) as refusal:
        workflow.withdraw(stale, cast.by("member1"))
    assert "王秀兰已先“受理”" in refusal.value.sentence
