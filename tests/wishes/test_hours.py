"""From a wish done to service records: two people behind every hour, evidence, lapse and reopening."""

import datetime as dt

import pytest
import time_machine

from portal import clock
from portal.actors import SYSTEM, resident_of
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.records.models import Evidence, RecordState, ServiceRecord, Source
from portal.wishes import workflow
from portal.wishes.models import ClaimState, ConfirmedBy, WishState
from tests.wishes.making import a_wish

S = WishState
SATURDAY = dt.datetime(2026, 5, 16, 2, tzinfo=dt.UTC)  # 10:00 in the county


@pytest.fixture
def saturday():
    with time_machine.travel(SATURDAY, tick=False) as travel:
        yield travel


def finish(cast, wish, half_hours=(3,), day=dt.date(2026, 5, 16), starts=dt.time(9), **more):
    given = dict(zip((claim.id for claim in wish.open_claims), half_hours, strict=True))
    workflow.finish(wish, cast.by("member1"), day=day, starts=starts, half_hours=given, **more)


def records() -> list[ServiceRecord]:
    return list(db.session.scalars(db.select(ServiceRecord).order_by(ServiceRecord.id)))


def test_the_residents_word_writes_a_confirmed_record_for_each_helper(county, saturday):
    wish = a_wish(county, "claimed", leader="member1", others=("member3",), helpers_needed=2)
    finish(county, wish, (3, 2), words="换了阀芯")
    workflow.confirm(wish, resident_of(wish.id), rating=5, thanks="谢谢")
    assert (wish.state, wish.confirmed_by, wish.rating, wish.thanks) == (S.CONFIRMED, ConfirmedBy.RESIDENT, 5, "谢谢")
    first, second = records()
    assert [(r.member.name, r.half_hours, r.state, r.evidence) for r in (first, second)] == [
        ("欧阳䶮", 3, RecordState.CONFIRMED, Evidence.SERVED),
        ("单雪", 2, RecordState.CONFIRMED, Evidence.SERVED),
    ]
    assert (first.day, first.starts, first.what) == (dt.date(2026, 5, 16), dt.time(9), "修一修漏水的水龙头")
    assert (first.source, first.source_number, first.for_whom) == (Source.WISH, wish.number, "陈某某")
    # Hours count for the home unit and community, wherever they were done.
    assert (second.unit_id, second.community_id) == (county.unit2.id, county.community2.id)
    assert second.place_id == county.community1.id
    # The leader recorded it for all; the resident stands behind it.
    assert {r.recorded_by for r in (first, second)} == {"凤翔中学党支部 欧阳䶮"}
    assert {r.confirmed_by for r in (first, second)} == {"居民"}


def test_a_clerk_who_called_back_is_a_second_person_not_the_served_one(county, saturday):
    wish = a_wish(county, "claimed")
    finish(county, wish)
    workflow.confirm(wish, county.by("clerk1"))
    (record,) = records()
    assert (record.state, record.evidence) == (RecordState.CONFIRMED, Evidence.ORGANISER)
    assert record.confirmed_by == "儒林社区 王秀兰"
    assert wish.confirmed_by is ConfirmedBy.CLERK


def test_a_clerk_who_helped_does_not_confirm(county, saturday):
    from portal.actors import Role

    county.appoint("member2", "买买提·吐尔逊", Role.CLERK, community=county.community1)
    db.session.commit()
    wish = a_wish(county, "claimed", leader="member1", others=("member2",), helpers_needed=2)
    finish(county, wish, (2, 2))
    with pytest.raises(NotYours):
        workflow.confirm(wish, county.by("member2", Role.CLERK))
    workflow.confirm(wish, county.by("clerk1"))
    assert wish.state is S.CONFIRMED


def test_told_within_a_week_stays_good_evidence_however_late_the_resident_answers(county, saturday):
    wish = a_wish(county, "claimed")
    finish(county, wish)
    saturday.move_to(SATURDAY + dt.timedelta(days=20))
    workflow.confirm(wish, resident_of(wish.id))
    assert records()[0].evidence is Evidence.SERVED


def test_told_more_than_a_week_late_is_entered_late(county, saturday):
    wish = a_wish(county, "claimed")
    saturday.move_to(SATURDAY + dt.timedelta(days=8))
    finish(county, wish)
    workflow.confirm(wish, resident_of(wish.id))
    assert records()[0].evidence is Evidence.LATE


