"""Pages of members: who sees whom, how much of phone and address, adding and correcting by the liaison."""

import re

import pytest
import time_machine
from sqlalchemy import select

from portal.audit import AuditRow
from portal.extensions import db
from portal.people import contacts
from portal.people.models import Member
from tests.pages import listed, same_page

EVERYBODY = {
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "clerk1", "clerk2", "grid1", "member1", "member2",
}  # fmt: skip
# Who sees the page of which member; everybody else gets 404.
PAGES = {
    "member1_row": {"county", "dept1", "chengguan", "liaison1", "clerk1", "member1"},
    "member2_row": {"county", "dept1", "chengguan", "liaison1", "clerk1", "member2"},
    "member3_row": {"county", "dept2", "chengguan", "liaison2", "clerk2"},
}
SIGHTS = {
    "member1": "clear", "liaison1": "clear", "county": "look", "clerk1": "masked", "chengguan": "masked",
    "dept1": "masked", "committee": "hidden", "admin": "hidden", "inspector": "hidden", "grid1": "hidden",
    "member2": "hidden", "liaison2": "hidden",
}  # fmt: skip
FACTS = {
    "name": "李建军", "sex": "male", "born": "1985.3", "ethnicity": "汉族", "phone": "139-0000-4321",
    "lives_in_town": "y", "address": "西大街8号",
}  # fmt: skip


@pytest.mark.parametrize("member", PAGES)
def test_who_sees_which_member(cast, browse, member):
    at = f"/members/{getattr(cast, member).id}"
    answers = {name: browse(cast.users[name]).get(at).status_code for name in EVERYBODY}
    assert {name for name, status in answers.items() if status == 200} == PAGES[member]
    assert {status for name, status in answers.items() if name not in PAGES[member]} == {404}


def test_a_foreign_member_answers_exactly_like_a_missing_one(cast, browse):
    liaison = browse(cast.users["liaison1"])
    assert same_page(liaison.get(f"/members/{cast.member3_row.id}"), liaison.get("/members/999999"))


ROUTES = {
    "/members": {
        "county",
        "dept1",
        "dept2",
        "chengguan",
        "town2",
        "committee",
        "liaison1",
        "liaison2",
        "clerk1",
        "clerk2",
    },
    "/members/new": {"liaison1", "liaison2"},
    "/members/{own}/edit": {"liaison1"},
    "/members/999999/edit": set(),
}


@pytest.mark.parametrize("route", ROUTES)
def test_the_doors(cast, browse, client, route):
    at = route.format(own=cast.member1_row.id)
    assert {name for name in EVERYBODY if browse(cast.users[name]).get(at).status_code == 200} == ROUTES[route]
    assert client.get(at).location.startswith("/login?next=")


@pytest.mark.parametrize("who", SIGHTS)
def test_how_much_of_phone_and_address_one_sees(cast, who):
    assert contacts.sight(cast.member1_row, cast.by(who)).value == SIGHTS[who]


def test_a_clerk_sees_those_registered_there(cast):
    clerk, other = cast.by("clerk1"), cast.by("clerk2")
    assert contacts.sight(cast.member1_row, clerk, {cast.community1.id}) is contacts.Sight.CLEAR
    assert contacts.sight(cast.member1_row, other, {cast.community1.id}) is contacts.Sight.MASKED


@pytest.mark.parametrize(
    ("who", "phone"), [("liaison1", "13891701001"), ("county", "138****1001"), ("clerk1", "138****1001")]
)
def test_lists_show_the_phone_as_the_page_does(cast, browse, who, phone):
    for at in ("/members", f"/members/{cast.member1_row.id}"):
        page = browse(cast.users[who]).get(at).text
        assert phone in page
        assert ("13891701001" in page) is (who == "liaison1")
        assert ("东大街" in page) is (who == "liaison1" and at != "/members")


def test_the_county_looks_for_a_reason_once_and_it_is_audited(cast, browse):
    browser, at = browse(cast.users["county"]), f"/members/{cast.member1_row.id}"
    refused = browser.post(f"{at}/look", data={"reason": " "})
    assert refused.status_code == 422 and "请写明为什么要查看。" in refused.text
    assert "13891701001" not in browser.get(at).text
    assert browser.post(f"{at}/look", data={"reason": "核对一人两册"}).status_code == 303
    page = browser.get(at).text
    assert "13891701001" in page and "东大街12号院" in page
    assert "13891701001" not in browser.get(at).text
    row = db.session.scalars(select(AuditRow).where(AuditRow.act == "people.look")).one()
    assert (row.row_id, row.fields, row.reason) == (cast.member1_row.id, "phone,address", "核对一人两册")


def test_a_look_waits_two_minutes_at_most(cast, browse):
    with time_machine.travel("2026-05-15 04:00Z", tick=False) as clock:
        browser, at = browse(cast.users["county"]), f"/members/{cast.member1_row.id}"
        browser.post(f"{at}/look", data={"reason": "核对一人两册"})
        clock.shift(121)
        assert "13891701001" not in browser.get(at).text


@pytest.mark.parametrize("who", sorted(EVERYBODY - {"county"}))
def test_nobody_else_looks(cast, browse, who):
    answer = browse(cast.users[who]).post(f"/members/{cast.member1_row.id}/look", data={"reason": "想看"})
    assert answer.status_code == 403
    assert db.session.scalars(select(AuditRow).where(AuditRow.act == "people.look")).all() == []


