"""Pages of logins: doors, opening with a slip shown once, resetting, appointing, refusing in words."""

import re

import pytest
from sqlalchemy import select

from portal.accounts import passwords
from portal.accounts.models import Appointment, AppointmentState, User
from portal.actors import Role
from portal.audit import AuditRow
from portal.extensions import db
from tests.cast import make_member
from tests.pages import listed, same_page

MANAGERS = {"county", "admin", "liaison1", "clerk1", "chengguan", "dept1"}
OTHERS = {"member1", "grid1", "committee", "inspector"}
# Address → the logins of MANAGERS that see something there; {x} is a login's id, 999999 a missing one.
PAGES = {
    "/accounts": MANAGERS,
    "/accounts/slips": MANAGERS,
    "/accounts/members": {"liaison1"},
    "/accounts/{member1}": {"county", "admin", "liaison1"},
    "/accounts/{member3}": {"county", "admin"},
    "/accounts/{grid1}": {"county", "admin", "clerk1"},
    "/accounts/{clerk1}": {"county", "admin", "chengguan"},
    "/accounts/{liaison1}": {"county", "admin", "dept1"},
    "/accounts/{liaison2}": {"county", "admin"},
    "/accounts/{member1}/reset": {"county", "liaison1"},
    "/accounts/{clerk1}/reset": {"county", "chengguan"},
    "/accounts/{clerk1}/rename": {"county", "admin", "chengguan"},
    "/accounts/{clerk1}/lock": {"county", "admin", "chengguan"},
    "/accounts/{clerk1}/appoint": {"county", "admin", "chengguan"},
    "/accounts/999999": set(),
    "/accounts/999999/reset": set(),
    "/accounts/{clerk1}/nonsense": set(),
    "/accounts/new?role=clerk": {"county", "admin", "chengguan"},
    "/accounts/new?role=county": {"county", "admin"},
    "/accounts/new?role=nonsense": set(),
    "/accounts/new?role=system": set(),
}


@pytest.mark.parametrize("address", PAGES)
def test_who_sees_which_page(cast, browse, address):
    at = address.format_map({name: user.id for name, user in cast.users.items()})
    seen = {name for name in MANAGERS if browse(cast.users[name]).get(at).status_code == 200}
    assert seen == PAGES[address]
    for name in OTHERS:
        assert browse(cast.users[name]).get(at).status_code == 403


def test_a_foreign_login_answers_exactly_like_a_missing_one(cast, browse):
    liaison = browse(cast.users["liaison1"])
    foreign = liaison.get(f"/accounts/{cast.users['member3'].id}")
    assert foreign.status_code == 404
    assert same_page(foreign, liaison.get("/accounts/999999"))


def test_nobody_comes_without_a_login(client):
    assert client.get("/accounts").location == "/login?next=/accounts"
    assert client.post("/accounts/1/forgive").status_code == 401


def password_on(page: str) -> str:
    return re.search(r'class="slip__code">([a-z0-9-]{14})<', page)[1]


def test_a_login_is_opened_with_a_slip_that_is_shown_once(cast, browse):
    browser = browse(cast.users["chengguan"])
    typed = {"name": "李建军", "username": "lijianjun", "community_id": cast.community2.id, "starts_on": "2026-01-01"}
    answer = browser.post("/accounts/new?role=clerk", data=typed)
    assert (answer.status_code, answer.location) == (303, "/accounts/slips")
    page = browser.get("/accounts/slips").text
    for words in ("李建军", "凤鸣社区", "lijianjun", "http://127.0.0.1:8000/login", "首次登录须修改密码"):
        assert words in page
    password = password_on(page)
    assert password not in browser.get("/accounts/slips").text
    user = db.session.scalars(select(User).where(User.username == "lijianjun")).one()
    assert passwords.verify(user.password_hash, password) and user.must_change_password
    assert [(a.role, a.state, a.community_id) for a in user.appointments] == [
        (Role.CLERK, AppointmentState.ACTIVE, cast.community2.id)
    ]


