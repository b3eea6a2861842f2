"""Signing up: places and the waiting list, withdrawing, overlaps, a new day; fair in the order of signing."""

import datetime as dt

import pytest

from portal import clock
from portal.activities import signing, sweeps, workflow
from portal.activities.models import Activity
from portal.errors import NotYours, Refused, RuleBroken
from portal.extensions import db
from tests.activities.conftest import MORNING
from tests.activities.making import an_activity, on_list, states, verbs
from tests.messages.reading import sentences, told


def sign(activity: Activity, cast, *names: str) -> None:
    for name in names:
        signing.sign_up(activity, cast.by(name))
    db.session.commit()


def place_of(activity: Activity, name: str) -> int | None:
    return next(each.place for each in activity.sign_ups if each.member.name == name)


def test_whoever_comes_when_all_places_are_taken_waits_and_moves_up_in_the_order_of_signing(county):
    activity = an_activity(county, capacity=1)
    sign(activity, county, "member1", "member2", "member3")
    assert states(activity) == {"欧阳䶮": "signed_up", "买买提·吐尔逊": "waitlisted", "单雪": "waitlisted"}
    signing.withdraw(activity, county.by("member1"), reason="要加班")
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "cancelled", "买买提·吐尔逊": "signed_up", "单雪": "waitlisted"}
    assert place_of(activity, "买买提·吐尔逊") == 1
    assert told() == {"member2"}
    assert "空出名额，您已报上名：6月27日 09:00–11:00，儒林苑南门。" in sentences("member2")[0]
    assert verbs(activity) == ["sign_up", "sign_up", "sign_up", "move_up", "withdraw"]


def test_whoever_signs_up_again_stands_at_the_end(county):
    activity = an_activity(county, capacity=1)
    sign(activity, county, "member1", "member2", "member3")
    signing.withdraw(activity, county.by("member1"), reason="要加班")
    sign(activity, county, "member1")
    signing.withdraw(activity, county.by("member2"), reason="孩子发烧")
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "waitlisted", "买买提·吐尔逊": "cancelled", "单雪": "signed_up"}
    assert len(activity.sign_ups) == 3


def test_a_free_place_goes_to_who_waits_and_never_to_who_comes_later(county):
    """Raised capacity first serves the waiting list; only then may others come at once."""
    activity = an_activity(county, capacity=1)
    sign(activity, county, "member1", "member2")
    facts = {"place": activity.place, "detail": activity.detail, "sign_up_by": None, "urgent": False}
    workflow.correct(activity, county.by("clerk1"), capacity=3, **facts)
    sign(activity, county, "member3")
    assert set(states(activity).values()) == {"signed_up"}
    with pytest.raises(RuleBroken, match="已有 3 人报上名，名额不能少于 3。"):
        workflow.correct(activity, county.by("clerk1"), capacity=2, **facts)


def test_nobody_signs_up_twice_nor_for_two_things_at_one_time(county):
    activity = an_activity(county)
    sign(activity, county, "member1")
    with pytest.raises(RuleBroken, match="已经在名单上"):
        signing.sign_up(activity, county.by("member1"))
    db.session.rollback()
    at_once = an_activity(county, home="community2", title="义诊", starts=dt.time(10), ends=dt.time(12))
    with pytest.raises(RuleBroken, match="您已报名同一时间的“清扫儒林苑楼道”（6月27日 09:00–11:00），请先退出那一次。"):
        signing.sign_up(at_once, county.by("member1"))
    db.session.rollback()
    after = an_activity(county, home="community2", title="义诊", starts=dt.time(11), ends=dt.time(12))
    sign(after, county, "member1")
    assert states(after) == {"欧阳䶮": "signed_up"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("newcomer", "“报名”只能由已报到的在职党员办理。"), ("clerk1", "“报名”只能由已报到的在职党员办理。")],
)
def test_only_registered_members_sign_up(county, name, sentence):
    with pytest.raises(NotYours, match=sentence):
        signing.sign_up(an_activity(county), county.by(name))


def test_nobody_signs_up_after_the_last_day_nor_after_the_start(county, time_machine):
    activity = an_activity(county, sign_up_by=clock.today() + dt.timedelta(days=2))
    time_machine.move_to(MORNING + dt.timedelta(days=3))
    with pytest.raises(RuleBroken, match="报名已经截止"):
        signing.sign_up(activity, county.by("member1"))
    db.session.rollback()
    begun = an_activity(county, days=0, starts=dt.time(7), ends=dt.time(12))
    with pytest.raises(RuleBroken, match="活动当天可以直接到场"):
        signing.sign_up(begun, county.by("member1"))


def test_a_late_withdrawal_is_told_to_the_office_and_costs_nothing(county, time_machine):
    activity = an_activity(county, days=1)
    sign(activity, county, "member1", "member2")
    signing.withdraw(activity, county.by("member1"), reason="来得及说")
    assert not activity.sign_up_of(county.member1_row.id).withdrew_late
    db.session.commit()
    assert told() == set()
    time_machine.move_to(MORNING + dt.timedelta(hours=2))
    signing.withdraw(activity, county.by("member2"), reason="孩子发烧")
    db.session.commit()
    assert activity.sign_up_of(county.member2_row.id).withdrew_late
    assert told() == {"clerk1", "clerk1b"}
    assert "离活动开始不到 24 小时。" in sentences("clerk1")[0]


