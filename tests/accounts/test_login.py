"""Signing in: the same answer for everybody, tries that run out, sessions that end."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from portal.accounts import passwords, signed_in, workflow
from portal.accounts.models import Appointment, LoginTries, SignedInSession, User
from portal.audit import AuditRow
from portal.extensions import db

PASSWORD = "correct-horse-2026"
NOON = dt.datetime(2026, 5, 15, 4, 0, tzinfo=dt.UTC)  # 12:00 in the county
WRONG = "用户名或密码不正确。"


@pytest.fixture
def clerk(cast):
    user = cast.users["clerk1"]
    user.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    return user


def try_in(client, username="clerk1", password=PASSWORD, address="10.0.0.7", **more):
    return client.post(
        "/login", data={"username": username, "password": password} | more, environ_base={"REMOTE_ADDR": address}
    )


def sessions() -> int:
    return db.session.scalar(select(func.count()).select_from(SignedInSession))


def test_the_right_password_opens_the_desk(clerk, client):
    answer = try_in(client)
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert client.get("/password").status_code == 200
    assert db.session.scalar(select(AuditRow.act).order_by(AuditRow.id.desc())) == "accounts.sign_in"


def test_a_user_name_is_read_however_it_is_typed(clerk, client):
    assert try_in(client, username=" ＣＬＥＲＫ1 ").status_code == 303


@pytest.mark.parametrize(("username", "password"), [("clerk1", "wrong"), ("nobody", PASSWORD), ("county", "guess-42")])
def test_the_answer_is_the_same_whether_the_login_exists_or_not(clerk, client, username, password):
    answer = try_in(client, username, password)
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert password not in answer.text


def test_an_empty_form_says_what_is_missing(client):
    answer = client.post("/login", data={})
    assert answer.status_code == 422
    assert "请填写用户名。" in answer.text and "请填写密码。" in answer.text


@pytest.mark.parametrize("username", ["clerk1", "nobody"])
def test_five_failures_lock_this_login_at_this_address_for_fifteen_minutes(clerk, client, username):
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            assert WRONG in try_in(client, username, "wrong").text
        locked = try_in(client, username)
        assert locked.status_code == 429
        assert "连续输错 5 次，请在 12:15 以后再试。" in locked.text
        clock.shift(dt.timedelta(minutes=14, seconds=59))
        assert try_in(client, username).status_code == 429
        clock.shift(dt.timedelta(seconds=1))
        assert try_in(client, username).status_code == (303 if username == "clerk1" else 422)


def test_another_address_is_not_locked_with_it(clerk, client):
    for _ in range(5):
        try_in(client, password="wrong", address="10.0.0.66")
    assert try_in(client, address="10.0.0.7").status_code == 303
    assert try_in(client, address="10.0.0.66").status_code == 429


def test_a_success_forgets_the_failures(clerk, client):
    for _ in range(4):
        try_in(client, password="wrong")
    assert try_in(client).status_code == 303
    for _ in range(4):
        assert WRONG in try_in(client, password="wrong").text
    assert try_in(client).status_code == 303


def test_many_addresses_only_slow_a_login_down(clerk, client):
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(10):
            assert WRONG in try_in(client, password="wrong", address=f"10.1.0.{number}").text
        slowed = try_in(client)
        assert (slowed.status_code, "尝试太频繁，请过几秒钟再试。" in slowed.text) == (429, True)
        clock.shift(dt.timedelta(seconds=2))
        assert try_in(client).status_code == 303
        for number in range(20, 40):
            clock.shift(dt.timedelta(seconds=8))
            assert WRONG in try_in(client, password="wrong", address=f"10.1.0.{number}").text
        # Where this login has signed in before, nobody else's failures count.
        assert try_in(client, address="10.0.0.7").status_code == 303
        assert try_in(client, address="10.0.0.8").status_code == 429
        clock.shift(dt.timedelta(seconds=8))
        assert try_in(client, address="10.0.0.8").status_code == 303


def test_a_whole_office_shares_an_address(clerk, client):
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(60):
            assert WRONG in try_in(client, f"someone{number // 4}", "wrong").text
        assert try_in(client).status_code == 429
        clock.shift(dt.timedelta(seconds=2))
        assert try_in(client).status_code == 303


def test_what_was_typed_as_an_unknown_user_name_is_not_kept(clerk, client):
    try_in(client, "my-secret-password", "x")
    assert db.session.scalars(select(LoginTries.user_id)).all() == [None, None, None]
    assert "my-secret" not in "".join(db.session.scalars(select(LoginTries.key)))


@pytest.mark.parametrize("goal", ["/records?state=to_confirm", "/wishes/2026-0012"])
def test_login_leads_on_to_the_page_asked_for(clerk, client, goal):
    assert try_in(client, next=goal).location == goal


@pytest.mark.parametrize("goal", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "desk", ""])
def test_login_leads_nowhere_else(clerk, client, goal):
    assert try_in(client, next=goal).location == "/desk"


def test_a_new_login_ends_the_old_session_of_this_browser(clerk, client):
    try_in(client)
    first = client.get_cookie("portal").value
    try_in(client)
    assert sessions() == 1
    stale = client.application.test_client()
    stale.set_cookie("portal", first)
    assert stale.get("/desk").location.startswith("/login")


def test_a_planted_session_is_not_kept(clerk, client):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    try_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_logout_ends_the_session_and_clears_the_browser(clerk, client):
    try_in(client)
    cookie = client.get_cookie("portal").value
    answer = client.post("/logout")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache", "cookies", "storage"')
    assert sessions() == 0
    client.set_cookie("portal", cookie)
    assert client.get("/password").location.startswith("/login")


def test_a_session_ends_after_half_an_hour_without_a_click(cast, browse):
    with time_machine.travel(NOON, tick=False) as clock:
        browser = browse(cast.users["clerk1"])
        for _ in range(4):
            clock.shift(dt.timedelta(minutes=29))
            assert browser.get("/password").status_code == 200
        clock.shift(dt.timedelta(minutes=31))
        assert browser.get("/password").location == "/login?next=/password"


def test_a_session_ends_after_ten_hours_whatever_happens(cast, browse):
    with time_machine.travel(NOON, tick=False) as clock:
        browser = browse(cast.users["clerk1"])
        for _ in range(23):
            clock.shift(dt.timedelta(minutes=25))
            assert browser.get("/password").status_code == 200
        clock.shift(dt.timedelta(minutes=25))
        assert browser.get("/password").status_code == 302


def test_a_form_sent_after_the_session_ended_comes_back_with_its_text(cast, browse):
    with time_machine.travel(NOON, tick=False) as clock:
        browser = browse(cast.users["clerk1"])
        clock.shift(dt.timedelta(minutes=31))
        answer = browser.post("/password", data={"old": "x", "remark": "写了很久的话"})
        assert answer.status_code == 401
        assert "写了很久的话" in answer.text


def test_stopping_a_login_ends_its_sessions(cast, browse):
    browser = browse(cast.users["clerk1"])
    workflow.lock(cast.users["clerk1"], cast.by("admin"), reason="离职")
    db.session.commit()
    assert sessions() == 0
    assert browser.get("/password").status_code == 302


def test_a_stopped_login_is_told_so_only_with_the_right_password(clerk, cast, client):
    workflow.lock(clerk, cast.by("admin"), reason="离职")
    db.session.commit()
    assert WRONG in try_in(client, password="wrong").text
    assert "这个账号已停用，请联系为您开通账号的同志。" in try_in(client).text
    assert sessions() == 0


def test_ending_an_appointment_ends_the_sessions_that_use_it(cast, browse):
    dual = cast.users["dual"]
    browser = browse(dual)
    as_member, as_liaison = dual.appointments
    workflow.end(as_liaison, cast.by("county"), reason="岗位调整")
    db.session.commit()
    assert browser.get("/password").status_code == 200
    workflow.end(as_member, cast.by("county"), reason="调离")
    db.session.commit()
    assert browser.get("/password").status_code == 302


def test_an_appointment_ends_with_its_last_day(cast, browse):
    clerk = cast.users["clerk1"]
    clerk.appointments[0].ends_on = dt.date(2026, 5, 15)
    db.session.commit()
    with time_machine.travel(dt.datetime(2026, 5, 15, 15, 50, tzinfo=dt.UTC), tick=False) as clock:  # 23:50
        browser = browse(clerk)
        assert browser.get("/password").status_code == 200
        clock.shift(dt.timedelta(minutes=11))
        assert browser.get("/password").status_code == 302


def test_nobody_without_an_office_signs_in(clerk, client):
    db.session.query(Appointment).filter_by(user_id=clerk.id).update({"ends_on": dt.date(2025, 1, 1)})
    db.session.commit()
    answer = try_in(client)
    assert answer.status_code == 403
    assert "这个账号目前没有任职身份" in answer.text


def test_a_token_is_stored_only_as_a_hash(clerk, client):
    try_in(client)
    with client.session_transaction() as session:
        token = session["_user_id"]
    assert len(token) >= 43
    stored = db.session.scalars(select(SignedInSession.token_hash)).one()
    assert token not in stored and stored == signed_in.hash_token(token)


def test_the_switcher_changes_the_appointment_and_is_remembered(cast, browse):
    dual = cast.users["dual"]
    as_liaison = dual.appointments[1]
    browser = browse(dual)
    answer = browser.post(f"/appointments/{as_liaison.id}/use")
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert db.session.scalars(select(SignedInSession.appointment_id)).one() == as_liaison.id
    assert db.session.get(User, dual.id).last_appointment_id == as_liaison.id
    assert browser.post(f"/appointments/{cast.users['county'].appointments[0].id}/use").status_code == 403
