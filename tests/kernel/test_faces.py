"""Faces: what a process does not serve is not there, and nobody acts where their role is not admitted.

Which addresses each face serves is typed by hand in tests/test_doors.py.
"""

import re

import pytest
from sqlalchemy import func, select

from portal.accounts import passwords, workflow
from portal.accounts.models import SignedInSession, User
from portal.extensions import db
from portal.people.names import shown_name
from tests import demonstration
from tests.cast import PASSWORD, sign_in
from tests.pages import same_page, texts
from tests.pages import select as find
from tests.pledges.conftest import pledged
from tests.test_doors import ON_FACE, TABLE, filled
from tests.test_every_form import crawl

KEYS = re.compile(r'name="(csrf_token|once|next)" value="[^"]*"')  # they differ with each page and address
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture
def signed_in_at(cast):
    """`signed_in_at(app, "dual")` is a browser with a session of that login, opened elsewhere, brought to this face."""

    def bring(app, username: str, offices: int = 0):
        client = sign_in(app, cast.users[username])
        opened = db.session.scalars(select(SignedInSession).order_by(SignedInSession.id.desc()).limit(1)).one()
        held = sorted(appointment.id for appointment in cast.users[username].appointments)
        opened.appointment_id = held[offices]
        db.session.commit()
        return client

    return bring


def give_password(user: User) -> None:
    user.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()


@pytest.mark.parametrize("name", ["public", "member"])
def test_what_a_face_does_not_serve_answers_like_an_unknown_address(face, cast, signed_in_at, name):
    application = face(name)
    browser = signed_in_at(application, "member1") if name == "member" else application.test_client()
    away = set(TABLE) - ON_FACE[name]
    assert {"/accounts", "/registrations/people/export", "/records/confirm", "/organisations"} <= away
    unknown_there = {}  # what is unknown beside many addresses is asked for once
    for rule in away:
        address = filled(rule)
        beside = address.rpartition("/")[0] or address  # below the same entry of the navigation
        unknown = f"{beside}/no-such-page"
        for method in METHODS:
            answer = browser.open(address, method=method)
            if (unknown, method) not in unknown_there:
                unknown_there[unknown, method] = browser.open(unknown, method=method)
            missing = unknown_there[unknown, method]
            assert answer.status_code == missing.status_code, f"{method} {rule}: {answer.status_code}"
            assert KEYS.sub("", answer.text) == KEYS.sub("", missing.text), f"{method} {rule}"
            assert answer.headers.get("Allow") == missing.headers.get("Allow")
            # /records/7/rewrite reads there like a verb that no record has, and those answer PUT by 405.
            assert answer.status_code == 404 or method not in ("GET", "POST")


def test_nobody_is_signed_in_on_the_public_face_whatever_the_cookie_says(face, cast, signed_in_at):
    for username in ("member1", "clerk1", "county"):
        browser = signed_in_at(face("public"), username)
        answer = browser.get("/")
        assert texts(answer, ".head__tools .head__link") == ["长辈模式"]
        assert find(answer, 'a[href="/login"]') == []
        assert same_page(browser.get("/desk"), browser.get("/no-such-page"))
    assert db.session.scalar(select(func.count()).select_from(SignedInSession)) == 3  # they go on elsewhere


@pytest.mark.parametrize("username", ["clerk1", "grid1", "liaison1", "chengguan", "dept1", "committee", "inspector",
                                      "county", "admin"])  # fmt: skip
def test_an_office_does_not_act_on_the_members_face(face, cast, signed_in_at, username):
    give_password(cast.users[username])
    browser = signed_in_at(face("member"), username)
    answer = browser.get("/desk")
    assert (answer.status_code, answer.location) == (302, "/login?next=/desk")
    assert browser.post("/logout").status_code == 401
    answer = browser.post("/login", data={"username": username, "password": PASSWORD})
    assert answer.status_code == 403
    assert "这里只供在职党员登录，您的账号没有党员身份。" in texts(answer, "#main")[0]
    wrong = browser.post("/login", data={"username": username, "password": "wrong-" + PASSWORD})
    assert wrong.status_code == 422
    assert "没有党员身份" not in wrong.text