def test_a_clerk_signs_up_who_has_no_login_and_nobody_else(county):
    activity = an_activity(county)
    signing.sign_up_for(activity, county.by("clerk1"), member_id=county.paper_row.id)
    db.session.commit()
    assert activity.sign_ups[0].stand_in and states(activity) == {"解玉珍": "signed_up"}
    for name, sentence in (("member1", "有登录账号，请由本人报名"), ("member3", "请选择在本社区报到的党员")):
        with pytest.raises(RuleBroken, match=sentence):
            signing.sign_up_for(activity, county.by("clerk1"), member_id=county.places[f"{name}_row"].id)
        db.session.rollback()
    signing.take_off(activity, county.by("clerk1b"), sign_up_id=activity.sign_ups[0].id, reason="本人来电")
    db.session.commit()
    assert states(activity) == {"解玉珍": "cancelled"}


def test_after_a_postponement_who_says_nothing_is_let_go_on_the_day_before(county, time_machine):
    activity = an_activity(county, capacity=2)
    sign(activity, county, "member1", "member2", "member3")
    new_day = clock.today() + dt.timedelta(days=14)
    times = {"starts": dt.time(15), "ends": dt.time(17)}
    workflow.postpone(activity, county.by("clerk1"), day=new_day, **times, reason="高考占用场地")
    db.session.commit()
    assert told() == {"member1", "member2", "member3"}
    assert activity.renew_by == new_day - dt.timedelta(days=2)
    signing.renew(activity, county.by("member1"))
    signing.renew(activity, county.by("member3"))
    db.session.commit()
    day_before = MORNING + dt.timedelta(days=13)
    time_machine.move_to(day_before - dt.timedelta(days=1))
    sweeps.let_go_silent(clock.now())
    assert states(activity)["买买提·吐尔逊"] == "signed_up"
    time_machine.move_to(day_before)
    sweeps.let_go_silent(clock.now())
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "signed_up", "买买提·吐尔逊": "cancelled", "单雪": "signed_up"}
    assert "改期后没有续报，名额已让出" in sentences("member2")[-1]
    sweeps.let_go_silent(clock.now())
    assert verbs(activity).count("let_go") == 1


def test_who_is_busy_on_the_new_day_cannot_renew(county):
    activity = an_activity(county)
    sign(activity, county, "member1")
    other = an_activity(county, days=14, title="义诊")
    workflow.postpone(activity, county.by("clerk1"), day=other.day, starts=dt.time(10), ends=dt.time(12), reason="下雨")
    sign(other, county, "member1")
    with pytest.raises(RuleBroken, match="您已报名同一时间的“义诊”"):
        signing.renew(activity, county.by("member1"))


def test_cancelling_tells_everybody_on_the_list_and_takes_them_off(county):
    activity = an_activity(county, capacity=1)
    sign(activity, county, "member1", "member2")
    workflow.cancel(activity, county.by("clerk1"), reason="场地另有安排")
    db.session.commit()
    assert set(states(activity).values()) == {"cancelled"}
    assert told() == {"member1", "member2"}
    assert "原因：场地另有安排" in sentences("member1")[0]
    workflow.flow.undo(activity, county.by("clerk1b"))
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "signed_up", "买买提·吐尔逊": "waitlisted"}


def test_publishing_is_undone_until_somebody_signs_up(county):
    activity = an_activity(county, "draft")
    workflow.publish(activity, county.by("clerk1"))
    db.session.commit()
    workflow.flow.undo(activity, county.by("clerk1"))
    db.session.commit()
    assert activity.state.value == "draft" and activity.published_at is None
    workflow.publish(activity, county.by("clerk1"))
    sign(activity, county, "member1")
    with pytest.raises(Refused):
        workflow.flow.undo(activity, county.by("clerk1"))


def test_a_taking_off_is_undone_with_what_moved_up(county):
    activity = an_activity(county, capacity=1)
    sign(activity, county, "member1", "member2")
    first = activity.sign_up_of(county.member1_row.id)
    signing.take_off(activity, county.by("clerk1"), sign_up_id=first.id, reason="听错了")
    db.session.commit()
    workflow.flow.undo(activity, county.by("clerk1"))
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "signed_up", "买买提·吐尔逊": "waitlisted"}
    assert place_of(activity, "欧阳䶮") == 1


def test_time_ends_an_activity_once_and_the_waiting_list_with_it(county, time_machine):
    activity = an_activity(county, days=0, capacity=1)
    on_list(county, activity, "member1")
    on_list(county, activity, "member2", state="waitlisted")
    sweeps.end_held(clock.now())
    assert activity.state.value == "published"
    time_machine.move_to(MORNING + dt.timedelta(hours=3))
    sweeps.end_held(clock.now())
    sweeps.end_held(clock.now())
    db.session.commit()
    assert activity.state.value == "held"
    assert states(activity) == {"欧阳䶮": "signed_up", "买买提·吐尔逊": "cancelled"}
    assert verbs(activity) == ["hold"]
