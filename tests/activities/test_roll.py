"""The roll: taps and their way back, walk-ins, hours, and who stays the recorder of each."""

import datetime as dt

import pytest

from portal import clock
from portal.activities import listing, roll, workflow
from portal.activities.models import ActivityKind, SignUpState
from portal.actors import SYSTEM, Role
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from tests.activities.conftest import MORNING
from tests.activities.making import an_activity, on_list, states

S = SignUpState


def today(county, **more):
    return an_activity(county, days=0, **more)


def test_three_taps_lead_round(county):
    activity = today(county)
    (theirs,) = on_list(county, activity, "member1")
    for to in (S.ATTENDED, S.ABSENT, S.SIGNED_UP):
        assert roll.after(theirs) is to
        roll.mark(activity, county.by("grid1"), sign_up_id=theirs.id, to=to)
        assert theirs.state is to
    assert theirs.marked_by == county.by("grid1").shown
    assert theirs.marked_as is Role.GRID_WORKER


def test_of_two_who_tap_one_name_the_second_is_told_and_changes_nothing(county):
    activity = today(county)
    (theirs,) = on_list(county, activity, "member1")
    roll.mark(activity, county.by("clerk1"), sign_up_id=theirs.id, to=S.ATTENDED)
    db.session.commit()
    with pytest.raises(TooLate, match="王秀兰已把欧阳䶮记为“到场”。"):
        roll.mark(activity, county.by("grid1"), sign_up_id=theirs.id, to=S.ATTENDED)
    db.session.rollback()
    with pytest.raises(TooLate, match="现在是“到场”，请再看一眼名单"):
        roll.mark(activity, county.by("grid1"), sign_up_id=theirs.id, to=S.SIGNED_UP)
    db.session.rollback()
    assert states(activity) == {"欧阳䶮": "attended"}
    assert theirs.marked_by_user_id == county.users["clerk1"].id


def test_the_roll_is_open_from_the_day_on(county, time_machine):
    activity = an_activity(county, days=1)
    (theirs,) = on_list(county, activity, "member1")
    with pytest.raises(RuleBroken, match="6月21日当天才能点名"):
        roll.mark(activity, county.by("clerk1"), sign_up_id=theirs.id, to=S.ATTENDED)
    db.session.rollback()
    time_machine.move_to(MORNING + dt.timedelta(hours=17))  # one o'clock at night of the day itself
    roll.mark(activity, county.by("clerk1"), sign_up_id=theirs.id, to=S.ATTENDED)
    assert theirs.state is S.ATTENDED


def test_nobody_takes_the_roll_of_themselves(county):
    county.appoint("member1", "欧阳䶮", Role.CLERK, community=county.community1)
    db.session.commit()
    activity = today(county)
    (theirs,) = on_list(county, activity, "member1")
    with pytest.raises(RuleBroken, match="由另一位同志点名"):
        roll.mark(activity, county.by("member1", Role.CLERK), sign_up_id=theirs.id, to=S.ATTENDED)
    db.session.rollback()
    with pytest.raises(RuleBroken, match="由另一位同志点名"):
        roll.walk_in(today(county), county.by("member1", Role.CLERK), member_id=county.member1_row.id)


def test_walk_ins_need_no_place_and_are_taken_off_by_the_next_tap(county):
    activity = today(county, capacity=1)
    on_list(county, activity, "member1")
    roll.walk_in(activity, county.by("clerk1"), member_id=county.member2_row.id)
    db.session.commit()
    theirs = activity.sign_up_of(county.member2_row.id)
    assert (theirs.state, theirs.place, theirs.walk_in) == (S.ATTENDED, None, True)
    assert activity.places_left == 0
    with pytest.raises(RuleBroken, match="已经在名单上（到场）"):
        roll.walk_in(activity, county.by("clerk1"), member_id=county.member2_row.id)
    db.session.rollback()
    roll.mark(activity, county.by("clerk1"), sign_up_id=theirs.id, to=roll.after(theirs))
    assert theirs.state is S.CANCELLED
    roll.walk_in(activity, county.by("clerk1"), member_id=county.member2_row.id)
    assert theirs.state is S.ATTENDED and len(activity.sign_ups) == 2


def test_who_waited_or_withdrew_and_came_all_the_same_is_entered(county):
    activity = today(county, capacity=1)
    on_list(county, activity, "member1")
    on_list(county, activity, "member2", state="waitlisted")
    on_list(county, activity, "dual", state="cancelled")
    for name in ("member2", "dual"):
        roll.walk_in(activity, county.by("grid1"), member_id=county.places[f"{name}_row"].id)
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "signed_up", "买买提·吐尔逊": "attended", "仇文博": "attended"}


