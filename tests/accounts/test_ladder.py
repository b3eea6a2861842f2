"""Who opens, appoints, resets and stops whose login; the tables are typed by hand from 1.4."""

import datetime as dt

import pytest
from sqlalchemy import select

from portal.accounts import queries, rights, workflow
from portal.accounts.models import Appointment, AppointmentState, User, UserState
from portal.actors import Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db

# Whose passwords each login resets; nobody their own.
RESETS = {
    "liaison1": {"member1", "member2"},  # not `dual`, who is a liaison too
    "liaison2": {"member3"},
    "clerk1": {"grid1", "grid2"},
    "clerk2": set(),
    "chengguan": {"clerk1", "clerk1b", "clerk2"},
    "town2": set(),
    "dept1": {"liaison1", "liaison3"},
    "dept2": {"liaison2"},
    "committee": set(),
    "inspector": set(),
    "admin": set(),
    "member1": set(),
    "grid1": set(),
}
SEES = {
    "liaison1": {"member1", "member2", "dual"},
    "clerk1": {"grid1", "grid2"},
    "chengguan": {"clerk1", "clerk1b", "clerk2"},
    "town2": set(),
    "dept1": {"liaison1", "liaison3", "dual"},
    "committee": set(),
    "inspector": set(),
    "member1": set(),
    "grid1": set(),
}


@pytest.mark.parametrize("who", RESETS)
def test_who_resets_whose_password(cast, who):
    assert {name for name, user in cast.users.items() if rights.may_reset(user, cast.by(who))} == RESETS[who]


def test_the_county_resets_everybody_but_itself(cast):
    assert {n for n, user in cast.users.items() if not rights.may_reset(user, cast.by("county"))} == {"county"}


def test_the_administrator_stops_everybody_but_himself(cast):
    assert {n for n, user in cast.users.items() if not rights.may_administer(user, cast.by("admin"))} == {"admin"}


@pytest.mark.parametrize("who", SEES)
def test_who_sees_whose_login(cast, who):
    seen = {user.username for user in db.session.scalars(queries.visible_to(cast.by(who)))}
    assert seen == SEES[who]


@pytest.mark.parametrize("who", ["county", "admin"])
def test_county_and_administrator_see_all(cast, who):
    assert {user.username for user in db.session.scalars(queries.visible_to(cast.by(who)))} == set(cast.users)


def test_a_reset_ends_sessions_second_factor_and_failures(cast, browse):
    member = cast.users["member1"]
    member.totp = "JBSWY3DPEHPK3PXP"
    browser = browse(member)
    workflow.reset_password(cast.by("liaison1"), member, "hash")
    db.session.commit()
    assert (member.must_change_password, member.password_hash, member.totp) == (True, "hash", None)
    assert browser.get("/password").status_code == 302


def test_a_reset_outside_the_ladder_is_refused(cast):
    with pytest.raises(NotYours):
        workflow.reset_password(cast.by("liaison1"), cast.users["dual"], "hash")


def propose(cast, by="county", **more):
    made = workflow.appoint(cast.by(by), cast.users["grid2"], role=Role.COUNTY, starts_on=dt.date(2026, 1, 1), **more)
    db.session.commit()
    return made


@pytest.mark.parametrize(("by", "role"), [("county", Role.COUNTY), ("admin", Role.COUNTY), ("county", Role.INSPECTOR)])
def test_county_and_inspector_are_only_proposed(cast, by, role):
    dates = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 6, 30)}
    made = workflow.appoint(cast.by(by), cast.users["grid2"], role=role, **dates)
    assert made.state is AppointmentState.PROPOSED
    assert queries.appointments_of(made.user_id, dt.date(2026, 6, 1))[0].role is Role.GRID_WORKER


def test_an_inspector_is_appointed_for_one_inspection(cast):
    with pytest.raises(RuleBroken, match="请填写任职结束的日期"):
        workflow.appoint(cast.by("county"), cast.users["grid2"], role=Role.INSPECTOR, starts_on=dt.date(2026, 1, 1))


# verb × state × login: who may make the move on a county appointment that `county` proposed for grid2.
MOVES = {
    ("approve", "proposed"): {"county_b", "admin"},
    ("approve", "active"): set(),
    ("approve", "ended"): set(),
    ("end", "proposed"): {"county", "county_b", "admin"},
    ("end", "active"): {"county", "county_b", "admin"},
    ("end", "ended"): set(),
}


