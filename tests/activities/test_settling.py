"""Settling: what the roll writes into the records, who confirms which, and what becomes of it when it is undone."""

import datetime as dt

import pytest

from portal import clock
from portal.activities import leaving, roll, settling
from portal.activities.models import ActivityKind, ActivityState, Benefit, SignUpState
from portal.actors import Role
from portal.duties import progress
from portal.errors import RuleBroken
from portal.extensions import db
from portal.people.models import Member
from portal.records import workflow as records
from portal.records.models import Evidence, ServiceRecord, Source
from portal.records.queries import year_total
from portal.registrations import workflow as registrations
from portal.registrations.models import EndKind
from portal.registrations.queries import current_of
from tests.activities.conftest import MORNING
from tests.activities.making import an_activity, on_list, states, verbs
from tests.messages.reading import forget, sentences, told


def written() -> dict[str, ServiceRecord]:
    """The standing records by the member's name."""
    rows = db.session.scalars(db.select(ServiceRecord).where(ServiceRecord.state.in_(("pending", "confirmed"))))
    return {record.member.name: record for record in rows}


def how(record: ServiceRecord) -> tuple[str, str, int]:
    return record.state.value, record.evidence.value, record.half_hours


def by(cast, name: str) -> dict:
    """Who took the roll."""
    user = cast.users[name]
    return {"marked_by_user_id": user.id, "marked_by": f"儒林社区 {user.name}", "marked_as": Role.CLERK}


def benefited(member: Member, year: int = 2026) -> bool:
    current_of(member.id).accepted_on = dt.date(2026, 5, 1)
    return progress.of_member(member.id, dt.date(year, 12, 31))[0].activities > 0


def test_each_who_came_has_one_record_confirmed_where_another_took_the_roll(county):
    activity = an_activity(county, "held")
    on_list(county, activity, "member1", state="attended", **by(county, "clerk1"))
    on_list(county, activity, "member3", state="attended", half_hours=3, **by(county, "clerk1b"))
    on_list(county, activity, "member2", state="absent")
    settling.settle(activity, county.by("clerk1"))
    db.session.commit()
    found = written()
    assert {name: how(record) for name, record in found.items()} == {
        "欧阳䶮": ("pending", "organiser", 4),
        "单雪": ("confirmed", "organiser", 3),
    }
    record = found["单雪"]
    assert (record.source, record.source_id, record.source_number) == (Source.ACTIVITY, activity.id, activity.number)
    assert (record.day, record.starts, record.what) == (activity.day, dt.time(9), "清扫儒林苑楼道")
    assert (record.place.name, record.community.name) == ("儒林社区", "凤鸣社区")
    assert (record.recorded_by, record.confirmed_by) == ("儒林社区 赵晓梅", county.by("clerk1").shown)
    assert told() == {"member2", "member3"}
    assert "您的服务时长已计入写实记录" in sentences("member3")[0]
    assert "您被记为未到" in sentences("member2")[0]


def test_what_one_person_rolled_and_settled_waits_for_another(county):
    activity = an_activity(county, "held")
    on_list(county, activity, "member1", state="attended", **by(county, "clerk1"))
    settling.settle(activity, county.by("clerk1"))
    db.session.commit()
    record = written()["欧阳䶮"]
    assert not records.second_person(record, county.by("clerk1"))
    assert year_total(county.member1_row.id, 2026) == (0, 0) and not benefited(county.member1_row)
    records.confirm(record, county.by("grid2"))
    db.session.commit()
    assert year_total(county.member1_row.id, 2026) == (1, 4) and benefited(county.member1_row)


def test_nobody_confirms_their_own_hours_by_settling(county):
    county.appoint("member1", "欧阳䶮", Role.CLERK, community=county.community1)
    db.session.commit()
    activity = an_activity(county, "held")
    on_list(county, activity, "member1", "member2", state="attended", **by(county, "clerk1"))
    settling.settle(activity, county.by("member1", Role.CLERK))
    db.session.commit()
    assert {name: record.state.value for name, record in written().items()} == {
        "欧阳䶮": "pending",
        "买买提·吐尔逊": "confirmed",
    }


def test_of_a_county_wide_activity_each_one_s_own_community_confirms(county):
    activity = an_activity(county, "held", home=None)
    on_list(county, activity, "member1", "member3", state="attended", **by(county, "county_b"))
    settling.settle(activity, county.by("county"))
    db.session.commit()
    assert {name: (record.state.value, record.place.name) for name, record in written().items()} == {
        "欧阳䶮": ("pending", "儒林社区"),
        "单雪": ("pending", "凤鸣社区"),
    }
    assert records.second_person(written()["单雪"], county.by("clerk2"))
    assert not records.second_person(written()["单雪"], county.by("clerk1"))


