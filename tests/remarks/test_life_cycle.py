"""The life cycle of a remark: every verb × state × role, typed by hand; the member is heard before a finding."""

import datetime as dt

import pytest

from portal import history
from portal.actors import Role, resident_of
from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages.models import Message
from portal.remarks import looks, queries, workflow
from portal.remarks.models import Finding, RemarkSource
from portal.scheme.models import CalendarDay, DayKind
from tests.cast import make_member
from tests.lifecycles import LATE, NO, OK, answer
from tests.remarks.conftest import SAID, WAY, a_remark, asked, told
from tests.stored import words_in
from tests.wishes.making import a_wish

# A concern told to community1 (under 城关镇) about member1. Who may do what in which state; elsewhere not now.
OFFICE = {"clerk1", "clerk1b", "chengguan"}
TABLE = {
    "thank": {},
    "put": {"submitted": OFFICE},
    "answer": {"put": {"member1"}},
    "settle": {"submitted": OFFICE, "answered": OFFICE},
    "decline": {"submitted": OFFICE},
}
IN_TIME = {"thank": OFFICE, "put": OFFICE, "answer": {"member1"}, "settle": OFFICE, "decline": OFFICE}
EVERYBODY = (
    "county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1", "clerk1b",
    "clerk2", "grid1", "member1", "member2", "member3", "dual",
)  # fmt: skip


def test_the_table_is_whole(app):
    assert set(TABLE) == set(workflow.flow.moves)


@pytest.mark.parametrize("verb", list(TABLE))
@pytest.mark.parametrize("state", list(WAY))
def test_every_verb_from_every_state_by_everybody(cast, remark, verb, state):
    row, move = remark(state), workflow.flow.moves[verb]
    may = TABLE[verb].get(state, set())
    # Before it was put to somebody a remark is about nobody, and so nobody's to answer.
    in_time = IN_TIME[verb] if verb != "answer" or row.member_id else set()
    expected = {person: OK if person in may else LATE if person in in_time else NO for person in EVERYBODY}
    given = {person: answer(move, row, cast.by(person), **asked(cast, verb)) for person in EVERYBODY}
    assert given == expected
    assert answer(move, row, resident_of(row.id), **asked(cast, verb)) == NO


def test_praise_is_passed_on_and_told_once(cast, remark):
    row = remark("submitted", "praise")
    assert answer(workflow.put, row, cast.by("clerk1"), **asked(cast, "put")) == LATE
    workflow.thank(row, cast.by("clerk1"), **asked(cast, "thank"))
    db.session.commit()
    assert (row.state.value, row.member_id) == ("settled", cast.member1_row.id)
    messages = db.session.scalars(db.select(Message).where(Message.user_id == cast.users["member1"].id)).all()
    assert [each.sentence for each in messages if "群众意见" in each.sentence] == [
        f"您的群众意见{row.number}：转达表扬（儒林社区 王秀兰）。"
    ]


@pytest.mark.parametrize(("day", "expected"), [("2026-05-15", LATE), ("2026-05-16", OK)])
def test_without_an_answer_the_community_settles_once_the_days_are_over(cast, time_machine, day, expected):
    """Put on Wednesday, 6 May 2026: 7, 8, 9 (made up), 12, 13, 14 and 15 May are the seven working days."""
    time_machine.move_to("2026-05-06 02:00:00+00:00")
    db.session.add(CalendarDay(day=dt.date(2026, 5, 9), kind=DayKind.WORKDAY, note="调休"))
    db.session.add(CalendarDay(day=dt.date(2026, 5, 11), kind=DayKind.HOLIDAY, note="放假"))
    db.session.commit()
    row = a_remark(cast, "put")
    assert row.answer_by == dt.date(2026, 5, 15)
    time_machine.move_to(f"{day} 02:00:00+00:00")
    assert answer(workflow.settle, row, cast.by("clerk1"), **asked(cast, "settle")) == expected


def test_a_clerk_may_not_handle_what_is_said_of_them(cast, remark):
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    row = remark("submitted")
    own = cast.by("member1", Role.CLERK)
    with pytest.raises(RuleBroken) as refusal:
        workflow.put(row, own, **asked(cast, "put"))
    db.session.rollback()
    assert refusal.value.sentence == "说的是您本人，请由另一位专干或镇党委办理。"
    workflow.put(row, cast.by("clerk1"), **asked(cast, "put"))
    db.session.commit()
    assert db.session.scalars(queries.visible_to(own)).all() == []
    assert answer(workflow.settle, row, own, **asked(cast, "settle")) == NO
    assert not looks.may_look(row, own)


def test_a_concern_about_a_member_needs_a_finding_and_clean_words(cast, remark):
    row = remark("answered")
    for typed in ({"finding": None}, {"outcome": "请陈桂英再等等"}, {"outcome": "电话13991234567已联系"}):
        assert answer(workflow.settle, row, cast.by("clerk1"), **asked(cast, "settle") | typed) == LATE
    workflow.settle(row, cast.by("clerk1"), **asked(cast, "settle"))
    assert (row.finding, history.last(row).label) == (Finding.PARTLY, "答复居民")


def test_what_concerns_nobody_is_settled_without_a_finding(cast, remark):
    row = remark("submitted")
    workflow.settle(row, cast.by("clerk1"), outcome="服务日的时间以后提前公布。", finding=Finding.TRUE)
    db.session.commit()
    assert (row.member_id, row.finding) == (None, None)


def test_only_members_of_the_community_or_of_the_wish_can_be_meant(cast, remark):
    row = remark("submitted")
    outsider = cast.member3_row
    assert answer(workflow.put, row, cast.by("clerk1"), member_id=outsider.id, words=SAID) == LATE
    row.wish = a_wish(cast, "done", leader="member3")
    db.session.commit()
    assert answer(workflow.put, row, cast.by("clerk1"), member_id=outsider.id, words=SAID) == OK
    stranger = make_member(cast.unit1, cast.community1, "未报到", "13891701055")
    assert answer(workflow.put, row, cast.by("clerk1"), member_id=stranger.id, words=SAID) == LATE


def test_a_wish_of_another_community_is_none(cast):
    foreign = a_wish(cast, "done", community_id=cast.community2.id, grid_id=cast.other_grid.id)
    for number in (foreign.number, "2026-9999"):
        with pytest.raises(RuleBroken) as refusal:
            workflow.submit(told(cast, wish_number=number), resident_of(0), RemarkSource.WALL)
        db.session.rollback()
        assert refusal.value.sentence == "没有这个受理号的心愿，或者它不在您选的社区；不清楚可以不填。"


def test_who_it_was_is_sealed_and_each_look_leaves_a_trace(cast, remark):
    row = remark("put")
    stored = db.session.execute(db.text("SELECT * FROM remarks")).mappings().one()
    assert not any(words.encode() in words_in(stored.values()) for words in ("陈桂英", "13991234567"))
    assert looks.contact(row, False) == [("姓名", "陈某某"), ("电话", "139****4567")]
    assert looks.contact(row, True) == [("姓名", "陈桂英"), ("电话", "13991234567")]
    assert not looks.may_look(row, cast.by("member1")) and not looks.may_look(row, cast.by("clerk2"))
