"""A wish by the public form: five fields, clear sentences, a slip that is shown once; robots stay out."""

import datetime as dt
import re

import pytest
import time_machine
from sqlalchemy import func, select, text

from portal import clock
from portal.audit import AuditRow
from portal.extensions import db
from portal.history import HistoryLine
from portal.labels import Category
from portal.people.models import Estate
from portal.wishes import robots
from portal.wishes.models import Wish, WishSource, WishState
from portal.wishes.submitting import hash_code
from tests.stored import words_in
from tests.wishes.residents import TOLD, copy_slip, fill, make_wish, open_form


def the_wish() -> Wish:
    return db.session.scalars(select(Wish)).one()


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Wish))


def test_five_fields_make_a_wish_that_waits_for_review(cast, client):
    number, code = make_wish(client, cast)
    wish = the_wish()
    assert (wish.number, wish.state, wish.source) == (number, WishState.SUBMITTED, WishSource.WALL)
    assert (wish.community_id, wish.shown_name, wish.helpers_needed) == (cast.community1.id, "陈某某", 1)
    assert (wish.told, wish.name, wish.phone) == (TOLD, "陈桂英", "13991234567")
    assert (wish.title, wish.detail, wish.category) == (None, None, None)
    assert re.fullmatch(r"[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{10}", code)
    assert wish.code_hash == hash_code(number, code)


def test_history_and_audit_say_that_it_came_in(cast, client):
    make_wish(client, cast)
    line = db.session.scalars(select(HistoryLine).where(HistoryLine.kind == "wishes")).one()
    assert (line.verb, line.from_state, line.to_state, line.by_name) == ("submit", None, "submitted", "居民")
    assert db.session.scalars(select(AuditRow.act).where(AuditRow.kind == "wishes")).all() == ["wishes.submit"]


def test_nothing_personal_lies_in_the_clear(cast, client):
    make_wish(client, cast, address="儒林苑3号楼2单元501室", on_behalf_of="陈小宝")
    row = db.session.execute(text("SELECT * FROM wishes")).mappings().one()
    stored = words_in(row.values())
    for secret in ("陈桂英", "13991234567", "儒林苑3号楼", "陈小宝", TOLD):
        assert secret.encode() not in stored
    wish = the_wish()
    assert (wish.address, wish.beneficiary) == ("儒林苑3号楼2单元501室", "陈小宝")


def test_more_may_be_said(cast, client):
    make_wish(client, cast, title="想学用手机看病挂号", category="convenience", helpers_needed="２")
    wish = the_wish()
    assert (wish.title, wish.category, wish.helpers_needed) == ("想学用手机看病挂号", Category.CONVENIENCE, 2)