def test_the_slip_opens_the_door_to_a_new_password(cast, browse, client):
    browser = browse(cast.users["county"])
    browser.post(f"/accounts/{cast.users['clerk1'].id}/reset")
    password = password_on(browser.get("/accounts/slips").text)
    assert client.post("/login", data={"username": "clerk1", "password": password}).location == "/desk"
    assert client.get("/accounts").location == "/password"


def test_resetting_twice_by_a_double_click_makes_one_password(cast, browse):
    browser = browse(cast.users["county"])
    hashes = set()
    for _ in range(2):
        answer = browser.post(f"/accounts/{cast.users['clerk1'].id}/reset", data={"once": "k" * 22})
        assert answer.location == "/accounts/slips"
        hashes.add(db.session.get(User, cast.users["clerk1"].id).password_hash)
    assert len(hashes) == 1


BAD = [
    ({"username": "clerk1"}, "用户名 clerk1 已有人使用，请换一个。"),
    ({"username": "王"}, "用户名用 3 到 40 个小写字母"),
    ({"username": "x" * 41}, "最多 40 个字。"),
    ({"name": ""}, "请填写姓名。"),
    ({"name": "王" * 41}, "最多 40 个字。"),
    ({"community_id": ""}, "请选择社区。"),
    ({"community_id": "2147483648"}, "请从列出的选项中选择。"),
    ({"community_id": "9" * 30}, "请从列出的选项中选择。"),
    ({"starts_on": "2026-13-01"}, "请填写有效的日期"),
    ({"ends_on": "2025-01-01"}, "结束日期不能早于开始日期。"),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD)
def test_a_refused_form_says_why_keeps_the_text_and_changes_nothing(cast, browse, typed, sentence):
    before = len(db.session.scalars(select(User)).all())
    good = {"name": "李建军", "username": "lijianjun", "community_id": cast.community2.id, "starts_on": "2026-01-01"}
    answer = browse(cast.users["chengguan"]).post("/accounts/new?role=clerk", data=good | typed)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert "李建军" in answer.text or "name" in typed
    assert len(db.session.scalars(select(User)).all()) == before


def test_a_foreign_column_in_the_body_changes_nothing(cast, browse):
    typed = {"name": "李建军", "username": "lijianjun", "community_id": cast.community2.id, "starts_on": "2026-01-01"}
    more = {"must_change_password": "", "state": "locked", "member_id": "1", "unit_id": "1", "approved_by_id": "1"}
    browse(cast.users["chengguan"]).post("/accounts/new?role=clerk", data=typed | more)
    user = db.session.scalars(select(User).where(User.username == "lijianjun")).one()
    assert (user.must_change_password, user.state.value, user.member_id) == (True, "active", None)
    assert (user.appointments[0].unit_id, user.appointments[0].approved_by_id) == (None, None)


def test_a_liaison_opens_logins_for_members_without_one(cast, browse):
    for name, phone in (("王秀兰", "13891702001"), ("王秀兰", "13891702002"), ("王芳", "13891702003")):
        make_member(cast.unit1, cast.community1, name, phone, born="1985-03")
    foreign = make_member(cast.unit2, cast.community1, "外人", "13891702004")
    db.session.commit()
    browser = browse(cast.users["liaison1"])
    page = browser.get("/accounts/members").text
    ids = re.findall(r'name="member" value="(\d+)"', page)
    assert len(ids) == 3 and "外人" not in page
    answer = browser.post("/accounts/members", data={"member": [*ids, str(foreign.id), "x", "9" * 30]})
    assert answer.location == "/accounts/slips"
    page = browser.get("/accounts/slips").text
    assert page.count("slip__code") == 3
    assert {"wangxiulan", "wangxiulan2", "wangfang"} <= set(db.session.scalars(select(User.username)))
    assert "本单位的党员都有账号了" in browser.get("/accounts/members").text


