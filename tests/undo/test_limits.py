"""Who may undo what, and until when: the same office, its last act, until the next one, 24 hours to the minute."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from portal import changes, queue, undo
from portal.accounts.acting import actor_of
from portal.accounts.workflow import appoint
from portal.actors import SYSTEM, Role, resident_of
from portal.audit import AuditRow
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.flow import open_moves
from portal.history import HistoryLine
from portal.messages.models import Message
from portal.pledges import workflow as pledges
from portal.records import workflow as records
from portal.records.models import Evidence
from portal.registrations import exemptions, transfers
from portal.registrations import workflow as registrations
from portal.undo import UndoNote
from portal.wishes import workflow
from portal.wishes.models import Wish, WishMessage, WishState
from tests.pledges.conftest import item
from tests.registrations.conftest import walk
from tests.undo.making import ACTS, WORDS, Act, a_record, make, take_back, whole
from tests.wishes.making import PHONE, TOLD, a_wish, register

AT = dt.datetime(2026, 5, 6, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def may(time_machine):
    time_machine.move_to(AT)
    return time_machine


def published(cast):
    act = ACTS["wishes.publish"](cast)
    make(cast, act)
    return act.row


def refused(flow, row, by) -> str:
    """The sentence with which an undo is refused; nothing is offered either, and nothing is changed."""
    before, lines = whole(), db.session.scalar(select(func.count()).select_from(HistoryLine))
    audited = db.session.scalar(select(func.count()).select_from(AuditRow))
    with pytest.raises((NotYours, RuleBroken, TooLate)) as refusal:
        flow.undo(row, by)
    db.session.rollback()
    assert whole() == before
    assert db.session.scalar(select(func.count()).select_from(HistoryLine)) == lines
    assert db.session.scalar(select(func.count()).select_from(AuditRow)) == audited
    return refusal.value.sentence


def offers(row, by) -> bool:
    return "undo" in [move.verb for move in open_moves(row, by)]


def test_twenty_four_hours_to_the_minute(cast, may):
    row, by = published(cast), cast.by("clerk1")
    may.move_to(AT + dt.timedelta(hours=24))
    assert offers(row, by)
    may.move_to(AT + dt.timedelta(hours=24, minutes=1))
    assert not offers(row, by)
    assert refused(workflow.flow, row, by) == "“审核发布”已超过 24 小时，不能撤销。"
    may.move_to(AT + dt.timedelta(hours=24))
    take_back(cast, Act(row, "publish", "clerk1", {}))
    assert row.state is WishState.SUBMITTED


def test_the_note_is_kept_for_a_day_and_then_forgotten(app, cast, may):
    row = published(cast)
    kept = select(func.count()).select_from(UndoNote)
    undo.forget_old(AT + dt.timedelta(hours=24))
    assert db.session.scalar(kept) == 1
    undo.forget_old(AT + dt.timedelta(hours=24, minutes=1))
    assert db.session.scalar(kept) == 0
    assert undo.forget_old in queue._sweeps
    assert refused(workflow.flow, row, cast.by("clerk1")) == "最近一步“审核发布”不能在这里撤销。"


@pytest.mark.parametrize("who", ["clerk2", "grid1", "chengguan", "county", "admin", "liaison1", "member1", "dept1"])
def test_no_other_office(cast, who):
    row = published(cast)
    assert not offers(row, cast.by(who))
    assert refused(workflow.flow, row, cast.by(who)) == "“审核发布”只能由刚办理这一步的机构撤销（本人的除外）。"


def test_the_same_person_in_another_office_is_another_office(cast):
    appoint(cast.by("county"), cast.users["clerk1"], role=Role.CLERK, community_id=cast.community2.id,
            starts_on=dt.date(2026, 1, 1))  # fmt: skip
    row = published(cast)
    held = next(a for a in cast.users["clerk1"].appointments if a.community_id == cast.community2.id)
    assert not offers(row, actor_of(cast.users["clerk1"], held))


def test_not_after_the_next_act_of_anybody(cast):
    row = published(cast)
    register(cast, "member1")
    workflow.claim(row, cast.by("member1"))
    db.session.commit()
    assert not offers(row, cast.by("clerk1"))
    assert refused(workflow.flow, row, cast.by("clerk1")) == "最近一步“认领”不能撤销。"


def test_the_own_next_act_is_undone_and_then_no_more(cast):
    row, by = published(cast), cast.by("clerk1")
    workflow.correct(row, by, **WORDS | {"title": "换一个水龙头"})
    db.session.commit()
    workflow.flow.undo(row, by)
    db.session.commit()
    assert row.title == WORDS["title"]
    assert not offers(row, by)
    assert refused(workflow.flow, row, by) == "最近一步“撤销：修改文字”不能撤销。"


def test_nobody_takes_back_an_act_that_they_have_not_seen(cast):
    row = published(cast)
    seen = str(undo.last_act(row)[0].id)
    workflow.correct(row, cast.by("clerk1b"), **WORDS | {"title": "换一个水龙头"})
    db.session.commit()
    with pytest.raises(TooLate, match=r"5月6日10:00 儒林社区 赵晓梅又“修改文字”，请看过以后再办。"):
        workflow.flow.undo(row, cast.by("clerk1"), line=seen)


def test_members_residents_and_time_take_nothing_back(cast):
    register(cast, "member1")
    row = a_wish(cast, "published")
    workflow.claim(row, cast.by("member1"))
    done = a_wish(cast, "done")
    workflow.confirm(done, resident_of(done.id))
    late = a_wish(cast, "done")
    workflow.lapse(late, SYSTEM)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(UndoNote)) == 0
    for wish, by in (
        (row, cast.by("member1")),
        (done, resident_of(done.id)),
        (late, SYSTEM),
        (late, cast.by("clerk1")),
    ):
        assert not offers(wish, by)
    assert refused(workflow.flow, done, cast.by("clerk1")) == "最近一步“确认实现”不能在这里撤销。"


def test_nobody_undoes_what_is_about_themselves(cast):
    """A colleague who is the member in question may not undo what the office did with their own case."""
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    row = walk(cast, "presented")
    registrations.send_back(row, cast.by("clerk1"), community_id=cast.community2.id, reason="实际居住在凤鸣社区")
    db.session.commit()
    own = cast.by("member1", Role.CLERK)
    assert undo.office_of(own) == undo.office_of(cast.by("clerk1"))
    assert not offers(row, own)
    assert "本人的除外" in refused(registrations.flow, row, own)
    assert offers(row, cast.by("clerk1b"))


def test_whoever_recorded_hours_does_not_undo_their_rejection(cast):
    row = a_record(cast, "clerk1b")
    records.reject(row, cast.by("clerk1"), reason="没有这回事")
    db.session.commit()
    assert not offers(row, cast.by("clerk1b"))
    assert offers(row, cast.by("clerk1"))


def test_not_after_something_else_moved_on_that_the_act_had_touched(cast):
    act = ACTS["registrations.end with everything"](cast)
    wish = a_wish_in_hand(cast)
    make(cast, act)
    workflow.claim(wish, cast.by("member2"))
    db.session.commit()
    assert refused(registrations.flow, act.row, cast.by("liaison1")) == undo.CHANGED_SINCE


def a_wish_in_hand(cast):
    register(cast, "member2")
    return db.session.scalars(select(Wish)).one()


def test_not_after_a_row_was_edited_outside_its_life_cycle(cast):
    act = ACTS["registrations.relocate"](cast)
    make(cast, act)
    act.row.member.address = "北街1号"
    db.session.commit()
    assert refused(registrations.flow, act.row, cast.by("liaison1")) == undo.CHANGED_SINCE


def test_not_where_the_place_was_given_to_somebody_else(cast):
    """A refused transfer may have been asked for again: there is never a second one open."""
    act = ACTS["transfers.decline"](cast)
    make(cast, act)
    transfers.ask(cast.member1_row, cast.unit2, cast.by("liaison2"))
    db.session.commit()
    assert refused(transfers.flow, act.row, cast.by("liaison1")) == undo.CHANGED_SINCE


def test_what_was_built_on_an_act_keeps_it(cast):
    act = ACTS["registrations.accept"](cast)
    make(cast, act)
    wish = a_wish(cast, "published")
    workflow.claim(wish, cast.by("member1"))
    db.session.commit()
    assert not offers(act.row, cast.by("clerk1"))
    told = f"欧阳䶮报到后已认领微心愿 {wish.number}，不能撤销。"
    assert refused(registrations.flow, act.row, cast.by("clerk1")) == told


def test_a_pledge_keeps_the_acceptance_it_was_written_under(cast):
    act = ACTS["registrations.accept"](cast)
    make(cast, act)
    pledges.write(cast.member1_row, cast.by("member1"), [item()])
    db.session.commit()
    assert refused(registrations.flow, act.row, cast.by("clerk1")) == "欧阳䶮报到后已填写服务承诺，不能撤销。"


def test_a_wish_said_again_keeps_its_refusal(cast):
    act = ACTS["wishes.reject"](cast)
    make(cast, act)
    again = a_wish(cast, "submitted")
    db.session.get_one(Wish, again.id).follows_id = act.row.id
    db.session.commit()
    told = f"居民已改过重新提交（{again.number}），不能撤销；请办理新的那一条。"
    assert refused(workflow.flow, act.row, cast.by("clerk1")) == told


def test_a_record_written_anew_stays_voided(cast):
    row = a_record(cast)
    service = records.Service(member=cast.member1_row, place=cast.community1, day=row.day, starts=row.starts,
                              half_hours=2, category=row.category, what="打扫楼道")  # fmt: skip
    records.write_anew(row, cast.by("clerk1"), "写错了时长", service, Evidence.LATE)
    db.session.commit()
    assert refused(records.flow, row, cast.by("clerk1")) == "这条记录已经重写，不能再撤销作废。"


def test_what_the_new_unit_began_keeps_a_release(cast):
    row = transfers.ask(cast.member1_row, cast.unit2, cast.by("liaison2"))
    transfers.release(row, cast.by("liaison1"))
    db.session.commit()
    assert offers(row, cast.by("liaison1"))
    exemptions.ask(cast.member1_row, cast.by("liaison2"), "常驻外地")
    db.session.commit()
    assert "已为欧阳䶮办理后续事项，不能撤销。" in refused(transfers.flow, row, cast.by("liaison1"))


def test_a_part_of_an_act_is_undone_with_the_act_only(cast):
    act = ACTS["objections.uphold"](cast)
    make(cast, act)
    record = act.row.record
    assert not offers(record, cast.by("clerk1"))
    assert refused(records.flow, record, cast.by("clerk1")) == "最近一步“作废”不能在这里撤销。"
    take_back(cast, act)
    assert (record.state.value, act.row.state.value) == ("pending", "open")


def test_nothing_personal_is_readable_in_the_note(cast):
    row = a_wish(cast, "done")
    workflow.confirm(row, cast.by("clerk1"), thanks="谢谢欧阳师傅")
    act = ACTS["registrations.relocate"](cast)
    make(cast, act)
    db.session.commit()
    for note in db.session.scalars(select(UndoNote)):
        assert note.rows()[0]
        for words in (TOLD, PHONE, "欧阳", "东大街", "member", "wishes", "address"):
            assert words.encode() not in note.changes_sealed
        with pytest.raises(ValueError, match="does not belong here"):
            note.seal_id = "0" * 32
            _ = note.changes
        db.session.expire(note)


def test_what_undoing_means_elsewhere_follows_in_the_same_transaction(cast, monkeypatch):
    seen = []
    monkeypatch.setattr(undo, "_when_undone", {})
    undo.when_undone(lambda row, by, line: seen.append((row.id, by.name, line.label)))
    row = published(cast)
    workflow.flow.undo(row, cast.by("clerk1"))
    assert seen == [(row.id, "王秀兰", "审核发布")]


def test_rows_of_a_table_left_alone_stay_as_they_are(cast, monkeypatch):
    act = ACTS["wishes.call_back"](cast)
    monkeypatch.setattr(changes, "_left_tables", set(changes._left_tables))
    changes.leave_alone(WishMessage)
    make(cast, act)
    take_back(cast, act)
    assert [message.words for message in act.row.messages] == ["老人说修好了"]


def test_what_an_undone_act_told_is_not_told_or_is_taken_back(cast):
    act = ACTS["registrations.send_back"](cast)
    before = set(db.session.scalars(select(Message.id)))

    def told() -> list[Message]:
        return list(db.session.scalars(select(Message).where(Message.id.not_in(before)).order_by(Message.id)))

    make(cast, act)
    assert ["退回" in each.sentence for each in told()] == [True]
    take_back(cast, act)
    assert told() == []
    make(cast, act)
    told()[0].read_at = AT
    db.session.commit()
    take_back(cast, act)
    first, again = told()
    assert again.sentence.endswith("：撤销“退回”（儒林社区 王秀兰）。")
    assert (again.user_id, again.appointment_id, again.read_at) == (first.user_id, first.appointment_id, None)