def test_who_took_no_part_gets_no_record(county, saturday):
    wish = a_wish(county, "claimed", others=("member2",), helpers_needed=2)
    finish(county, wish, (3, 0))
    assert [claim.half_hours for claim in wish.claims] == [3, None]
    workflow.confirm(wish, resident_of(wish.id))
    assert [record.member.name for record in records()] == ["欧阳䶮"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"day": dt.date(2026, 5, 15)}, "服务日期应在认领之日与今天之间。"),
        ({"day": dt.date(2026, 5, 17)}, "服务日期应在认领之日与今天之间。"),
        ({"half_hours": (0,)}, "请至少为一位参加者填写服务时长。"),
    ],
)
def test_what_can_not_have_been_is_refused(county, saturday, asked, sentence):
    wish = a_wish(county, "claimed")
    with pytest.raises(RuleBroken) as refused:
        finish(county, wish, **asked)
    assert refused.value.sentence == sentence
    db.session.rollback()


def test_service_in_working_hours_asks_for_a_word(county):
    with time_machine.travel(dt.datetime(2026, 5, 18, 9, tzinfo=dt.UTC), tick=False):  # Monday, 17:00
        wish = a_wish(county, "claimed")
        monday = {"day": dt.date(2026, 5, 18), "starts": dt.time(15)}
        with pytest.raises(RuleBroken) as refused:
            finish(county, wish, **monday)
        assert refused.value.sentence == "服务时间在工作日上班时间内，请在办理情况中说明（如调休、请假、单位安排）。"
        finish(county, wish, **monday, words="当天调休")
        assert wish.state is S.DONE


def test_time_confirms_the_wish_but_not_the_hours(county, saturday):
    wish = a_wish(county, "claimed")
    finish(county, wish)
    workflow.lapse(wish, SYSTEM)
    assert (wish.state, wish.confirmed_by) == (S.CONFIRMED, ConfirmedBy.DEFAULT)
    assert [record.state for record in records()] == [RecordState.PENDING]


def test_reopened_within_fifteen_days_of_lapsing_the_records_are_void_and_written_anew(county, saturday):
    wish = a_wish(county, "claimed")
    finish(county, wish)
    workflow.lapse(wish, SYSTEM)
    saturday.move_to(SATURDAY + dt.timedelta(days=15))
    workflow.reopen(wish, resident_of(wish.id), reason="又漏了")
    assert (wish.state, wish.reopened, wish.done_at, wish.confirmed_at) == (S.CLAIMED, 1, None, None)
    assert [claim.state for claim in wish.claims] == [ClaimState.OPEN]
    assert [record.state for record in records()] == [RecordState.VOIDED]
    finish(county, wish, day=clock.today())
    workflow.confirm(wish, resident_of(wish.id))
    assert [record.state for record in records()] == [RecordState.VOIDED, RecordState.CONFIRMED]


def test_too_late_too_often_or_said_by_the_resident_is_not_reopened(county, saturday):
    lapsed = a_wish(county, "confirmed", confirmed_at=SATURDAY - dt.timedelta(days=16))
    said = a_wish(county, "confirmed", confirmed_by=ConfirmedBy.RESIDENT)
    twice = a_wish(county, "done", reopened=2)
    for wish in (lapsed, said, twice):
        with pytest.raises(RuleBroken):
            workflow.reopen(wish, resident_of(wish.id), reason="没办好")
    db.session.rollback()


def test_thirty_days_after_its_end_a_clerk_may_archive_a_wish(county, saturday):
    wish = a_wish(county, "closed", ended_at=SATURDAY - dt.timedelta(days=29))
    with pytest.raises(RuleBroken):
        workflow.archive(wish, county.by("clerk1"))
    saturday.move_to(SATURDAY + dt.timedelta(days=1))
    workflow.archive(wish, county.by("clerk1"))
    assert wish.state is S.ARCHIVED


def test_tick_lapses_and_archives_what_is_due_and_twice_does_the_same_as_once(county, saturday, application):
    ago = {days: SATURDAY - dt.timedelta(days=days) for days in (6, 7, 29, 30)}
    waits, silent = a_wish(county, "done", done_at=ago[6]), a_wish(county, "done", done_at=ago[7])
    recent, over = (a_wish(county, "rejected", ended_at=ago[days]) for days in (29, 30))
    for _ in range(2):
        result = application.test_cli_runner().invoke(args=["tick"])
        assert result.exit_code == 0, result.output
        db.session.expire_all()
        assert [wish.state for wish in (waits, silent)] == [S.DONE, S.CONFIRMED]
        assert [wish.state for wish in (recent, over)] == [S.REJECTED, S.ARCHIVED]
    assert [record.state for record in records()] == [RecordState.PENDING]


def test_tick_may_be_run_for_another_moment(county, saturday, application):
    over = a_wish(county, "rejected", ended_at=SATURDAY)
    assert application.test_cli_runner().invoke(args=["tick", "--now", "2026-06-16T08:00"]).exit_code == 0
    db.session.expire_all()
    assert over.state is S.ARCHIVED