def test_a_second_person_approves_on_the_page(cast, browse):
    browser = browse(cast.users["county"])
    at = f"/accounts/{cast.users['clerk2'].id}/appoint?role=county"
    assert browser.post(at, data={"starts_on": "2026-01-01"}).status_code == 303
    made = db.session.scalars(select(Appointment).where(Appointment.state == AppointmentState.PROPOSED)).one()
    assert browser.post(f"/appointments/{made.id}/approve").status_code == 403
    second = browse(cast.users["county_b"])
    assert "1 项任命等您核准" in second.get("/accounts").text
    assert second.post(f"/appointments/{made.id}/approve").status_code == 303
    assert "任职中" in second.get(f"/appointments/{made.id}").text
    late = browse(cast.users["admin"]).post(f"/appointments/{made.id}/approve")
    assert late.status_code == 409 and "何敏已先“核准”" in late.text


def test_failures_are_shown_and_forgiven(cast, browse, client):
    wrong, elsewhere = {"username": "clerk1", "password": "wrong"}, {"REMOTE_ADDR": "10.9.8.7"}
    for _ in range(5):
        client.post("/login", data=wrong, environ_base=elsewhere)
    browser, at = browse(cast.users["admin"]), f"/accounts/{cast.users['clerk1'].id}"
    page = browser.get(at).text
    assert "输错密码被锁定" in page and "10.9.8.7" in page
    assert "王秀兰" in browser.get("/accounts?mark=locked_out").text
    assert browser.post(f"{at}/forgive").status_code == 303
    assert "10.9.8.7" not in browser.get(at).text
    assert "没有找到账号" in browser.get("/accounts?mark=locked_out").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=wxl", {"王秀兰"}),
        ("q=dan", {"单雪"}),
        ("q=chou", {"仇文博"}),
        ("q=clerk1", {"王秀兰", "赵晓梅"}),
        ("q=%25", set()),
        ("role=clerk", {"王秀兰", "赵晓梅", "孙桂芳"}),
        ("role=clerk&q=王", {"王秀兰"}),
        ("role=nonsense&mark=nonsense&after=x", None),
    ],
)
def test_logins_are_found_by_pinyin_role_and_state(cast, browse, query, found):
    page = listed(browse(cast.users["county"]), f"/accounts?{query}").text
    names = {user.name for user in cast.users.values()}
    shown = set(re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page))
    assert shown == (names if found is None else found)


def test_a_stale_name_shows_both_texts(cast, browse):
    browser, user = browse(cast.users["county"]), cast.users["clerk1"]
    at = f"/accounts/{user.id}/rename"
    assert browser.post(at, data={"name": "王秀蓝", "version": "1"}).status_code == 303
    stale = browser.post(at, data={"name": "王秀岚", "version": "1"})
    assert stale.status_code == 409
    assert "王秀岚" in stale.text and "王秀蓝" in stale.text
    assert browser.post(at, data={"name": "王秀岚", "version": "2"}).status_code == 303
    assert db.session.get(User, user.id).pinyin.startswith("wangxiulan wxl")


def test_every_act_leaves_its_trace(cast, browse):
    browser, user = browse(cast.users["county"]), cast.users["clerk1"]
    browser.post(f"/accounts/{user.id}/reset")
    browser.post(f"/accounts/{user.id}/lock", data={"reason": "离职"})
    browser.post(f"/accounts/{user.id}/unlock")
    acts = select(AuditRow.act).where(AuditRow.row_id == user.id, AuditRow.kind == "users").order_by(AuditRow.id)
    assert db.session.scalars(acts).all()[-3:] == ["users.reset_password", "users.lock", "users.unlock"]
    page = browser.get(f"/accounts/{user.id}").text
    assert "离职" in page and "重置密码" in page