def test_who_waited_to_the_last_is_no_late_withdrawer_and_may_come_from_elsewhere(county):
    activity = today(county, capacity=1)
    (theirs,) = on_list(county, activity, "member3", state="waitlisted")
    workflow.hold(activity, SYSTEM)
    assert (theirs.state, theirs.why, theirs.withdrew_late) == (S.CANCELLED, "没有空出名额", False)
    theirs.why = "孩子发烧"
    assert theirs.ended_at < activity.starts_at and theirs.withdrew_late
    theirs.ended_at = activity.starts_at
    assert not theirs.withdrew_late
    assert [each.name for each in listing.members_in_reach(activity, "单雪")] == ["单雪"]
    roll.walk_in(activity, county.by("clerk1"), member_id=county.member3_row.id)
    db.session.commit()
    assert states(activity) == {"单雪": "attended"}


def test_walk_ins_are_registered_in_the_community_or_anywhere_for_a_county_wide_activity(county):
    here = today(county)
    with pytest.raises(RuleBroken, match="请选择在本社区报到的党员"):
        roll.walk_in(here, county.by("clerk1"), member_id=county.member3_row.id)
    db.session.rollback()
    everywhere = today(county, home=None)
    roll.walk_in(everywhere, county.by("county"), member_id=county.member3_row.id)
    db.session.commit()
    assert states(everywhere) == {"单雪": "attended"}
    with pytest.raises(RuleBroken, match="请选择报到的党员"):
        roll.walk_in(everywhere, county.by("county"), member_id=county.newcomer_row.id)


@pytest.mark.parametrize("typed", ["欧阳", "ouyang", "oy", "1001"])
def test_people_are_found_by_name_pinyin_and_the_phone_s_last_four(county, typed):
    assert [each.name for each in listing.members_in_reach(today(county), typed)] == ["欧阳䶮"]


@pytest.mark.parametrize("typed", ["", "  ", "史珍香", "单雪", "%", "_" * 40])
def test_nobody_is_found_by_nothing_nor_out_of_reach(county, typed):
    assert listing.members_in_reach(today(county), typed) == []


def test_the_hours_of_one_person(county):
    activity = today(county)
    (theirs,) = on_list(county, activity, "member1", state="attended")
    assert activity.half_hours == 4
    roll.set_hours(activity, county.by("clerk1b"), sign_up_id=theirs.id, half_hours=3)
    assert theirs.half_hours == 3 and theirs.marked_by_user_id == county.users["clerk1b"].id
    roll.set_hours(activity, county.by("clerk1b"), sign_up_id=theirs.id, half_hours=4)
    assert theirs.half_hours is None
    roll.set_hours(activity, county.by("clerk1b"), sign_up_id=theirs.id, half_hours=2)
    roll.mark(activity, county.by("clerk1b"), sign_up_id=theirs.id, to=S.ABSENT)
    assert theirs.half_hours is None
    with pytest.raises(RuleBroken, match="还没有记为到场"):
        roll.set_hours(activity, county.by("clerk1"), sign_up_id=theirs.id, half_hours=2)


@pytest.mark.parametrize(
    ("ends", "half_hours"), [("09:20", 1), ("09:30", 1), ("10:15", 2), ("11:00", 4), ("17:00", 16)]
)
def test_an_activity_lasts_whole_half_hours(county, ends, half_hours):
    assert today(county, ends=dt.time.fromisoformat(ends)).half_hours == half_hours


def test_practice_in_the_party_spirit_has_no_hours(county):
    activity = today(county, kind=ActivityKind.PARTY_PRACTICE)
    (theirs,) = on_list(county, activity, "member1", state="attended")
    assert activity.half_hours == 0
    with pytest.raises(RuleBroken, match="党性实践不计时长"):
        roll.set_hours(activity, county.by("clerk1"), sign_up_id=theirs.id, half_hours=2)


def test_a_tap_is_undone(county):
    activity = today(county)
    (theirs,) = on_list(county, activity, "member1")
    roll.mark(activity, county.by("clerk1"), sign_up_id=theirs.id, to=S.ATTENDED)
    db.session.commit()
    roll.flow.undo(activity, county.by("clerk1b"))
    db.session.commit()
    assert (theirs.state, theirs.marked_by) == (S.SIGNED_UP, None)
    assert clock.today() == activity.day