def test_one_person_with_two_offices_is_the_member_only_on_the_members_face(face, cast, signed_in_at):
    """dual is member and liaison: the session as liaison ends here, and a new one is the member's."""
    at_home = face("member")
    assert signed_in_at(at_home, "dual", offices=1).get("/desk").status_code == 302
    cast.users["dual"].last_appointment_id = max(a.id for a in cast.users["dual"].appointments)
    give_password(cast.users["dual"])
    browser = at_home.test_client()
    assert browser.post("/login", data={"username": "dual", "password": PASSWORD}).location == "/desk"
    desk = browser.get("/desk")
    assert texts(desk, "#identities h2") == ["当前身份：在职党员"]
    assert find(desk, "#identities form") == []
    led_to = set(texts(desk, ".nav--staff a"))
    assert {"待办", "我的报到", "我的承诺", "我的心愿", "心愿墙", "写实记录"} <= led_to
    assert not {"名册导入", "报到", "报到率", "党员", "账号", "打印"} & led_to
    office = signed_in_at(face("internal"), "dual", offices=1).get("/desk")
    assert texts(office, "#identities h2") == ["当前身份：单位联络员"]
    assert len(find(office, "#identities form")) == 2


def test_an_office_held_does_not_widen_what_the_member_sees(face, cast, signed_in_at):
    """dual may read colleagues' files as the unit's liaison, not as the member they are at home."""
    address = f"/members/{cast.member1_row.id}"
    assert signed_in_at(face("internal"), "dual", offices=1).get(address).status_code == 200
    assert signed_in_at(face("member"), "dual", offices=0).get(address).status_code == 404


def test_full_names_of_pledges_are_for_offices(face, cast, signed_in_at):
    pledged(cast, "shown")
    db.session.commit()
    name = cast.member1_row.name
    for where, username, full in (
        ("public", "member1", False), ("member", "member1", False), ("internal", "member1", True),
        ("internal", "clerk1", True), ("all", "clerk1", True),
    ):  # fmt: skip
        shown = texts(signed_in_at(face(where), username).get("/pledges"), ".pledge .card__title")
        assert shown == [name if full else shown_name(name)], (where, username)


def test_a_login_slip_names_the_entrances_of_offices_and_members(face, cast, signed_in_at):
    application = face("internal")
    entrances = {"OFFICE_ADDRESS": "https://bg.example.gov.cn", "MEMBER_ADDRESS": "https://dy.example.gov.cn"}
    application.config.update(entrances)
    browser = signed_in_at(application, "liaison1")
    opened = db.session.scalars(select(SignedInSession.id).order_by(SignedInSession.id.desc()).limit(1)).one()
    workflow.keep_slips(opened, [workflow.Slip("王秀兰", "凤翔中学党支部", "wangxiulan", "one-time")])
    db.session.commit()
    said = texts(browser.get("/accounts/slips"), ".slip__facts")[0]
    assert all(f"{address}/login" in said for address in entrances.values())


@pytest.mark.parametrize(("name", "login"), [("public", ""), ("member", ""), ("member", "member1"),
                                             ("member", "dual1"), ("internal", "community1")])  # fmt: skip
def test_no_page_of_a_face_links_to_what_it_does_not_serve(app, face, name, login):
    """From home and desk, link by link, in the demonstration county: every page answers."""
    demonstration.load()
    application = face(name)
    user = db.session.scalars(select(User).where(User.username == login)).one() if login else None
    if user and name == "member":
        user.last_appointment_id = min(appointment.id for appointment in user.appointments)
    forms = crawl(sign_in(application, user) if user else application.test_client(), ("/", "/desk") if user else ("/",))
    found = {to for to, _ in forms}
    assert "/wishes/follow" in found or login
    if name != "internal":
        served = application.url_map.bind("localhost")
        for form in forms.values():
            if form.action:
                assert served.test(form.action.partition("?")[0], method=form.method.upper()), form.action