@pytest.mark.parametrize(("verb", "state"), MOVES)
def test_the_moves_of_an_appointment(cast, verb, state):
    made = propose(cast)
    made.state = AppointmentState(state)
    db.session.commit()
    done = set()
    for name in cast.users:
        try:
            workflow.appointments.moves[verb](made, cast.by(name), reason="原因")
            done.add(name)
        except (NotYours, TooLate):
            pass
        db.session.rollback()
    assert done == MOVES[verb, state]


def test_nobody_approves_their_own_appointment(cast):
    admin = cast.users["admin"]
    made = workflow.appoint(cast.by("county"), admin, role=Role.COUNTY, starts_on=dt.date(2026, 1, 1))
    db.session.commit()
    with pytest.raises(NotYours):
        workflow.approve(made, cast.by("admin"))


@pytest.mark.parametrize(("verb", "state", "who"), [
    ("lock", "active", {"county", "county_b", "admin", "chengguan"}),
    ("unlock", "active", set()),
    ("lock", "locked", set()),
    ("unlock", "locked", {"county", "county_b", "admin", "chengguan"}),
])  # fmt: skip
def test_the_moves_of_a_login(cast, verb, state, who):
    clerk = cast.users["clerk1"]
    clerk.state = UserState(state)
    db.session.commit()
    done = set()
    for name in cast.users:
        try:
            workflow.users.moves[verb](clerk, cast.by(name), reason="原因")
            done.add(name)
        except (NotYours, TooLate):
            pass
        db.session.rollback()
    assert done == who


APPOINTS = [
    ("liaison1", Role.MEMBER, "member1", {}, "已有"),
    ("liaison1", Role.LIAISON, "member1", {"unit_id": "unit1"}, "不能"),
    ("clerk1", Role.GRID_WORKER, "grid1", {"community_id": "community1", "grid_id": "grid2"}, None),
    ("clerk1", Role.GRID_WORKER, "grid1", {"community_id": "community2", "grid_id": "other_grid"}, "不能"),
    ("clerk1", Role.CLERK, "grid1", {"community_id": "community1"}, "不能"),
    ("chengguan", Role.CLERK, "clerk1", {"community_id": "community2"}, None),
    ("town2", Role.CLERK, "clerk1", {"community_id": "community2"}, "不能"),
    ("dept1", Role.LIAISON, "liaison1", {"unit_id": "unit3"}, None),
    ("dept1", Role.LIAISON, "liaison1", {"unit_id": "unit2"}, "不能"),
    ("admin", Role.MEMBER, "clerk1", {}, "不能"),
    ("county", Role.CLERK, "county", {"community_id": "community1"}, "不能"),
    ("committee", Role.LIAISON, "liaison1", {"unit_id": "unit1"}, "不能"),
]


@pytest.mark.parametrize(("who", "role", "whom", "scope", "refusal"), APPOINTS)
def test_who_appoints_whom_to_what(cast, who, role, whom, scope, refusal):
    scope = {name: getattr(cast, place).id for name, place in scope.items()}
    given = {"role": role, "starts_on": dt.date(2026, 1, 1), **scope}
    if refusal is None:
        assert workflow.appoint(cast.by(who), cast.users[whom], **given).state is AppointmentState.ACTIVE
        return
    with pytest.raises((NotYours, RuleBroken), match=refusal):
        workflow.appoint(cast.by(who), cast.users[whom], **given)


def test_a_member_who_leaves_loses_the_member_appointment_only(cast, browse):
    dual = cast.users["dual"]
    workflow.end_member_appointments(dual.member_id, cast.by("county"), "退休")
    db.session.commit()
    held = db.session.scalars(select(Appointment).where(Appointment.user_id == dual.id))
    assert {appointment.role: appointment.state for appointment in held} == {
        Role.MEMBER: AppointmentState.ENDED,
        Role.LIAISON: AppointmentState.ACTIVE,
    }


def test_user_names_are_made_from_names(cast):
    names = ["王秀兰", "王秀兰", "买买提·吐尔逊", "乙"]
    for name, expected in zip(names, ["wangxiulan", "wangxiulan2", "maimaitituerxun", "yi1"], strict=True):
        assert workflow.suggested_username(name) == expected
        db.session.add(User(username=expected, name=name, password_hash="!"))
        db.session.flush()
