"""One wish from the resident's phone to thanks: told, reviewed, claimed, done, confirmed, each in a browser of its own.

A test reads what it needs of its rows before it opens the page: a transaction left open would keep the server waiting.
"""

import datetime as dt

import pytest
import time_machine
from playwright.sync_api import expect
from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.records.models import RecordState, ServiceRecord
from portal.wishes import robots
from portal.wishes.models import ConfirmedBy, Wish, WishState
from tests.wishes.making import register

TOLD = "想请人教我用手机看病挂号，我叫陈桂英，电话13991234567。"
TITLE = "想学用手机看病挂号"
WINDOWS = pytest.mark.parametrize(
    ("window", "javascript"), [("phone", True), ("phone", False), ("office", True), ("office", False)]
)


def open_long_ago(page) -> None:
    """The form as if it had been opened some seconds ago: the test fills it faster than a person."""
    with time_machine.travel(clock.now() - dt.timedelta(seconds=20), tick=False):
        stamp = robots.new_stamp()
    page.locator("input[name=opened]").evaluate("(field, stamp) => { field.value = stamp }", stamp)


def make_wish(page) -> tuple[str, str]:
    page.goto("/wishes/new")
    page.get_by_label("您的心愿").fill(TOLD)
    page.get_by_label("您住在哪个社区").select_option(label="儒林苑（儒林社区）")
    page.get_by_label("您的姓名").fill("陈桂英")
    page.get_by_label("联系电话").fill("139 9123 4567")
    page.get_by_label("我同意").check()
    open_long_ago(page)
    page.get_by_role("button", name="提交心愿").click()
    expect(page.get_by_role("heading", name="心愿已收到")).to_be_visible()
    return page.locator(".slip__number").inner_text(), page.locator(".slip__code").inner_text()


def publish(page, number: str) -> None:
    page.goto(f"/wishes/{number}")
    expect(page.locator("mark")).to_have_text(["陈桂英", "13991234567"])
    page.get_by_label("上墙的标题").fill(TITLE)
    page.get_by_label("类别").select_option(label="便民利民")
    page.get_by_label("给党员看的说明").fill("教一位老人用手机看病挂号。")
    page.get_by_role("button", name="发布到心愿墙").click()
    expect(page.locator("#flash")).to_contain_text("已发布到心愿墙")


def claim_and_call(page, number: str) -> None:
    page.goto("/wishes")
    page.get_by_role("button", name="认领").click()
    expect(page.locator("#flash")).to_contain_text("认领成功")
    page.goto(f"/wishes/{number}")
    expect(page.locator("#contact")).to_contain_text("139****4567")
    page.get_by_role("button", name="查看联系方式").click()
    expect(page.locator("#contact")).to_contain_text("13991234567")


def finish(page, number: str) -> None:
    page.goto(f"/wishes/{number}")
    page.get_by_role("link", name="办理完成").click()
    page.get_by_label("开始时间").fill("06:00")
    page.get_by_label("服务时长").select_option(label="1.5 小时")
    page.get_by_label("办理情况").fill("教会了在手机上挂号。")
    page.get_by_role("button", name="办理完成").click()
    expect(page.locator("#flash")).to_contain_text("已登记")


def confirm(page, number: str, code: str) -> None:
    page.goto(f"/wishes/follow?number={number}")
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查看").click()
    expect(page.locator("#followed")).to_contain_text("教会了在手机上挂号。")
    page.get_by_role("link", name="办成了").click()
    page.get_by_label("很满意").check()
    page.get_by_label("想说一句感谢的话").fill("多谢，会挂号了。")
    page.get_by_role("button", name="确认办成了").click()
    expect(page.locator("#followed")).to_contain_text("您的心愿实现了。")


@WINDOWS
def test_from_the_form_to_the_wall_to_thanks(cast, visit, window, javascript):
    register(cast, "member1")

    def arrive(login: str = ""):
        return visit(window, javascript=javascript, user=cast.users[login] if login else None)

    resident, member = arrive(), arrive("member1")
    clerk = arrive("clerk1")
    db.session.rollback()
    number, code = make_wish(resident)
    publish(clerk, number)
    claim_and_call(member, number)
    finish(member, number)
    confirm(resident, number, code)
    resident.goto("/wishes?status=confirmed")
    expect(resident.locator(".wish")).to_contain_text(TITLE)
    expect(resident.locator("main")).not_to_contain_text("陈桂英")
    wish = db.session.scalars(select(Wish)).one()
    assert (wish.state, wish.confirmed_by, wish.rating) == (WishState.CONFIRMED, ConfirmedBy.RESIDENT, 5)
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.state, record.half_hours) == (RecordState.CONFIRMED, 3)


@WINDOWS
def test_a_mistake_in_the_form_is_named_and_nothing_typed_is_lost(cast, visit, window, javascript):
    page = visit(window, javascript=javascript)
    db.session.rollback()
    page.goto("/wishes/new")
    page.get_by_label("您的心愿").fill(TOLD)
    page.get_by_label("联系电话").fill("12345")
    page.get_by_role("button", name="提交心愿").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("请填写您的姓名。")
    if javascript:
        expect(summary).to_be_focused()
    summary.get_by_role("link", name="请填写有效的电话号码").click()
    expect(page.get_by_label("联系电话")).to_be_focused()
    expect(page.get_by_label("您的心愿")).to_have_value(TOLD)
    expect(page.get_by_label("联系电话")).to_have_value("12345")


def test_only_who_does_not_know_the_community_is_asked_for_the_estate(cast, phone):
    db.session.rollback()
    phone.goto("/wishes/new")
    expect(phone.get_by_label("小区或街道名")).to_be_hidden()
    phone.get_by_label("您住在哪个社区").select_option("unknown")
    expect(phone.get_by_label("小区或街道名")).to_be_visible()
    expect(phone.get_by_label("网址（请不要填写）")).not_to_be_in_viewport()
