"""What every answer carries, what a form sent late or twice gets, and what the doors say."""

import functools

import pytest
from sqlalchemy import insert

from portal.extensions import db
from portal.once import OnceKey
from portal.people.models import Unit, UnitKind, UnitLevel
from portal.records.models import ServiceRecord
from tests.records.test_pages import GOOD

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("address", ["/", "/nowhere", "/desk", "/healthz", "/static/css/base.css", "/wishes/2026-9999"])
def test_headers_are_exact_on_every_kind_of_answer(client, address):
    with client.get(address) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_pages_of_people_signed_in_are_stored_nowhere(cast, browse):
    assert browse(cast.users["clerk1"]).get("/desk").headers["Cache-Control"] == "no-store, private"


def test_a_get_without_a_login_leads_to_the_login_and_back(client):
    answer = client.get("/records?state=pending")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=/records?state%3Dpending"


def test_a_post_after_the_session_ended_shows_what_was_typed(client, cast):
    answer = client.post(f"/records/new/{cast.member1_row.id}", data=GOOD)
    assert answer.status_code == 401
    assert "清理楼道杂物" in answer.get_data(as_text=True)


def test_what_a_foreign_site_sends_is_not_shown(client, cast):
    answer = client.post(f"/records/new/{cast.member1_row.id}", data=GOOD, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 401
    assert "清理楼道杂物" not in answer.get_data(as_text=True)


def test_a_post_without_its_token_changes_nothing_and_keeps_the_text(app, cast, browse):
    browser = browse(cast.users["clerk1"])
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = browser.post(f"/records/new/{cast.member1_row.id}", data=GOOD)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code in (400, 401)
    assert "清理楼道杂物" in answer.get_data(as_text=True)
    assert db.session.query(ServiceRecord).count() == 0


def test_a_part_of_a_body_without_a_name_is_no_fault_of_the_portal(app, client, monkeypatch):
    """The library that looks for the token asks every part for its name."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n"
    answer = client.post("/wishes/new", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (400, 401)


def test_a_form_sent_twice_is_done_once(cast, browse):
    browser, key = browse(cast.users["clerk1"]), {"once": "k" * 22}
    first = browser.post(f"/records/new/{cast.member1_row.id}", data=GOOD | key)
    second = browser.post(f"/records/new/{cast.member1_row.id}", data=GOOD | key)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(ServiceRecord).count() == 1
    assert db.session.query(OnceKey).count() == 1


def test_a_body_that_is_too_large_is_refused_in_chinese(cast, browse):
    answer = browse(cast.users["clerk1"]).post(
        f"/records/new/{cast.member1_row.id}", data=GOOD | {"note": "长" * 200_000}
    )
    assert answer.status_code == 413
    assert "太大" in answer.get_data(as_text=True) or "过大" in answer.get_data(as_text=True)


def test_a_role_that_may_not_come_is_told_whose_page_it_is(cast, browse):
    answer = browse(cast.users["member1"]).get("/records/new")
    assert answer.status_code == 403
    assert "社区专干" in answer.get_data(as_text=True)


@pytest.mark.parametrize("number", ["0", "2147483648", "99999999999999999999", "-1", "１"])
def test_numbers_that_no_database_takes_are_no_addresses(cast, browse, number):
    assert browse(cast.users["clerk1"]).get(f"/records/{number}").status_code == 404


def test_a_host_that_is_not_ours_is_refused(app, client):
    app.config["TRUSTED_HOSTS"] = ["portal.example.gov.cn"]
    try:
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
        assert client.get("/", headers={"Host": "portal.example.gov.cn"}).status_code == 200
    finally:
        app.config["TRUSTED_HOSTS"] = None


@pytest.mark.parametrize(("code", "status", "words"), [("U01", 409, "刚刚有人先办了"), (None, 500, "系统出了点问题")])
def test_who_is_a_moment_late_at_a_key_of_the_database_is_told_and_keeps_the_text(
    cast, browse, application, monkeypatch, code, status, words
):
    """The room looked and saw nothing; meanwhile the row was there. Any other broken rule is a fault of ours."""
    door = application.view_functions["records.new"]

    @functools.wraps(door)
    def late(**_asked):
        row = {"code": code, "name": "后来的", "kind": UnitKind.OFFICE, "level": UnitLevel.COUNTY}
        db.session.execute(insert(Unit).values(row | {"supervisor_id": cast.dept1.id}))

    monkeypatch.setitem(application.view_functions, "records.new", late)
    answer = browse(cast.users["clerk1"]).post(f"/records/new/{cast.member1_row.id}", data=GOOD)
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)
    assert ("清理楼道杂物" in answer.get_data(as_text=True)) == (status == 409)
    db.session.rollback()
    assert db.session.query(Unit).count() == 3