@pytest.mark.parametrize(
    ("who", "query", "found"),
    [
        ("county", "q=oyy", {"欧阳䶮"}),
        ("county", "q=OUYANG", {"欧阳䶮"}),
        ("county", "q=shan", {"单雪"}),
        ("county", "q=chan", {"单雪"}),
        ("county", "q=tuerxun", {"买买提·吐尔逊"}),
        ("county", "q=１００３", {"单雪"}),
        ("county", "q=%25", set()),
        ("county", "q=_", set()),
        ("county", "unit={unit2}", {"单雪"}),
        ("county", "community={community1}", {"欧阳䶮", "买买提·吐尔逊", "仇文博"}),
        ("county", "status=left", set()),
        ("county", "unit=x&community=99999999999&status=x&after=x", {"欧阳䶮", "买买提·吐尔逊", "仇文博", "单雪"}),
        ("liaison1", "q=1002", {"买买提·吐尔逊"}),
        ("liaison1", "q=1003", set()),
        ("clerk1", "q=1002", set()),
        ("clerk1", "", {"欧阳䶮", "买买提·吐尔逊", "仇文博"}),
        ("chengguan", "", {"欧阳䶮", "买买提·吐尔逊", "仇文博", "单雪"}),
        ("town2", "", set()),
        ("committee", "", set()),
        ("dept2", "", {"单雪"}),
    ],
)
def test_members_are_found(cast, browse, who, query, found):
    at = "/members?" + query.format(unit2=cast.unit2.id, community1=cast.community1.id)
    page = listed(browse(cast.users[who]), at).text
    assert set(re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)) == found


def add(browser, cast, **typed):
    return browser.post("/members/new", data=FACTS | {"community_id": cast.community1.id} | typed)


def test_a_liaison_adds_a_member(cast, browse):
    answer = add(browse(cast.users["liaison1"]), cast, unit_id=cast.unit2.id, status="left", identity_index="x")
    member = db.session.scalars(select(Member).where(Member.name == "李建军")).one()
    assert (answer.status_code, answer.location) == (303, f"/members/{member.id}")
    assert (member.unit_id, member.status.value, member.born) == (cast.unit1.id, "active", "1985-03")
    assert (member.phone, member.address, member.pinyin.split()[0]) == ("13900004321", "西大街8号", "lijianjun")
    assert db.session.scalars(select(AuditRow.act).order_by(AuditRow.id.desc())).first() == "members.add"


BAD = [
    ({"name": ""}, "请填写姓名。"),
    ({"name": "李" * 41}, "最多 40 个字。"),
    ({"born": "1985"}, "请填写年月，如 1980-05。"),
    ({"born": "1985-13"}, "请填写年月，如 1980-05。"),
    ({"born": "0000-01"}, "请填写年月，如 1980-05。"),
    ({"phone": "12345"}, "请填写有效的电话号码"),
    ({"sex": "x"}, "请从列出的选项中选择。"),
    ({"community_id": ""}, "居住在县城的党员请选择居住社区。"),
    ({"community_id": "9223372036854775808"}, "请从列出的选项中选择。"),
    ({"address": "长" * 10000}, "最多 80 个字。"),
    ({"name": "欧阳 䶮", "born": "1980年5月", "phone": "１３８９１７０１００１"}, "已在本单位名册上。"),
    (
        {"name": "单雪", "born": "198005", "phone": "13891701003"},
        "已在县医院党总支的名册上，请用“党员”页的“申请转入”。",
    ),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD)
def test_a_refused_member_says_why_and_changes_nothing(cast, browse, typed, sentence):
    answer = add(browse(cast.users["liaison1"]), cast, **typed)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert "西大街8号" in answer.text or "address" in typed
    assert len(db.session.scalars(select(Member)).all()) == 4


def test_whoever_lives_out_of_town_needs_no_community(cast, browse):
    typed = {name: value for name, value in FACTS.items() if name != "lives_in_town"}
    answer = browse(cast.users["liaison1"]).post("/members/new", data=typed | {"community_id": cast.community1.id})
    assert answer.status_code == 303
    member = db.session.scalars(select(Member).where(Member.name == "李建军")).one()
    assert (member.lives_in_town, member.community_id) == (False, None)


def test_two_people_on_one_form_see_both_texts(cast, browse):
    at = f"/members/{cast.member1_row.id}/edit"
    typed = FACTS | {"name": "欧阳䶮", "phone": "13891701001", "born": "1980-05", "community_id": cast.community1.id}
    first, second = browse(cast.users["liaison1"]), browse(cast.users["liaison1"])
    assert first.post(at, data=typed | {"post": "教研组长", "version": "1"}).status_code == 303
    stale = second.post(at, data=typed | {"post": "副校长", "version": "1"})
    assert stale.status_code == 409
    assert (
        "副校长" in stale.text and "教研组长" in stale.text and 'name="version" type="hidden" value="2"' in stale.text
    )
    assert db.session.get(Member, cast.member1_row.id).post == "教研组长"
    assert second.post(at, data=typed | {"post": "副校长", "version": "2"}).status_code == 303
    assert db.session.get(Member, cast.member1_row.id).post == "副校长"


@pytest.mark.parametrize("version", ["", "x", "0", "99999999999999999999", "１"])
def test_a_form_without_a_version_saves_nothing(cast, browse, version):
    at = f"/members/{cast.member1_row.id}/edit"
    typed = FACTS | {"community_id": cast.community1.id, "version": version}
    assert browse(cast.users["liaison1"]).post(at, data=typed).status_code == 409
    assert db.session.get(Member, cast.member1_row.id).name == "欧阳䶮"
