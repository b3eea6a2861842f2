"""Pages of pledges by selector: the public one, a member's own, writing, the lists of offices, bulk approval."""

import datetime as dt

import pytest

from portal import clock
from portal.actors import Role
from portal.extensions import db
from portal.labels import Category
from portal.pledges import queries, workflow
from portal.pledges.models import PledgeState
from tests.cast import make_member
from tests.fuzz import assault
from tests.page_forms import form_to
from tests.pages import listed, same_page, select, texts
from tests.pledges.conftest import STATES, item, pledged, registered, without_login
from tests.records.test_life_cycle import a_record

WRITE = "/pledges/mine/write"
# member1 of unit1 (under dept1), registered in community1 (under 城关镇).
READERS = {"member1", "liaison1", "clerk1", "clerk1b", "dept1", "chengguan", "county"}
OTHERS = {"member2", "liaison2", "clerk2", "dept2", "town2", "committee", "admin", "inspector", "grid1"}


def typed(**more) -> dict:
    """A filled form of one promise."""
    return {
        "promises-0-category": "order", "promises-0-what": "参加夜间巡逻", "promises-0-for_whom": "社区居民",
        "promises-0-times": "4", "promises-0-due_on": f"{clock.today().year}-10-31", "version": "0",
    } | {name.replace("_0_", "promises-0-"): value for name, value in more.items()}  # fmt: skip


def shown_pledge(cast, member, liaison: str = "liaison1", clerk: str = "clerk1", **more):
    """A shown pledge of a member without a login, committed."""
    registered(cast, member, liaison, clerk)
    row = workflow.write(member, cast.by(liaison), [item(**more)])
    workflow.submit(row, cast.by(liaison))
    row.state, row.approved_on, row.show_on = PledgeState.SHOWN, clock.today(), clock.today()
    db.session.commit()
    return row


# ---- The public page


def test_the_public_reads_surname_unit_and_promise_and_nothing_else(cast, client, pledge):
    pledge("shown")
    answer = client.get("/pledges")
    assert texts(answer, ".pledge h2") == ["欧阳某某"]
    assert texts(answer, ".pledge .card__meta") == ["凤翔中学党支部"]
    year = clock.today().year
    assert texts(answer, ".pledge .promises li") == [f"每月清扫一次楼道 环境保护 2 次，{year}年12月31日前"]
    for hidden in ("欧阳䶮", "13891701001", "1001", "东大街", "已完成", "2026-0001"):
        assert hidden not in answer.text


@pytest.mark.parametrize("person", ["member2", "liaison2", "clerk2", "county", "grid1"])
def test_who_is_signed_in_reads_full_names(cast, browse, pledge, person):
    pledge("shown")
    assert texts(browse(cast.users[person]).get("/pledges"), ".pledge h2") == ["欧阳䶮"]


@pytest.mark.parametrize("state", STATES)
def test_only_what_is_shown_stands_there(cast, client, pledge, state):
    pledge(state)
    assert len(select(client.get("/pledges"), ".pledge")) == (1 if state == "shown" else 0)


def test_last_years_pledges_are_over(cast, client, pledge, time_machine):
    time_machine.move_to("2026-12-20 02:00:00+00:00")
    pledge("shown")
    assert len(select(client.get("/pledges"), ".pledge")) == 1
    time_machine.move_to("2027-01-02 02:00:00+00:00")
    assert "今年的承诺还没有公示" in client.get("/pledges").text


def test_filters_by_community_and_category(cast, client):
    shown_pledge(cast, make_member(cast.unit1, cast.community1, "甲一", "13891701031"))
    other = make_member(cast.unit2, cast.community2, "乙二", "13891701032")
    shown_pledge(cast, other, "liaison2", "clerk2", category=Category.LEGAL)
    both = ["甲某某", "乙某某"]
    names = {
        "": both, f"?community={cast.community2.id}": ["乙某某"], "?category=environment": ["甲某某"],
        "?category=legal": ["乙某某"], f"?category=legal&community={cast.community1.id}": [],
        "?category=none": both, "?community=x": both, "?after=99999999999": both,
    }  # fmt: skip
    # By unit, then by name; 凤翔中学 before 县医院.
    assert {query: texts(client.get(f"/pledges{query}"), ".pledge h2") for query in names} == names


def test_pages_go_on_after_a_row_and_name_nobody_in_the_address(cast, client):
    for number in range(26):
        shown_pledge(
            cast, make_member(cast.unit1, cast.community1, f"{'甲乙丙丁'[number % 4]}人", f"138917020{number:02}")
        )
    first = client.get("/pledges")
    assert texts(first, ".count") == ["共 26 人"] and len(select(first, ".pledge")) == 24
    more = select(first, ".pager a")[0].get("href")
    assert more.rpartition("=")[2].isdigit()
    second = client.get(more)
    assert len(select(second, ".pledge")) == 2 and select(second, ".pager a") == []
    assert texts(first, ".pledge h2")[:2] == ["丙某某", "丙某某"]  # bing, ding, jia, yi


