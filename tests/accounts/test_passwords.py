"""Passwords: the rules in words, the page, and the one-time password that must be changed."""

import pytest
from sqlalchemy import select

from portal.accounts import passwords
from portal.accounts.models import SignedInSession
from portal.extensions import db

OLD, NEW = "correct-horse-2026", "雨天-送伞-铁皮柜子"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short-one", "密码至少 10 个字符，用几个不相干的词连起来就好记。"),
        ("x" * 129, "密码最多 128 个字符。"),
        ("my-clerk1-desk", "密码里不要含有用户名。"),
        ("13891701234", "密码不要全用数字（电话号码、生日很容易被猜到）。"),
        ("aaaaaaaaaaaa", "密码里重复或连续的字符太多，容易被猜到。"),
        ("ababababab12", ""),
        ("abcdefghijkl", "密码里重复或连续的字符太多，容易被猜到。"),
        ("poiuytrewq", "密码里重复或连续的字符太多，容易被猜到。"),
        ("Password2026!", "这个密码太常见，容易被猜到，请换一个。"),
        ("woaini5201314", "这个密码太常见，容易被猜到，请换一个。"),
        ("demo-2026-fengxiang", "这个密码太常见，容易被猜到，请换一个。"),
        ("Admin@123456", "这个密码太常见，容易被猜到，请换一个。"),
        (OLD, "新密码不能与原密码相同。"),
        (NEW, ""),
    ],
)
def test_the_rules_of_a_new_password(password, sentence):
    assert passwords.weakness(password, "clerk1", passwords.hash_password(OLD)) == sentence


def test_a_password_is_the_same_in_full_width():
    assert passwords.verify(passwords.hash_password("abc-１２３"), "ａbc-123")


def test_first_passwords_are_random_and_easy_to_copy():
    made = {passwords.first_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 14 and not set("0o1il") & set(password) for password in made)


@pytest.fixture
def clerk(cast):
    user = cast.users["clerk1"]
    user.password_hash = passwords.hash_password(OLD)
    db.session.commit()
    return user


def change(browser, **typed):
    return browser.post("/password", data={"old": OLD, "password": NEW, "again": NEW} | typed)


def test_changing_the_password_ends_every_other_session(clerk, browse):
    here, elsewhere = browse(clerk), browse(clerk)
    assert change(here).status_code == 303
    assert here.get("/password").status_code == 200
    assert elsewhere.get("/password").status_code == 302
    assert len(db.session.scalars(select(SignedInSession)).all()) == 1
    assert passwords.verify(clerk.password_hash, NEW)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "wrong"}, "原密码不正确。"),
        ({"old": ""}, "请填写原密码。"),
        ({"again": "another"}, "两次填写的新密码不一样。"),
        ({"password": "short", "again": "short"}, "密码至少 10 个字符"),
        ({"password": "", "again": ""}, "请填写新密码。"),
        ({"password": "x" * 10000, "again": "x" * 10000}, "密码过长。"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(clerk, browse, typed, sentence):
    answer = change(browse(clerk), **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert passwords.verify(clerk.password_hash, OLD)


def test_guessing_the_old_password_runs_out_too(clerk, browse):
    browser = browse(clerk)
    for _ in range(5):
        assert change(browser, old="wrong").status_code == 422
    assert change(browser).status_code == 429


def test_a_one_time_password_must_be_changed_before_anything_else(clerk, browse, client):
    clerk.must_change_password = True
    db.session.commit()
    browser = browse(clerk)
    assert browser.get("/records").location == "/password"
    page = browser.get("/password").text
    assert "您用的是一次性密码" in page and "原密码" not in page
    assert browser.post("/password", data={"password": OLD, "again": OLD}).status_code == 422
    assert browser.post("/password", data={"password": NEW, "again": NEW}).location == "/desk"
    assert browser.get("/records").status_code == 200
