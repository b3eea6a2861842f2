"""Logins from the command line."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from portal.accounts import passwords
from portal.accounts.models import AppointmentState, User, UserState
from portal.actors import Role
from portal.extensions import db


def run(app, *words: str):
    return app.test_cli_runner().invoke(args=["account", *words])


def test_the_first_county_officer_comes_from_the_command_line(app):
    result = run(app, "create", "county", "--name", "刘建国", "--role", "county")
    assert result.exit_code == 0
    password = re.search(r"一次性密码 ([a-z0-9-]{14})（", result.output)[1]
    user = db.session.scalars(select(User)).one()
    assert passwords.verify(user.password_hash, password)
    assert [a.state.value for a in user.appointments] == ["active"]


@pytest.mark.parametrize(
    ("role", "scope", "office"),
    [
        ("clerk", ["--community", "C01"], "儒林社区"),
        ("grid_worker", ["--community", "C01", "--grid", "G2"], "儒林社区第二网格"),
        ("liaison", ["--unit", "U01"], "凤翔中学党支部"),
        ("town", ["--supervisor", "S01"], "城关镇党委"),
    ],
)
def test_an_office_is_named_by_its_code(app, cast, role, scope, office):
    assert run(app, "create", "someone", "--name", "某人", "--role", role, *scope).exit_code == 0
    user = db.session.scalars(select(User).where(User.username == "someone")).one()
    assert user.appointments[0].office_name == office


def test_an_inspector_is_appointed_until_a_day(app, cast):
    words = ["create", "ducha", "--name", "祁正", "--role", "inspector", "--ends-on", "2099-11-30"]
    assert run(app, *words).exit_code == 0
    user = db.session.scalars(select(User).where(User.username == "ducha")).one()
    assert [(a.role, a.state, a.ends_on) for a in user.appointments] == [
        (Role.INSPECTOR, AppointmentState.ACTIVE, dt.date(2099, 11, 30))
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["create", "clerk1", "--name", "某人", "--role", "clerk", "--community", "C01"], "已有人使用"),
        (["create", "x", "--name", "某人", "--role", "county"], "用户名用 3 到 40 个"),
        (["create", "someone", "--name", "某人", "--role", "clerk"], "没有代码为 None 的社区"),
        (["create", "someone", "--name", "某人", "--role", "clerk", "--community", "C99"], "没有代码为 C99 的社区"),
        (
            ["create", "who", "--name", "某", "--role", "grid_worker", "--community", "C01"],
            "没有代码为 None 的网格",
        ),
        (["create", "ducha", "--name", "祁正", "--role", "inspector"], "请填写任职结束的日期"),
        (["create", "ducha", "--name", "祁正", "--role", "inspector", "--ends-on", "2020-01-01"], "不能早于开始"),
        (["reset-password", "nobody"], "没有用户名为 nobody 的账号"),
        (["lock", "nobody"], "没有用户名为 nobody 的账号"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(app, cast, words, sentence):
    before = len(db.session.scalars(select(User)).all())
    result = run(app, *words)
    assert result.exit_code == 1
    assert sentence in result.output
    assert len(db.session.scalars(select(User)).all()) == before


def test_reset_and_lock(app, cast):
    assert "一次性密码" in run(app, "reset-password", "clerk1").output
    assert run(app, "lock", "clerk1", "--reason", "离职").exit_code == 0
    user = db.session.get(User, cast.users["clerk1"].id)
    assert (user.state, user.must_change_password) == (UserState.LOCKED, True)
    assert run(app, "lock", "clerk1").exit_code == 1