def test_the_day_wanted_is_kept(cast, client):
    in_a_week = clock.today() + dt.timedelta(days=7)
    make_wish(client, cast, wanted_by=f"{in_a_week:%Y.%m.%d}")
    assert the_wish().wanted_by == in_a_week


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("detail", "", "请写下您的心愿。"),
        ("detail", " \u3000\u200b\n", "请写下您的心愿。"),
        ("detail", "愿" * 501, "最多 500 个字。"),
        ("community", "", "请选择您住的社区；不知道就选“不清楚”。"),
        ("community", "999999", "请选择您住的社区；不知道就选“不清楚”。"),
        ("community", None, "请选择您住的社区；不知道就选“不清楚”。"),
        ("name", "", "请填写您的姓名。"),
        ("name", "13991234567", "请填写姓名，不要写数字或符号。"),
        ("name", "！！", "请填写姓名，不要写数字或符号。"),
        ("phone", "", "请填写联系电话，好让社区和认领的党员找到您。"),
        ("phone", "12345", "请填写有效的电话号码，如 13891701234 或 0917-7212345。"),
        ("consent", None, "请勾选同意，否则社区无法联系您。"),
        ("title", "打13991234567找我", "这一栏会公开：“13991234567”像是电话号码，请删去。"),
        ("title", "帮帮陈桂英", "这一栏会公开：“陈桂英”像是姓名，请删去。"),
        ("helpers_needed", "0", "请填写 1 到 20 之间的整数。"),
        ("helpers_needed", "两个", "请填写整数。"),
        ("wanted_by", "2014-05-15", "请填写今天以后、一年以内的日期。"),
        ("wanted_by", "明天", "请填写有效的日期，如 2026-05-15。"),
        ("on_behalf_of", "123", "请填写姓名，不要写数字或符号。"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(cast, client, field, value, sentence):
    answer = client.post("/wishes/new", data=fill(open_form(client), cast, **{field: value}))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert how_many() == 0
    assert field == "name" or 'value="陈桂英"' in answer.text  # what was typed stays


def test_a_childs_wish_needs_the_guardian_and_gets_two_helpers(cast, client):
    form = fill(open_form(client), cast, minor="y")
    answer = client.post("/wishes/new", data=form)
    assert answer.status_code == 422
    assert "14 岁以下孩子的心愿，需要监护人同意。" in answer.text
    assert client.post("/wishes/new", data=form | {"guardian_consent": "y"}).status_code == 303
    assert (the_wish().minor, the_wish().guardian_consent, the_wish().helpers_needed) == (True, True, 2)


@pytest.mark.parametrize(("more", "helpers"), [({}, 2), ({"helpers_needed": "1"}, 1), ({"helpers_needed": "3"}, 3)])
def test_a_lone_elders_wish_gets_two_helpers_unless_another_number_is_said(cast, client, more, helpers):
    form = fill(open_form(client), cast, lone_elder="y", **more)
    assert client.post("/wishes/new", data=form).status_code == 303
    assert (the_wish().lone_elder, the_wish().helpers_needed) == (True, helpers)


def test_an_estate_leads_to_its_community(cast, client):
    make_wish(client, cast, community=f"e{cast.estate1.id}")
    assert the_wish().community_id == cast.community1.id


@pytest.mark.parametrize(
    ("typed", "found"), [("儒林苑", True), ("儒林苑小区", True), ("儒林社区", True), ("东湖", False), ("", False)]
)
def test_who_does_not_know_the_community_may_type_the_estate(cast, client, typed, found):
    make_wish(client, cast, community="unknown", estate=typed)
    wish = the_wish()
    assert wish.community_id == (cast.community1.id if found else None)
    assert wish.note == (f"居民写的小区或街道：{typed}" if typed else None)


def test_an_estate_of_two_communities_leads_nowhere(cast, client):
    db.session.add(Estate(name="儒林苑", community=cast.community2))
    db.session.commit()
    make_wish(client, cast, community="unknown", estate="儒林苑")
    assert the_wish().community_id is None


def test_a_double_click_makes_one_wish_and_shows_one_slip(cast, client):
    form = fill(open_form(client), cast)
    first, second = (client.post("/wishes/new", data=form) for _ in range(2))
    assert first.location == second.location
    assert copy_slip(client.get(first.location).text) == copy_slip(client.get(second.location).text)
    assert how_many() == 1


def test_the_slip_is_shown_in_that_browser_for_a_quarter_of_an_hour(app, cast, client):
    number, code = make_wish(client, cast)
    address = f"/wishes/{number}/slip"
    assert client.get(address).headers["Cache-Control"] == "no-store, private"
    assert code not in client.get(address).request.url
    stranger = app.test_client()
    stranger.get("/wishes/new")
    assert stranger.get(address).status_code == 404
    with time_machine.travel(clock.now() + dt.timedelta(minutes=16), tick=False):
        gone = client.get(address)
        assert gone.status_code == 404
        assert "这张受理单不再显示" in gone.text
        assert code not in gone.text.replace(" ", "")


def test_a_slip_of_no_wish_looks_like_one_not_shown_any_more(cast, client):
    number, _ = make_wish(client, cast)
    assert client.post("/wishes/slip/clear", follow_redirects=True).status_code == 200
    mine, none = client.get(f"/wishes/{number}/slip"), client.get("/wishes/2026-0999/slip")
    assert (mine.status_code, none.status_code) == (404, 404)
    assert mine.text.replace(number, "N") == none.text.replace("2026-0999", "N")


def test_the_qr_holds_the_number_only_and_the_settings_address(app, cast, client, monkeypatch):
    from portal.wishes import slips

    monkeypatch.setitem(app.config, "PUBLIC_ADDRESS", "https://jc.example.gov.cn")
    assert slips.follow_address("2026-0012") == "https://jc.example.gov.cn/wishes/follow?number=2026-0012"
    answer = client.post(
        "/wishes/new", data=fill(open_form(client), cast), headers={"Host": "evil.example"}, follow_redirects=True
    )
    assert "evil.example" not in answer.text


# ---- Robots


def test_who_fills_the_field_that_people_do_not_see_is_refused(cast, client):
    answer = client.post("/wishes/new", data=fill(open_form(client), cast, website="https://spam.example"))
    assert answer.status_code == 422
    assert how_many() == 0


def test_who_is_too_quick_is_asked_to_look_again_and_may_send_again(cast, client):
    from tests.page_forms import form_to

    quick = fill(form_to(client.get("/wishes/new").text, ""), cast)
    answer = client.post("/wishes/new", data=quick)
    assert answer.status_code == 422
    assert "提交得太快了" in answer.text
    assert how_many() == 0
    again = form_to(answer.text, "")
    assert again.values["detail"] == TOLD
    with time_machine.travel(clock.now() + dt.timedelta(seconds=4), tick=False):
        assert client.post("/wishes/new", data=again.filled()).status_code == 303


@pytest.mark.parametrize("stamp", ["", "1", "9999999999.xyz", "9" * 400, "\0"])
def test_a_stamp_that_is_not_ours_is_replaced(cast, client, stamp):
    answer = client.post("/wishes/new", data=fill(open_form(client), cast, opened=stamp))
    assert answer.status_code == 422
    assert how_many() == 0


def test_one_address_makes_so_many_wishes_an_hour(cast, client, monkeypatch):
    monkeypatch.setattr(robots, "MOST_OF_ADDRESS", 2)
    make_wish(client, cast)
    make_wish(client, cast)
    answer = client.post("/wishes/new", data=fill(open_form(client), cast))
    assert answer.status_code == 429
    assert "一小时后再来" in answer.text and TOLD in answer.text
    assert how_many() == 2
    with time_machine.travel(clock.now() + dt.timedelta(minutes=61), tick=False):
        make_wish(client, cast)


def test_all_together_make_so_many_wishes_an_hour(cast, client, monkeypatch):
    monkeypatch.setattr(robots, "MOST_OF_ALL", 1)
    make_wish(client, cast)
    assert client.post("/wishes/new", data=fill(open_form(client), cast)).status_code == 429
    assert how_many() == 1


def test_foreign_fields_change_nothing(cast, client):
    make_wish(client, cast, state="published", on_wall="0", level="county", source="visit", number="2026-9999")
    wish = the_wish()
    assert (wish.state, wish.source, wish.level.value) == (WishState.SUBMITTED, WishSource.WALL, "community")
    assert wish.number != "2026-9999"
