"""How news reaches people: whom it leaves out, what it never says, and that it is told once."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from portal import clock, queue
from portal.accounts.models import Appointment, AppointmentState, UserState
from portal.actors import SYSTEM, Role
from portal.errors import TooLate
from portal.extensions import db
from portal.messages import sweeps, workflow
from portal.messages.models import Message
from portal.records import workflow as records
from portal.records.models import ServiceRecord
from portal.registrations import workflow as registrations
from portal.telling import Topic, tell, to_login, to_member, to_office
from portal.wishes import workflow as wishes
from tests.messages.reading import forget, sentences, told
from tests.records.test_life_cycle import a_record
from tests.registrations.conftest import walk
from tests.wishes.making import a_wish

MAY = dt.datetime(2026, 5, 18, 2, tzinfo=dt.UTC)


def say(cast, *to, by=SYSTEM, act: str = "办结", topic: Topic = Topic.RECORD, reason: str = "", adds: str = "") -> None:
    tell(topic, to, a_record(cast), by, act, reason, adds)


def test_a_member_is_told_as_a_member_and_an_office_as_an_office(cast):
    say(cast, to_member(cast.dual_row.id), to_office(Role.LIAISON, unit_id=cast.unit1.id))
    db.session.flush()
    offices = dict(iter(db.session.execute(select(Message.user_id, Appointment.role).join(Message.appointment))))
    users = cast.users
    assert offices == {users["dual"].id: Role.MEMBER, users["liaison1"].id: Role.LIAISON}


@pytest.mark.parametrize("nobody", [to_member(None), to_login(None), to_office(Role.LIAISON, unit_id=None)])
def test_nobody_is_not_everybody(cast, nobody):
    say(cast, nobody)
    assert told() == set()


def test_an_office_without_a_place_is_all_who_hold_it(cast):
    say(cast, to_office(Role.COUNTY))
    assert told() == {"county", "county_b"}


def test_the_acting_person_is_told_in_none_of_their_offices(cast):
    say(cast, to_member(cast.dual_row.id), by=cast.by("dual", Role.LIAISON))
    assert told() == set()


def test_an_office_is_not_told_of_what_it_did_but_another_of_its_kind_is(cast):
    say(cast, to_office(Role.CLERK, community_id=cast.community1.id), by=cast.by("clerk1"))
    assert told() == set()
    say(cast, to_office(Role.CLERK, community_id=cast.community2.id), by=cast.by("clerk1"))
    assert told() == {"clerk2"}


@pytest.mark.parametrize("lost", ["locked", "ended", "not_begun", "over"])
def test_only_who_can_sign_in_as_such_is_told(cast, lost):
    user = cast.users["member1"]
    held = user.appointments[0]
    if lost == "locked":
        user.state = UserState.LOCKED
    elif lost == "ended":
        held.state = AppointmentState.ENDED
    elif lost == "not_begun":
        held.starts_on = clock.today() + dt.timedelta(days=1)
    else:
        held.ends_on = clock.today() - dt.timedelta(days=1)
    say(cast, to_member(cast.member1_row.id), to_login(user.id))
    assert told() == set()


def test_a_topic_turned_off_is_turned_off_for_that_person_only(cast):
    wanted = [topic for topic in Topic if topic is not Topic.RECORD]
    workflow.choose(cast.by("member1"), wanted)
    say(cast, to_member(cast.member1_row.id), to_member(cast.member2_row.id))
    assert told() == {"member2"}
    say(cast, to_member(cast.member1_row.id), topic=Topic.PLEDGE)
    assert told() == {"member1", "member2"}
    workflow.choose(cast.by("member1"), list(Topic))
    forget()
    say(cast, to_member(cast.member1_row.id))
    assert told() == {"member1"}


def test_what_concerns_the_own_login_cannot_be_turned_off(cast):
    workflow.choose(cast.by("member1"), [])
    say(cast, to_login(cast.users["member1"].id), topic=Topic.ACCOUNT)
    assert told() == {"member1"}


def test_the_same_words_are_not_said_again_before_they_are_read(cast):
    record, member = a_record(cast), to_member(cast.member1_row.id)
    for _ in range(2):
        tell(Topic.RECORD, [member], record, SYSTEM, "办结")
        db.session.flush()
    assert len(sentences()) == 1
    workflow.read(db.session.scalars(select(Message)).one())
    tell(Topic.RECORD, [member], record, SYSTEM, "办结")
    assert len(sentences()) == 2


@pytest.mark.parametrize(
    "typed",
    [
        "请打13991234567",
        "身份证610322198001011234",
        "住儒林苑3号楼2单元501室",
        "本人叫陈桂英，住在楼上",
        "加微信chen_guiying88",
    ],
)
def test_no_phone_number_or_address_is_kept_in_a_message(cast, typed):
    say(cast, to_member(cast.member1_row.id), reason=typed, adds=f"居民留言：{typed}")
    assert sentences() == ["您的3月7日服务“清理楼道杂物”：办结（系统）。原因见办理过程。"]


def test_no_message_names_the_resident_behind_a_wish(cast):
    wish = a_wish(cast, "claimed")
    wishes.close(wish, cast.by("clerk1"), reason="房屋产权方已安排维修")
    [said] = sentences()
    for private in (wish.name, wish.phone, wish.address, wish.told):
        assert private not in said


def test_the_longest_of_reasons_fits(cast):
    say(cast, to_member(cast.member1_row.id), act="办" * 32, reason="因" * 500, adds="居民留言：" + "谢" * 200)
    assert len(sentences()[0]) <= 800


def test_a_refused_move_tells_nobody(cast):
    row = walk(cast, "accepted")
    forget()
    with pytest.raises(TooLate):
        registrations.accept(row, cast.by("clerk1"))
    db.session.rollback()
    assert told() == set()


def test_a_move_taken_back_with_its_savepoint_takes_its_message_along(cast):
    record = a_record(cast)
    with db.session.begin_nested() as savepoint:
        records.confirm(record, cast.by("clerk1b"))
        savepoint.rollback()
    assert told() == set()


def test_time_tells_once_however_often_it_passes(cast):
    with time_machine.travel(MAY, tick=False) as clock_hand:
        a_wish(cast, "done")
        clock_hand.shift(dt.timedelta(days=8))
        for _ in range(2):
            assert queue.tick(clock.now(), db.session.commit, db.session.rollback) == []
        assert [line.partition("：")[2] for line in sentences("member1")] == [
            "到期默认确认（系统）。居民到期未答复；服务时长由社区另一人确认后计入。"
        ]
        assert db.session.scalars(select(ServiceRecord)).one()


@pytest.mark.parametrize(
    ("days", "read", "stays"),
    [(364, True, True), (365, True, False), (365, False, True), (729, False, True), (730, False, False)],
)
def test_messages_are_forgotten_after_one_year_read_and_after_two_unread(cast, days, read, stays):
    with time_machine.travel(MAY, tick=False) as clock_hand:
        say(cast, to_member(cast.member1_row.id))
        db.session.flush()
        if read:
            workflow.read(db.session.scalars(select(Message)).one())
        clock_hand.shift(dt.timedelta(days=days))
        for _ in range(2):
            sweeps.forget_old_messages(clock.now())
            assert bool(sentences()) is stays


def test_whose_case_it_is_stands_in_the_words_of_each_reader(cast):
    record = a_record(cast)
    records.reject(record, cast.by("grid1"), reason="那天没有来")
    rest = "3月7日服务“清理楼道杂物”：不予确认（儒林社区第一网格 马德胜）。原因：那天没有来"
    assert sentences("member1") == [f"您的{rest}"]
    assert sentences("clerk1") == [f"欧阳䶮的{rest}"]


def test_a_confirmed_record_says_the_hours(cast):
    records.confirm(a_record(cast), cast.by("clerk1b"))
    assert sentences() == ["您的3月7日服务“清理楼道杂物”：确认（儒林社区 赵晓梅）。计入服务时长 2 小时。"]


def test_what_was_told_of_an_act_is_recalled_with_it(cast):
    earlier, record = a_record(cast, day=dt.date(2026, 3, 1)), a_record(cast)
    records.reject(earlier, cast.by("grid1"), reason="那天没有来")
    records.reject(record, cast.by("grid1"), reason="那天没有来")
    db.session.flush()
    [own] = db.session.scalars(select(Message).where(Message.row_id == record.id, Message.sentence.startswith("您的")))
    workflow.read(own)
    records.flow.undo(record, cast.by("grid1"))
    # Who has read it is told that it holds no longer; the clerk, who has not, never hears of it.
    assert sentences("member1")[2:] == ["您的3月7日服务“清理楼道杂物”：撤销“不予确认”（儒林社区第一网格 马德胜）。"]
    assert [line[:7] for line in sentences("clerk1")] == ["欧阳䶮的3月1"]
