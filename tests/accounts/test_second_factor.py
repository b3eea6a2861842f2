"""The second factor: RFC 6238's own numbers, binding, the question at login."""

import base64
import datetime as dt
import re

import pytest
import time_machine

from portal.accounts import passwords, totp
from portal.accounts.models import User
from portal.extensions import db

PASSWORD = "correct-horse-2026"
NOON = dt.datetime(2026, 5, 15, 4, 0, tzinfo=dt.UTC)
STEP = int(NOON.timestamp()) // 30
SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_numbers_of_the_rfc(seconds, code):
    assert totp.code_at(SECRET, seconds // 30) == code
    assert totp.step_of(SECRET, code, seconds, None) == seconds // 30


def test_a_code_holds_for_half_a_minute_more_and_once_only():
    code = totp.code_at(SECRET, 100)
    assert totp.step_of(SECRET, code, 101 * 30, None) == 100
    assert totp.step_of(SECRET, code, 102 * 30, None) is None
    assert totp.step_of(SECRET, code, 100 * 30, 100) is None
    assert totp.step_of(SECRET, "没有数字啊", 100 * 30, None) is None


@pytest.fixture
def bound(cast):
    user = cast.users["county"]
    user.password_hash, user.totp = passwords.hash_password(PASSWORD), SECRET
    db.session.commit()
    return user


def password_step(client, **more):
    return client.post("/login", data={"username": "county", "password": PASSWORD} | more)


def test_login_asks_for_the_code_and_then_leads_on(bound, client):
    with time_machine.travel(NOON, tick=False):
        answer = password_step(client, next="/records")
        assert (answer.status_code, answer.location) == (303, "/login/code")
        assert client.get("/desk").location.startswith("/login")
        assert client.post("/login/code", data={"code": "000000"}).status_code == 422
        answer = client.post("/login/code", data={"code": totp.code_at(SECRET, STEP)})
        assert (answer.status_code, answer.location) == (303, "/records")
        assert client.get("/password").status_code == 200


def test_a_code_is_not_taken_twice(bound, client):
    with time_machine.travel(NOON, tick=False):
        for expected in (303, 422):
            password_step(client)
            assert client.post("/login/code", data={"code": totp.code_at(SECRET, STEP)}).status_code == expected


def test_guessing_codes_runs_out(bound, client):
    with time_machine.travel(NOON, tick=False):
        password_step(client)
        for _ in range(5):
            assert client.post("/login/code", data={"code": "000000"}).status_code == 422
        assert client.post("/login/code", data={"code": totp.code_at(SECRET, STEP)}).status_code == 429


def test_the_question_waits_five_minutes(bound, client):
    with time_machine.travel(NOON, tick=False) as clock:
        password_step(client)
        clock.shift(dt.timedelta(minutes=5, seconds=1))
        answer = client.post("/login/code", data={"code": totp.code_at(SECRET, STEP + 10)})
        assert (answer.status_code, answer.location) == (303, "/login")


def test_nobody_is_asked_out_of_the_blue(client):
    assert client.get("/login/code").location == "/login"


def test_binding_and_letting_go(cast, browse):
    with time_machine.travel(NOON, tick=False):
        browser = browse(cast.users["county"])
        page = browser.get("/second-factor").text
        secret = re.search(r'class="code">([A-Z2-7]{32})<', page)[1]
        assert 'src="data:image/svg+xml' in page
        assert browser.get("/second-factor").text.count(secret) == 1
        assert browser.post("/second-factor", data={"code": "000000"}).status_code == 422
        answer = browser.post("/second-factor", data={"code": totp.code_at(secret, STEP)})
        assert (answer.status_code, answer.location) == (303, "/second-factor")
        user = db.session.get(User, cast.users["county"].id)
        assert (user.totp, user.totp_step) == (secret, STEP)
        assert secret.encode() not in user.totp_sealed
        assert secret not in browser.get("/second-factor").text
        # The code that bound it is used up; the next one lets it go.
        assert browser.post("/second-factor", data={"code": totp.code_at(secret, STEP)}).status_code == 422
        assert browser.post("/second-factor", data={"code": totp.code_at(secret, STEP + 1)}).status_code == 303
        assert user.totp is None


@pytest.mark.parametrize("username", ["clerk1", "liaison1", "member1", "inspector"])
def test_it_is_offered_to_county_and_administrator(cast, browse, username):
    assert browse(cast.users[username]).get("/second-factor").status_code == 403
