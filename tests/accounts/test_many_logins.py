"""Logins opened and passwords renewed for many at once, by the ladder of 1.4; every password is shown once."""

import re

import pytest
from sqlalchemy import select

from portal.accounts import offices, passwords
from portal.accounts.models import Appointment, AppointmentState, SignedInSession, User
from portal.actors import Role
from portal.extensions import db
from portal.people.models import Community, Grid, Unit
from tests.pages import texts


@pytest.fixture
def empty_places(cast):
    """A unit, a community and a grid that nobody works for yet."""
    unit = Unit(code="U9", name="凤翔小学党支部", kind=cast.unit1.kind, level=cast.unit1.level, supervisor=cast.dept1)
    community = Community(code="C9", name="东关社区", town=cast.chengguan, receptionist="姜来")
    grid = Grid(code="G9", name="第九网格", community=cast.community1, worker="田地")
    db.session.add_all([unit, community, grid])
    db.session.commit()
    return unit, community, grid


# Whose offices each role fills in bulk, and what it is shown first.
SHOWN = {
    "clerk1": {"grid_worker": ["儒林社区第九网格"]},
    "chengguan": {"clerk": ["东关社区"], "liaison": []},
    "dept1": {"liaison": ["凤翔小学党支部"]},
    "dept2": {"liaison": []},
    "county": {
        "grid_worker": ["儒林社区第九网格", "凤鸣社区第一网格"], "clerk": ["东关社区"], "liaison": ["凤翔小学党支部"],
        "town": [], "department": [], "committee": [],
    },
}  # fmt: skip


@pytest.mark.parametrize("who", SHOWN)
def test_the_places_nobody_works_for(cast, browse, empty_places, who):
    browser = browse(cast.users[who])
    for role, places in SHOWN[who].items():
        answer = browser.get(f"/accounts/offices?role={role}")
        assert answer.status_code == 200, role
        assert texts(answer, "tbody th") == places
    others = {role.value for role in Role} - set(SHOWN[who])
    assert {browser.get(f"/accounts/offices?role={role}").status_code for role in others} == {404}


def slips_on(page: str) -> dict[str, str]:
    """User name → password of the slips on a page."""
    names = re.findall(r'class="slip__number">([^<]+)<', page)
    return dict(zip(names, re.findall(r'class="slip__code">([a-z0-9-]{14})<', page), strict=True))


def test_many_offices_at_once(cast, browse, empty_places):
    _, _, grid = empty_places
    county = browse(cast.users["county"])
    typed = {"place": [grid.id, cast.other_grid.id], f"name-{grid.id}": "田　地", f"name-{cast.other_grid.id}": "石磊"}
    answer = county.post("/accounts/offices?role=grid_worker", data=typed)
    assert (answer.status_code, answer.location) == (303, "/accounts/slips")
    slips = slips_on(county.get("/accounts/slips").text)
    assert set(slips) == {"tiandi", "shilei"}
    assert slips_on(county.get("/accounts/slips").text) == {}
    user = db.session.scalars(select(User).where(User.username == "tiandi")).one()
    assert (user.name, user.must_change_password) == ("田地", True)
    assert passwords.verify(user.password_hash, slips["tiandi"])
    (held,) = user.appointments
    assert (held.role, held.state) == (Role.GRID_WORKER, AppointmentState.ACTIVE)
    assert (held.grid_id, held.community_id) == (grid.id, cast.community1.id)
    assert texts(county.get("/accounts/offices?role=grid_worker"), "tbody th") == []


def test_the_first_liaison_of_a_unit_is_the_main_one(cast, browse, empty_places):
    unit, _, _ = empty_places
    browse(cast.users["dept1"]).post(
        "/accounts/offices?role=liaison", data={"place": unit.id, f"name-{unit.id}": "方圆"}
    )
    held = db.session.scalars(select(Appointment).where(Appointment.unit_id == unit.id)).one()
    assert held.main and held.role is Role.LIAISON


def test_a_name_is_needed_and_what_was_typed_stays(cast, browse, empty_places):
    _, community, _ = empty_places
    town = browse(cast.users["chengguan"])
    answer = town.post("/accounts/offices?role=clerk", data={"place": community.id, f"name-{community.id}": " "})
    assert answer.status_code == 422 and "勾选的每一行都要填写姓名。" in answer.text
    assert db.session.scalar(select(Appointment.id).where(Appointment.community_id == community.id)) is None
    long = town.post("/accounts/offices?role=clerk", data={"place": community.id, f"name-{community.id}": "长" * 41})
    assert long.status_code == 422 and "姓名最多40个字。" in long.text
    assert town.post("/accounts/offices?role=clerk", data={}).status_code == 303


def test_a_place_of_another_scope_is_passed_over(cast, browse, empty_places):
    unit, _, _ = empty_places
    answer = browse(cast.users["dept2"]).post(
        "/accounts/offices?role=liaison", data={"place": unit.id, f"name-{unit.id}": "方圆"}
    )
    assert answer.status_code == 303
    assert db.session.scalar(select(Appointment.id).where(Appointment.unit_id == unit.id)) is None


def unused(cast, *names: str) -> None:
    for name in names:
        cast.users[name].must_change_password = True
    db.session.commit()


# Whose passwords each may renew in bulk, of those who never used theirs: the same ladder as one by one.
RENEWS = {
    "liaison1": {"member1", "member2"},
    "clerk1": {"grid1"},
    "chengguan": {"clerk1"},
    "dept1": {"liaison1"},
    "county": {"member1", "member2", "dual", "grid1", "clerk1", "liaison1", "county_b"},
    "admin": set(),
}


@pytest.mark.parametrize("who", RENEWS)
def test_who_renews_whose_passwords(cast, who):
    unused(cast, "member1", "member2", "dual", "grid1", "clerk1", "liaison1", "county_b")
    assert {user.username for user in offices.unused(cast.by(who))} == RENEWS[who]


def test_passwords_are_renewed_at_once_and_sessions_end(cast, browse):
    liaison, member = browse(cast.users["liaison1"]), browse(cast.users["member1"])
    unused(cast, "member1", "member2", "dual", "member3")
    ids = [cast.users[name].id for name in ("member1", "member2", "dual", "member3")]
    assert liaison.post("/accounts/resets", data={"user": ids}).location == "/accounts/slips"
    slips = slips_on(liaison.get("/accounts/slips").text)
    assert set(slips) == {"member1", "member2"}
    db.session.refresh(cast.users["member1"])
    assert passwords.verify(cast.users["member1"].password_hash, slips["member1"])
    assert db.session.scalar(select(SignedInSession.id).where(SignedInSession.user_id == ids[0])) is None
    assert member.get("/desk").status_code == 302
    assert cast.users["dual"].password_hash == "!"


def test_no_password_stays_anywhere_in_clear(cast, browse):
    liaison = browse(cast.users["liaison1"])
    unused(cast, "member1")
    liaison.post("/accounts/resets", data={"user": [cast.users["member1"].id]})
    session = db.session.scalars(select(SignedInSession)).one()
    assert session.slips_sealed is not None
    (password,) = slips_on(liaison.get("/accounts/slips").text).values()
    db.session.refresh(session)
    assert session.slips_sealed is None
    connection = db.session.connection()
    for table in db.metadata.sorted_tables:
        for row in connection.execute(table.select()):
            assert password not in repr(tuple(row)), table.name