def test_everybody_must_be_marked_or_the_rest_said_to_be_absent(county):
    activity = an_activity(county, "held")
    on_list(county, activity, "member1", state="attended", **by(county, "clerk1"))
    on_list(county, activity, "member2", "dual")
    with pytest.raises(RuleBroken, match="还有 2 人没有点名（买买提·吐尔逊、仇文博）"):
        settling.settle(activity, county.by("clerk1b"))
    db.session.rollback()
    assert activity.state is ActivityState.HELD
    settling.settle(activity, county.by("clerk1b"), rest_absent=True)
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "attended", "买买提·吐尔逊": "absent", "仇文博": "absent"}


def test_practice_in_the_party_spirit_is_recorded_without_hours(county):
    activity = an_activity(county, "held", kind=ActivityKind.PARTY_PRACTICE, benefit=Benefit.NONE)
    on_list(county, activity, "member1", state="attended", **by(county, "clerk1b"))
    settling.settle(activity, county.by("clerk1"))
    db.session.commit()
    assert how(written()["欧阳䶮"]) == ("confirmed", "organiser", 0)
    assert year_total(county.member1_row.id, 2026) == (0, 0) and not benefited(county.member1_row)


@pytest.mark.parametrize(("days", "evidence"), [(7, Evidence.ORGANISER), (8, Evidence.LATE)])
def test_a_roll_taken_late_is_entered_late(county, days, evidence):
    activity = an_activity(county, "held", days=-days)
    on_list(county, activity, "member1")
    roll.mark(activity, county.by("clerk1"), sign_up_id=activity.sign_ups[0].id, to=SignUpState.ATTENDED)
    settling.settle(activity, county.by("clerk1b"))
    assert written()["欧阳䶮"].evidence is evidence


def test_settling_is_due_within_seven_days(county):
    activity = an_activity(county, "held", days=-7)
    assert settling.due_on(activity) == clock.today()
    assert not settling.is_overdue(activity, clock.today())
    assert settling.is_overdue(activity, clock.today() + dt.timedelta(days=1))


def test_undoing_voids_the_records_and_settling_again_writes_them_anew(county):
    activity = an_activity(county, "held")
    on_list(county, activity, "member1", "member2", state="attended", **by(county, "clerk1b"))
    settling.settle(activity, county.by("clerk1"))
    db.session.commit()
    settling.flow.undo(activity, county.by("clerk1b"))
    db.session.commit()
    assert written() == {} and activity.state is ActivityState.HELD
    settling.settle(activity, county.by("clerk1"))
    db.session.commit()
    assert {name: record.state.value for name, record in written().items()} == {
        "欧阳䶮": "confirmed",
        "买买提·吐尔逊": "confirmed",
    }
    assert db.session.query(ServiceRecord).count() == 4


def test_an_activity_gives_hours_once_beside_another_service_at_the_time(county):
    """What lies over another record of the day is written, and waits with both shown."""
    first = an_activity(county, "held")
    on_list(county, first, "member1", state="attended", **by(county, "clerk1b"))
    settling.settle(first, county.by("clerk1"))
    second = an_activity(county, "held", starts=dt.time(10), ends=dt.time(12), title="义诊")
    on_list(county, second, "member1", state="attended", **by(county, "clerk1b"))
    settling.settle(second, county.by("clerk1"))
    db.session.commit()
    rows = db.session.scalars(db.select(ServiceRecord).order_by(ServiceRecord.id)).all()
    assert [(row.state.value, row.overlaps_id) for row in rows] == [("confirmed", None), ("pending", rows[0].id)]


def test_whoever_leaves_is_off_the_list_and_the_next_one_moves_up(county):
    activity = an_activity(county, capacity=1)
    on_list(county, activity, "member1")
    on_list(county, activity, "member2", state="waitlisted")
    held = an_activity(county, "held")
    on_list(county, held, "member1", state="attended", **by(county, "clerk1b"))
    forget()
    version = activity.version
    sentence = leaving.foreseen(county.member1_row)
    assert sentence == f"报名的 1 次志愿服务活动退出，名额让给候补：{activity.number}。"
    assert sentence in registrations.foreseen(county.member1_row)
    registration = current_of(county.member1_row.id)
    registrations.end(registration, county.by("liaison1"), kind=EndKind.MOVED, reason="迁居外县")
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "cancelled", "买买提·吐尔逊": "signed_up"}
    assert verbs(activity) == ["withdraw", "move_up"] and activity.version == version + 2
    assert "member2" in told()
    assert states(held) == {"欧阳䶮": "attended"}
    settling.settle(held, county.by("clerk1"))
    assert written()["欧阳䶮"].community.name == "儒林社区"  # where they lived when they came


def test_a_move_that_ended_the_registration_is_undone_with_its_sign_ups(county):
    activity = an_activity(county, capacity=1)
    on_list(county, activity, "member1")
    on_list(county, activity, "member2", state="waitlisted")
    registration = current_of(county.member1_row.id)
    registrations.end(registration, county.by("liaison1"), kind=EndKind.MOVED, reason="迁居外县")
    db.session.commit()
    registrations.flow.undo(registration, county.by("liaison1"))
    db.session.commit()
    assert states(activity) == {"欧阳䶮": "signed_up", "买买提·吐尔逊": "waitlisted"}
    assert clock.now() - MORNING < dt.timedelta(minutes=5)
