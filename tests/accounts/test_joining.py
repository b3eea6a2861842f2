"""A login joined to a member, the offices that other pages show, and what the sweeps delete."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from portal import queue
from portal.accounts.models import LoginTries, SignedInSession
from portal.actors import Role
from portal.extensions import db
from tests.cast import make_member


@pytest.fixture
def same_name(cast):
    """A member of the same name as the clerk 王秀兰."""
    member = make_member(cast.unit2, cast.community1, "王秀兰", "13891702001")
    db.session.commit()
    return member


def test_the_county_joins_a_login_to_the_member_it_is(cast, browse, same_name):
    clerk, browser = cast.users["clerk1"], browse(cast.users["county"])
    at = f"/accounts/{clerk.id}"
    assert "关联党员" in browser.get(at).text
    assert browser.post(f"{at}/join", data={"tail": "２００１"}).status_code == 303
    assert clerk.member_id == same_name.id
    assert [appointment.role for appointment in clerk.appointments] == [Role.CLERK, Role.MEMBER]
    assert cast.by("clerk1").is_self(same_name.id)
    assert "关联党员" not in browser.get(at).text


@pytest.mark.parametrize(
    ("whom", "tail", "sentence"),
    [
        ("clerk1", "2002", "名册上没有找到唯一一位同名"),
        ("clerk1", "", "请填写后四位。"),
        ("clerk1", "20011", "最多 4 个字。"),
        ("clerk1b", "2001", "名册上没有找到唯一一位同名"),
        ("member1", "1001", "这个账号已关联党员欧阳䶮。"),
    ],
)
def test_a_login_is_joined_to_nobody_else(cast, browse, same_name, whom, tail, sentence):
    answer = browse(cast.users["county"]).post(f"/accounts/{cast.users[whom].id}/join", data={"tail": tail})
    assert answer.status_code in (409, 422)
    assert sentence in answer.text


def test_two_of_one_name_and_tail_are_not_guessed_between(cast, browse, same_name):
    make_member(cast.unit1, cast.community1, "王秀兰", "13991702001", born="1990-01")
    db.session.commit()
    answer = browse(cast.users["county"]).post(f"/accounts/{cast.users['clerk1'].id}/join", data={"tail": "2001"})
    assert answer.status_code == 409


@pytest.mark.parametrize("who", ["admin", "chengguan", "liaison1", "member1"])
def test_only_the_county_joins(cast, browse, same_name, who):
    answer = browse(cast.users[who]).post(f"/accounts/{cast.users['clerk1'].id}/join", data={"tail": "2001"})
    assert answer.status_code == 403
    assert cast.users["clerk1"].member_id is None


def test_a_community_shows_who_holds_its_offices(cast, browse):
    at = f"/organisations/communities/{cast.community1.id}"
    links = {name: f'href="/accounts/{cast.users[name].id}"' for name in ("clerk1", "grid1")}
    county, clerk = browse(cast.users["county"]).get(at).text, browse(cast.users["clerk1"]).get(at).text
    for page in (county, clerk):
        assert "王秀兰" in page and "马德胜" in page and "孙桂芳" not in page
    assert links["clerk1"] in county and links["clerk1"] not in clerk
    assert links["grid1"] in county and links["grid1"] in clerk


def test_a_member_page_leads_to_the_login(cast, browse):
    at = f"/members/{cast.member1_row.id}"
    assert f'href="/accounts/{cast.users["member1"].id}"' in browse(cast.users["liaison1"]).get(at).text
    fresh = make_member(cast.unit1, cast.community1, "李建军", "13891702009")
    db.session.commit()
    assert (
        f"/accounts/new?role=member&amp;member={fresh.id}"
        in browse(cast.users["liaison1"]).get(f"/members/{fresh.id}").text
    )
    assert "/accounts/" not in browse(cast.users["clerk1"]).get(at).text


def test_a_liaison_opens_one_login_from_the_member_page(cast, browse):
    fresh = make_member(cast.unit1, cast.community1, "李建军", "13891702009")
    db.session.commit()
    browser, at = browse(cast.users["liaison1"]), f"/accounts/new?role=member&member={fresh.id}"
    assert 'value="lijianjun"' in browser.get(at).text
    assert browser.post(at, data={"username": "lijianjun", "starts_on": "2026-01-01"}).location == "/accounts/slips"
    assert "李建军" in browser.get("/accounts/slips").text
    assert browser.post(at, data={"username": "lijianjun2", "starts_on": "2026-01-01"}).status_code == 409
    foreign = f"/accounts/new?role=member&member={cast.member3_row.id}"
    assert browser.get(foreign).status_code == 404


def test_sweeps_delete_ended_sessions_and_old_tries(cast, browse, client):
    with time_machine.travel("2026-05-15 04:00Z", tick=False) as clock:
        browse(cast.users["clerk1"])
        client.post("/login", data={"username": "clerk1", "password": "wrong"})
        for minutes, sessions, tries in ((14, 1, 3), (2, 1, 0), (15, 0, 0)):
            clock.shift(dt.timedelta(minutes=minutes))
            assert queue.tick(dt.datetime.now(dt.UTC), db.session.commit, db.session.rollback) == []
            assert db.session.scalar(select(func.count()).select_from(SignedInSession)) == sessions
            assert db.session.scalar(select(func.count()).select_from(LoginTries)) == tries


def test_whoever_is_signed_in_needs_no_login_page(cast, browse):
    browser = browse(cast.users["clerk1"])
    assert browser.get("/login?next=/records").location == "/records"
    assert browser.get("/login?next=//evil.example").location == "/desk"
