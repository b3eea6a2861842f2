"""Service on a post: who writes it down, that it counts once and by a second person, what an undone act leaves."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from portal.actors import Role
from portal.errors import NotYours, Refused, RuleBroken
from portal.extensions import db
from portal.labels import Category
from portal.posts import serving, workflow
from portal.posts.models import Post
from portal.posts.serving import Done, YearOf
from portal.records import queries as records
from portal.records import workflow as recording
from portal.records.models import Evidence, RecordState, ServiceRecord, Source
from tests.lifecycles import NO, OK, answer
from tests.posts.conftest import DAY, SATURDAY, a_post, ids
from tests.registrations.test_at_once import at_once

EVERYBODY = ("county", "admin", "dept1", "chengguan", "committee", "inspector", "liaison1", "clerk1", "clerk1b",
             "clerk2", "grid1", "member1", "member2", "member3", "dual", "newcomer")  # fmt: skip


def serve(cast, post, name="member1", by="", day=DAY, half_hours=4, **more) -> ServiceRecord:
    (member_id,) = ids(cast, name)
    record = serving.serve(post, member_id, cast.by(by or name), Done(day, half_hours, **more))
    db.session.commit()
    return record


def test_what_the_post_knows_is_not_typed_again(county):
    post = a_post(county, "member1")
    record = serve(county, post)
    assert (record.state, record.category, record.place.name, record.what) == (
        RecordState.PENDING, Category.ORDER, "儒林社区", "儒林苑治安巡逻岗（儒林苑小区）",
    )  # fmt: skip
    assert (record.source, record.source_id, record.source_number) == (
        Source.POST, post.claim_of(county.member1_row.id).id, post.number,
    )  # fmt: skip
    assert record.evidence is Evidence.ORGANISER
    recording.confirm(record, county.by("clerk1"))
    assert records.year_total(county.member1_row.id, 2026) == (1, 4)


def test_who_may_write_a_duty_down(county):
    post = a_post(county, "member1")
    write = lambda post, by: serving.serve(post, county.member1_row.id, by, Done(DAY, 4))  # noqa: E731
    given = {name: answer(write, post, county.by(name)) for name in EVERYBODY}
    assert given == {name: OK if name in ("member1", "clerk1", "clerk1b") else NO for name in EVERYBODY}


def test_a_clerk_who_holds_it_writes_their_own_down_as_a_member(county):
    county.appoint("member1", "欧阳䶮", Role.CLERK, community=county.community1)
    post, own = a_post(county, "member1"), county.member1_row.id
    with pytest.raises(NotYours):
        serving.serve(post, own, county.by("member1", Role.CLERK), Done(DAY, 4))
    record = serving.serve(post, own, county.by("member1", Role.MEMBER), Done(DAY, 4))
    db.session.commit()
    for by in (county.by("member1", Role.CLERK), county.by("member1", Role.MEMBER)):
        assert answer(recording.confirm, record, by) == NO
    assert answer(recording.confirm, record, county.by("clerk1")) == OK


def test_what_a_clerk_wrote_another_one_confirms(county):
    record = serve(county, a_post(county, "member1"), by="clerk1")
    given = {name: answer(recording.confirm, record, county.by(name)) for name in EVERYBODY}
    assert {name for name, what in given.items() if what == OK} == {"clerk1b", "grid1", "chengguan"}


def test_one_serves_on_a_post_again_and_again(county):
    post = a_post(county, "member1")
    for back in (21, 14, 7):
        recording.confirm(_ago(county, post, back), county.by("clerk1"))
    assert records.year_total(county.member1_row.id, 2026) == (3, 12)
    found = serving.year_of_each(post, county.by("clerk1"), 2026)
    assert found == {county.member1_row.id: YearOf(3, 12, 0)}
    assert serving.year_of_each(post, county.by("member2"), 2026) == {}


def _ago(county, post, back: int) -> ServiceRecord:
    """A duty done and written down so many days ago."""
    claim = post.claim_of(county.member1_row.id)
    claim.since = DAY - dt.timedelta(days=30)
    with time_machine.travel(SATURDAY - dt.timedelta(days=back), tick=False):
        return serve(county, post, day=DAY - dt.timedelta(days=back))


def test_a_duty_is_written_down_once_whoever_does_it(county):
    post = a_post(county, "member1")
    serve(county, post, by="clerk1")
    with pytest.raises(RuleBroken) as refused:
        serve(county, post)
    assert refused.value.sentence == (
        "欧阳䶮5月16日的值岗已登记过（2 小时，儒林社区 王秀兰登记）；同一天另有一次的，两次都要写开始时间。"
    )


def test_two_of_one_day_differ_by_their_times(county):
    post = a_post(county, "member1")
    serve(county, post, starts=dt.time(9))
    for starts in (None, dt.time(10, 30)):
        with pytest.raises(RuleBroken):
            serve(county, post, starts=starts)
        db.session.rollback()
    assert serve(county, post, starts=dt.time(19)).overlaps is None


def test_a_rejected_one_is_written_down_anew(county):
    post = a_post(county, "member1")
    recording.reject(serve(county, post), county.by("clerk1"), reason="那天没有来")
    assert serve(county, post, half_hours=2).state is RecordState.PENDING


def test_the_same_duty_written_down_twice_at_once(app, county):
    post = a_post(county, "member1")
    key, row, member, clerk = post.id, county.member1_row.id, county.by("member1"), county.by("clerk1")
    db.session.rollback()

    def write(by):
        return lambda: serving.serve(db.session.get(Post, key), row, by, Done(DAY, 4))

    answers = at_once(app, write(member), write(clerk))
    assert answers.count("done") == 1 and any("已登记过" in each for each in answers)
    assert db.session.scalar(select(func.count()).select_from(ServiceRecord)) == 1


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        (Done(DAY + dt.timedelta(days=1), 4), "服务日期不能晚于今天。"),
        (Done(DAY - dt.timedelta(days=1), 4), "5月15日不在这个岗位的在岗时间内，请核对日期。"),
        (Done(DAY, 17), "当天服务合计超过 8 小时，请在备注中说明。"),
    ],
)
def test_what_can_not_be(county, done, sentence):
    post = a_post(county, "member1")
    with pytest.raises(Refused) as refused:
        serving.serve(post, county.member1_row.id, county.by("member1"), done)
    assert refused.value.sentence == sentence


def test_inside_working_hours_a_note_says_why(county):
    post = a_post(county, "member1")
    with time_machine.travel(SATURDAY + dt.timedelta(days=2), tick=False):  # a Monday
        monday = DAY + dt.timedelta(days=2)
        with pytest.raises(RuleBroken, match="工作日上班时间内"):
            serve(county, post, day=monday, starts=dt.time(9))
        assert serve(county, post, day=monday, starts=dt.time(9), note="当天调休").note == "当天调休"


def test_who_has_left_a_post_still_writes_down_what_was_done_before(county):
    post = a_post(county, "member1")
    with time_machine.travel(SATURDAY + dt.timedelta(days=3), tick=False):
        workflow.give_up(post, county.by("member1"), reason="长期出差")
        assert serve(county, post).day == DAY
    with time_machine.travel(SATURDAY + dt.timedelta(days=5), tick=False), pytest.raises(RuleBroken, match="在岗时间"):
        serve(county, post, day=DAY + dt.timedelta(days=4))


def test_signing_up_is_not_undone_once_somebody_served(county):
    post = a_post(county, "member1")
    serve(county, post)
    with time_machine.travel(SATURDAY + dt.timedelta(hours=1), tick=False):
        workflow.sign_up(post, county.by("clerk1"), people=ids(county, "dual", "free"))
        db.session.commit()
        undo = workflow.flow.undo
        assert undo.open_to(post, county.by("clerk1"))
        serve(county, post, "free", by="clerk1")
        with pytest.raises(RuleBroken, match="已有值岗的服务记录"):
            undo(post, county.by("clerk1"))


def test_a_close_undone_puts_everybody_back(county):
    post = a_post(county, "member1", "dual")
    workflow.close(post, county.by("clerk1"), reason="改由物业巡逻")
    db.session.commit()
    workflow.flow.undo(post, county.by("clerk1b"))
    db.session.commit()
    assert [claim.member.name for claim in post.active_claims] == ["欧阳䶮", "仇文博"]
    assert (post.state.value, post.closed_on) == ("open", None)


def test_taken_off_is_not_undone_once_the_place_is_taken(county):
    post = a_post(county, "member1", capacity=1)
    workflow.end_claim(post, county.by("clerk1"), member_id=county.member1_row.id, reason="长期外出")
    db.session.commit()
    assert workflow.flow.undo.open_to(post, county.by("clerk1"))
    workflow.claim(post, county.by("dual"))
    db.session.commit()
    with pytest.raises(Refused):
        workflow.flow.undo(post, county.by("clerk1"))