# ---- One pledge


@pytest.mark.parametrize("tail", ["", "/approve", "/nonsense"])
def test_own_foreign_and_missing_pledges(cast, browse, pledge, tail):
    row = pledge("submitted")
    for person in sorted(READERS | OTHERS):
        browser = browse(cast.users[person])
        answer, missing = browser.get(f"/pledges/{row.number}{tail}"), browser.get(f"/pledges/2098-9999{tail}")
        assert missing.status_code == 404
        if person in OTHERS or tail == "/nonsense":
            assert answer.status_code == 404 and same_page(answer, missing), person
        else:
            allowed = not tail or person == "liaison1"
            assert answer.status_code == (200 if allowed else 403), person


def test_a_draft_is_the_members_and_the_units_own(cast, browse, pledge):
    row = pledge("draft")
    seen = {p: browse(cast.users[p]).get(f"/pledges/{row.number}").status_code for p in sorted(READERS)}
    assert {person for person, status in seen.items() if status == 200} == {"member1", "liaison1"}


BUTTONS = {
    ("member1", "draft"): ["提交审定"], ("member1", "submitted"): ["撤回"], ("member1", "returned"): ["提交审定"],
    ("liaison1", "submitted"): ["审定", "退回修改"], ("liaison1", "approved"): ["退回修改", "撤销"],
    ("clerk1", "submitted"): [], ("clerk1", "approved"): ["退回修改"], ("clerk1", "shown"): ["退回修改"],
    ("dept1", "submitted"): [], ("county", "shown"): [], ("chengguan", "shown"): ["退回修改"],
    ("member1", "ended"): [], ("clerk1", "ended"): [],
}  # fmt: skip


@pytest.mark.parametrize(("person", "state"), list(BUTTONS))
def test_the_page_offers_what_may_be_done(cast, browse, pledge, person, state):
    row = pledge(state)
    answer = browse(cast.users[person]).get(f"/pledges/{row.number}")
    assert texts(answer, ".panel .buttons .button") == BUTTONS[person, state]


def test_how_far_it_is_kept_comes_from_the_confirmed_records(cast, browse, pledge):
    row, browser = pledge("shown"), browse(cast.users["member1"])
    record = a_record(cast)
    record.category, record.day = Category.ENVIRONMENT, dt.date(row.year, 1, 10)
    db.session.commit()
    assert "已完成 0 / 2 次" in " ".join(texts(browser.get("/pledges/mine"), ".promises li"))
    record.state = type(record.state).CONFIRMED
    db.session.commit()
    answer = browser.get("/pledges/mine")
    assert "已完成 1 / 2 次" in " ".join(texts(answer, ".promises li"))
    assert "兑现情况：1 项中已兑现 0 项" in answer.text


# ---- Writing one's own


def test_a_member_writes_and_submits_in_one_go(cast, browse):
    registered(cast)
    browser = browse(cast.users["member1"])
    assert "填写承诺" in texts(browser.get("/pledges/mine"), ".empty .button")
    answer = browser.post(WRITE, data=typed() | {"submit": "1"})
    assert (answer.status_code, answer.location) == (303, "/pledges/mine")
    row = queries.of_member(cast.member1_row.id, clock.today().year)
    assert row.state is PledgeState.SUBMITTED
    assert [(i.category, i.what, i.for_whom, i.times, i.half_hours) for i in row.items] == [
        (Category.ORDER, "参加夜间巡逻", "社区居民", 4, None)
    ]
    page = browser.get("/pledges/mine")
    assert "已提交，等单位党组织审定。" in page.text and texts(page, "h1 .tag") == ["待审定"]


def test_a_draft_is_kept_without_submitting_and_comes_back_filled(cast, browse):
    registered(cast)
    browser = browse(cast.users["member1"])
    assert browser.post(WRITE, data=typed(_0_times="", _0_half_hours="２．５")).status_code == 303
    row = queries.of_member(cast.member1_row.id, clock.today().year)
    assert (row.state, row.items[0].half_hours) == (PledgeState.DRAFT, 5)
    form = form_to(browser.get(WRITE).text, "")
    assert form.values["promises-0-what"] == "参加夜间巡逻" and form.values["promises-0-half_hours"] == "2.5"
    assert form.values["version"] == "1" and form.values["promises-1-what"] == ""


def test_this_years_form_is_filled_from_last_years_pledge(cast, browse, pledge, time_machine):
    time_machine.move_to("2026-03-01 02:00:00+00:00")
    pledge("shown")
    time_machine.move_to("2027-02-01 02:00:00+00:00")
    page = browse(cast.users["member1"]).get(WRITE)
    form = form_to(page.text, "")
    assert "2026年的承诺已经填好" in page.text
    assert (form.values["promises-0-what"], form.values["promises-0-times"]) == ("每月清扫一次楼道", "2")
    assert (form.values["promises-0-due_on"], form.values["version"]) == ("2027-12-31", "0")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"_0_what": ""}, "请写明做什么。"),
        ({"_0_category": ""}, "请选择类别。"),
        ({"_0_category": "nothing"}, "请从列出的选项中选择。"),
        ({"_0_due_on": ""}, "请填写完成期限。"),
        ({"_0_due_on": "2020-01-01"}, "完成期限应在"),
        ({"_0_times": "0"}, "请填写 1 到 99 之间的整数。"),
        ({"_0_half_hours": "2"}, "次数和小时只填一项。"),
        ({"_0_half_hours": "2.3"}, "请填写小时数，以半小时为单位"),
        ({"_0_half_hours": "201"}, "最多 200 小时"),
        ({"_0_what": "愿" * 61}, "最多 60 个字。"),
        ({"_0_what": "电话13891701234"}, "像是电话号码，请删去。"),
        (dict.fromkeys(("_0_what", "_0_category", "_0_for_whom", "_0_times"), ""), "请至少写一项承诺。"),
    ],
)
def test_what_the_form_refuses(cast, browse, more, sentence):
    registered(cast)
    answer = browse(cast.users["member1"]).post(WRITE, data=typed(**more))
    assert answer.status_code in (409, 422)
    assert sentence in " ".join(texts(answer, ".errors"))
    assert queries.of_member(cast.member1_row.id, clock.today().year) is None


def test_malice_and_accident_break_nothing(cast, browse):
    registered(cast)
    browser = browse(cast.users["member1"])
    form = form_to(browser.get(WRITE).text, "")
    first = [name for name in form.names if not name.startswith("promises-") or name.startswith("promises-0-")]
    form.names = [*first, "promises-4-half_hours", "promises-9-what", "promises-99999999999-what"]
    assault(browser, WRITE, form)


def test_what_somebody_else_saved_stands_beside_what_was_typed(cast, browse, pledge):
    pledge("draft")
    answer = browse(cast.users["member1"]).post(WRITE, data=typed(version="7"))
    assert answer.status_code == 409
    assert "每月清扫一次楼道" in " ".join(texts(answer, ".banner--error"))
    assert form_to(answer.text, "").values["promises-0-what"] == "参加夜间巡逻"
    again = form_to(answer.text, "").filled(submit="1")
    assert browse(cast.users["member1"]).post(WRITE, data=again).status_code == 303


def test_who_is_not_registered_is_told_what_comes_first(cast, browse):
    browser = browse(cast.users["member1"])
    assert "报到以后再承诺" in browser.get("/pledges/mine").text
    assert "报到以后才能承诺" in browser.post(WRITE, data=typed()).text


# ---- Standing in


def test_a_liaison_stands_in_for_who_has_no_login(cast, browse):
    member = without_login(cast)
    registered(cast)
    liaison = browse(cast.users["liaison1"])
    page = liaison.get("/pledges/missing")
    assert texts(page, "tbody th") == ["尔无账号", "欧阳䶮"]
    assert [link.get("href") for link in select(page, "tbody a")] == [f"/pledges/members/{member.id}/write"]
    answer = liaison.post(f"/pledges/members/{member.id}/write", data=typed() | {"submit": "1"})
    assert answer.status_code == 303
    page = liaison.get(answer.location)
    assert "代办" in " ".join(texts(page, ".history"))
    assert "审定" not in texts(page, ".panel .buttons .button")
    assert liaison.post(f"{answer.location}/approve").status_code == 403
    assert "审定" in texts(browse(cast.users["dept1"]).get(answer.location), ".panel .buttons .button")
    assert browse(cast.users["liaison2"]).get(f"/pledges/members/{member.id}/write").status_code == 404


def test_a_liaison_writes_nothing_for_who_has_a_login(cast, browse):
    registered(cast)
    answer = browse(cast.users["liaison1"]).post(f"/pledges/members/{cast.member1_row.id}/write", data=typed())
    assert answer.status_code == 403 and "承诺由本人填写" in answer.text


# ---- Lists and bulk


def test_a_unit_approves_many_at_once_and_is_told_row_by_row(cast, browse):
    pledged(cast, "submitted")
    registered(cast, cast.dual_row)
    own = workflow.write(cast.dual_row, cast.by("dual", Role.MEMBER), [item()])
    workflow.submit(own, cast.by("dual", Role.MEMBER))
    db.session.commit()
    cast.users["dual"].last_appointment_id = next(
        a.id for a in cast.users["dual"].appointments if a.role is Role.LIAISON
    )
    db.session.commit()
    dual = browse(cast.users["dual"])
    page = dual.get("/pledges/cases")
    assert texts(page, "tbody th") == ["欧阳䶮", "仇文博"]
    assert "审定全部 1 人" in page.text and len(select(page, "tbody input")) == 1
    ticked = [own.id, queries.of_member(cast.member1_row.id, own.year).id]
    result = dual.get(dual.post("/pledges/bulk", data={"row": ticked}).location)
    assert texts(result, "tbody td[data-label=说明]") == [
        "“审定”只能由所在单位联络员（本人的、自己代办的除外）或主管部门（限联络员本人的、联络员代办的）办理。", "—",
    ]  # fmt: skip
    liaison = browse(cast.users["liaison1"])
    assert "审定：1 人全部办成。" in liaison.get(liaison.post("/pledges/bulk", data={"all": "1"}).location).text
    assert own.state is PledgeState.APPROVED
    assert browse(cast.users["liaison2"]).post("/pledges/bulk", data={"row": own.id}).status_code == 303


def test_a_bulk_act_reaches_no_foreign_row(cast, browse, pledge):
    row = pledge("submitted")
    other = browse(cast.users["liaison2"])
    answer = other.post("/pledges/bulk", data={"row": [row.id, "x", "9" * 30]})
    assert "没有可以审定的人，什么也没有改变。" in other.get(answer.location).text
    assert browse(cast.users["liaison1"]).get(answer.location).status_code == 404
    db.session.expire_all()
    assert row.state is PledgeState.SUBMITTED


def test_the_list_is_by_name_and_narrowed_by_the_address(cast, browse, pledge):
    row = pledge("approved")
    registered(cast, cast.member2_row)
    second = workflow.write(cast.member2_row, cast.by("member2"), [item()])
    db.session.commit()
    liaison, clerk = browse(cast.users["liaison1"]), browse(cast.users["clerk1"])
    assert texts(liaison.get("/pledges/cases"), "tbody th") == ["买买提·吐尔逊", "欧阳䶮"]
    assert texts(clerk.get("/pledges/cases"), "tbody th") == ["欧阳䶮"]  # the other is a draft
    for query, names in {
        "state=approved": ["欧阳䶮"], "q=oy": ["欧阳䶮"], f"q={row.number}": ["欧阳䶮"], "state=shown": [],
        f"year={row.year - 1}": [], "q=maimaiti": ["买买提·吐尔逊"],
    }.items():  # fmt: skip
        assert texts(listed(liaison, f"/pledges/cases?{query}"), "tbody th") == names, query
    assert second.state is PledgeState.DRAFT


def test_the_communitys_sheet_has_full_names_of_what_is_shown(cast, browse, pledge):
    pledge("shown")
    for person, address in (
        ("clerk1", "/pledges/sheet"), ("chengguan", f"/pledges/sheet?community={cast.community1.id}"),
        ("county", f"/pledges/sheet?community={cast.community1.id}"),
    ):  # fmt: skip
        answer = browse(cast.users[person]).get(address)
        assert texts(answer, "tbody th") == ["欧阳䶮"], person
        assert "0 / 2 次" in " ".join(texts(answer, "tbody tr"))
    assert "儒林社区" in browse(cast.users["county"]).get("/pledges/sheet").text
    town2 = browse(cast.users["town2"])
    assert town2.get(f"/pledges/sheet?community={cast.community1.id}").status_code == 404
    # A clerk's own community, whatever the address says.
    assert texts(browse(cast.users["clerk2"]).get(f"/pledges/sheet?community={cast.community1.id}"), "tbody th") == []


def test_the_community_asks_for_a_change_through_the_page(cast, browse, pledge):
    row = pledge("approved")
    clerk = browse(cast.users["clerk1"])
    address = f"/pledges/{row.number}/send_back"
    assert clerk.get(address).status_code == 200
    assert clerk.post(address, data={"reason": ""}).status_code == 422
    assert clerk.post(address, data={"reason": "请写清服务的时间"}).status_code == 303
    page = browse(cast.users["member1"]).get("/pledges/mine")
    assert "请写清服务的时间" in " ".join(texts(page, ".banner--warning"))
    assert texts(page, ".panel a.button") == ["修改承诺"]
