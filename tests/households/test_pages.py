"""Pages of households: masked until a look, by role, from the slip of a grid worker to the hours of a visit."""

import datetime as dt

import pytest
from sqlalchemy import event, select

from portal.audit import AuditRow
from portal.extensions import db
from portal.households import supporting, workflow
from portal.households.kinds import CloseKind, HouseholdKind, Need
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit
from portal.labels import Category
from portal.people.models import Sex
from portal.records.models import ServiceRecord
from portal.registrations.models import CardIntention, InfoCard
from tests.households.conftest import ADDRESS, NAME, NOTE, PHONE, a_household, a_support, a_visit, facts
from tests.page_forms import form_to, forms_of
from tests.pages import listed, texts
from tests.pages import select as found_by

SECRETS = (NAME, PHONE, ADDRESS, NOTE, "1941", "独居无人照料", "在外务工")


@pytest.fixture(autouse=True)
def in_may(time_machine):
    time_machine.move_to("2026-05-16 02:00:00+00:00", tick=False)
    return time_machine


def typed(cast, **more) -> dict:
    """A file as a browser sends it."""
    people = {f"people-{at}-{name}": "" for at in range(8) for name in ("relation", "born", "does")}
    return people | {
        "kind": "elder", "name": NAME, "sex": "female", "born": "1941.3", "phone": "139 9123 4567", "address": ADDRESS,
        "grid_id": str(cast.grid1.id), "difficulties": ["alone"], "needs": ["company", "errands"], "ways": ["visits"],
        "need_words": "", "aim": "", "note": NOTE, "policy_words": "", "people-0-relation": "儿子",
        "people-0-born": "1970", "people-0-does": "在外务工",
    } | more  # fmt: skip


def with_keys(browser, address: str, data: dict) -> dict:
    """What is typed, with the keys of the page's own form."""
    form = next(f for f in forms_of(browser.get(address).text) if f.method == "post" and "name" in f.names)
    return {name: form.values[name] for name in ("csrf_token", "once", "version") if name in form.values} | data


def test_from_the_grid_worker_s_proposal_to_the_hours(county, browse):
    grid, clerk, member = (browse(county.users[name]) for name in ("grid1", "clerk1", "member1"))
    sent = grid.post("/households/new", data=with_keys(grid, "/households/new", typed(county)))
    assert sent.status_code == 303
    row = db.session.scalars(select(Household)).one()
    address = f"/households/{row.number}"
    assert (row.state, row.phone, row.born, row.size) == (HouseholdState.DRAFT, PHONE, "1941-03", 2)
    assert "联系对象待建档" in clerk.get("/desk").text
    form = form_to(clerk.get(f"{address}/activate").text, "/activate")
    clerk.post(f"{address}/activate", data=form.filled(consent_by="self"))
    assert "联系对象没有帮扶人" in clerk.get("/desk").text
    page = clerk.get(f"{address}/propose")
    assert texts(page, "tbody th")[0] in ("欧阳䶮", "仇文博", "买买提·吐尔逊", "史珍香")
    form = next(f for f in forms_of(page.text) if f.values.get("member_id") == str(county.member1_row.id))
    assert clerk.post(f"{address}/propose", data=form.values).status_code == 303
    assert "社区请您结对帮扶，待答复" in member.get("/desk").text
    mine = member.get("/households/mine")
    assert NAME not in mine.text and "陈某某" in mine.text
    form = form_to(mine.text, "/accept")
    assert member.post(form.action, data=form.values).status_code == 303
    form = form_to(member.get(f"{address}/record").text, "")
    sent = member.post(f"{address}/record", data=form.filled(
        day="2026-05-16", starts="19:00", half_hours="3", done="陪老人说话", solved="",
        people=str(county.member1_row.id)))  # fmt: skip
    assert sent.status_code == 303
    assert "走访待确认" in clerk.get("/desk").text and "走访待确认" in grid.get("/desk").text
    visit = db.session.scalars(select(Visit)).one()
    form = form_to(grid.get(f"/households/visits/{visit.id}").text, "/confirm")
    assert grid.post(form.action, data=form.values).status_code == 303
    assert db.session.scalars(select(ServiceRecord)).one().half_hours == 3
    assert "5月已走访" in "".join(texts(member.get("/households/mine"), ".month")).replace(" ", "")


@pytest.mark.parametrize("name", ["clerk1", "grid1", "county", "liaison1", "member1"])
def test_before_a_look_nothing_personal_is_on_the_page(county, browse, name):
    row = a_household(county)
    a_support(county, row)
    page = browse(county.users[name]).get(f"/households/{row.number}")
    assert page.status_code == 200
    assert not [secret for secret in SECRETS if secret in page.text]


def look(browser, row, **more):
    form = form_to(browser.get(f"/households/{row.number}").text, "/look") if more.pop("as_form", True) else None
    answer = browser.post(f"/households/{row.number}/look", data=form.filled(**more))
    return answer, browser.get(f"/households/{row.number}").text, browser.get(f"/households/{row.number}").text


def looks_of(row) -> list[AuditRow]:
    rows = select(AuditRow).where(AuditRow.act == "households.look", AuditRow.row_id == row.id)
    return list(db.session.scalars(rows.order_by(AuditRow.id)))


@pytest.mark.parametrize(
    ("name", "sees", "not_seen"),
    [
        ("grid1", SECRETS[:-1], ()),
        ("member1", (NAME, PHONE, ADDRESS, "独居无人照料"), (NOTE, "1941", "在外务工")),
    ],
)
def test_one_click_shows_it_once_and_stands_in_the_trail(county, browse, name, sees, not_seen):
    row = a_household(county)
    a_support(county, row)
    _, first, second = look(browse(county.users[name]), row)
    assert [secret for secret in sees if secret not in first] == []
    assert [secret for secret in not_seen if secret in first] == []
    assert [secret for secret in SECRETS if secret in second] == []
    (line,) = looks_of(row)
    assert line.reason == "办理本件" and "phone" in line.fields
    assert not [secret for secret in SECRETS if secret in f"{line.reason}{line.fields}"]


@pytest.mark.parametrize("name", ["county", "clerk1"])
def test_others_and_afterwards_a_look_needs_a_reason(county, browse, name):
    row = a_household(county, "closed")
    browser = browse(county.users[name])
    answer, page, _ = look(browser, row, reason="")
    assert answer.status_code == 422 and NAME not in page and looks_of(row) == []
    _, page, _ = look(browser, row, reason="核对档案")
    assert NAME in page and [line.reason for line in looks_of(row)] == ["核对档案"]


def test_liaison_and_those_who_are_asked_can_t_look(county, browse):
    row = a_household(county)
    a_support(county, row)
    a_support(county, row, "member2", "proposed")
    for name in ("liaison1", "member2"):
        browser = browse(county.users[name])
        page = browser.get(f"/households/{row.number}").text
        assert "查看档案" not in page and "登记走访" not in page
        keys = form_to(page, "/accept").values if name == "member2" else forms_of(page)[0].values
        assert browser.post(f"/households/{row.number}/look", data=keys).status_code == 403
    assert looks_of(row) == []


def test_the_liaison_reads_visits_of_the_own_unit_only(county, browse):
    row = a_household(county)
    a_support(county, row), a_support(county, row, "silent")
    a_visit(county, row, "confirmed")
    a_visit(county, row, by="clerk1", day=dt.date(2026, 5, 16), starts=dt.time(9))  # by 史珍香 of another unit
    both = [county.member1_row.id, county.silent_row.id]
    a_visit(county, row, people=both, day=dt.date(2026, 5, 16), starts=dt.time(15))
    page = browse(county.users["liaison1"]).get(f"/households/{row.number}")
    assert "欧阳䶮" in page.text and "史珍香" not in page.text and "陪老人说话" not in page.text
    listed = browse(county.users["liaison1"]).get("/households/unit")
    assert texts(listed, "tbody th") == ["欧阳䶮"]
    assert browse(county.users["liaison2"]).get("/households/unit").text.count("史珍香") == 1


def test_who_supports_no_longer_sees_it_no_longer(county, browse):
    row = a_household(county)
    a_support(county, row, state="ended")
    member = browse(county.users["member1"])
    assert member.get(f"/households/{row.number}").status_code == 404
    page = member.get("/households/mine")
    assert "以前的结对" in page.text and "陈某某" in page.text


def test_towns_read_counts_and_the_county_opens_lists(county, browse):
    row = a_household(county)
    a_household(county, "draft", name="李秀英")
    town = browse(county.users["chengguan"])
    counted = town.get("/households/counts")
    assert (
        texts(counted, "tbody tr")[0].split() == ["儒林社区", "0", "0", "0", "0", "1", "1"]
        or "儒林社区" in counted.text
    )
    assert f"/households/{row.number}" not in counted.text and "/households?" not in counted.text
    assert town.get("/households").status_code == 403
    county_office = browse(county.users["county"])
    link = found_by(county_office.get("/households/counts"), "tbody td a")[0].get("href")
    assert texts(county_office.get(link), "tbody th") == [row.number]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("kind=elder", ["2026-0003", "2026-0001"]),
        ("kind=student", ["2026-0002"]),
        ("need=tutoring", ["2026-0002"]),
        ("state=draft", ["2026-0003"]),
        ("without=y", ["2026-0002"]),
        ("q=陈", ["2026-0001"]),
        ("q=2026-0002", ["2026-0002"]),
        ("q=%00", ["2026-0003", "2026-0002", "2026-0001"]),
        ("month=last", []),
        ("month=odd&kind=odd&grid=9999999999", ["2026-0003", "2026-0002", "2026-0001"]),
    ],
)
def test_the_list_is_narrowed(county, browse, asked, numbers):
    a_support(county, a_household(county))
    a_household(county, name="李秀英", kind=HouseholdKind.STUDENT, needs=[Need.TUTORING])
    a_household(county, "draft", name="王翠花")
    page = listed(browse(county.users["clerk1"]), f"/households?{asked}")
    assert texts(page, "tbody th") == numbers


def open_change(browser, row):
    form = next(f for f in forms_of(browser.get(f"/households/{row.number}").text) if f.values.get("then") == "change")
    answer = browser.post(form.action, data=form.values)
    assert answer.location == f"/households/{row.number}/change"
    return browser.get(answer.location)


def test_a_file_is_changed_only_after_a_look(county, browse):
    row, clerk = a_household(county), browse(county.users["clerk1"])
    address = f"/households/{row.number}/change"
    turned_away = clerk.get(address)
    assert turned_away.status_code == 303 and NAME not in turned_away.text
    page = open_change(clerk, row)
    assert NAME in page.text and "在外务工" in page.text
    keys = {name: form_to(page.text, "").values[name] for name in ("csrf_token", "once", "version")}
    answer = clerk.post(address, data=keys | typed(county, phone="13991234568"))
    assert answer.status_code == 303
    db.session.expire_all()
    assert row.phone == "13991234568"
    assert "改动：电话、需求说明、帮扶措施和目标" in clerk.get(f"/households/{row.number}").text
    assert [line.reason for line in looks_of(row)] == ["办理本件"]


def test_of_two_who_change_one_file_the_second_reads_both(county, browse):
    row = a_household(county)
    one, other = browse(county.users["clerk1"]), browse(county.users["clerk1b"])
    keys = {}
    for browser in (one, other):
        values = form_to(open_change(browser, row).text, "").values
        keys[browser] = {name: values[name] for name in ("csrf_token", "once", "version")}
    address = f"/households/{row.number}/change"
    assert one.post(address, data=keys[one] | typed(county, phone="13991234568")).status_code == 303
    late = other.post(address, data=keys[other] | typed(county, phone="13991234569"))
    assert late.status_code == 409 and "13991234568" in late.text and "13991234569" in late.text
    assert len(looks_of(row)) == 3  # what the other one wrote was shown, which is a look as well


def test_what_is_wrong_is_said_and_what_was_typed_stays(county, browse):
    clerk = browse(county.users["clerk1"])
    data = with_keys(clerk, "/households/new", typed(county, kind="", born="上个月", difficulties=[], **{
        "people-1-relation": "", "people-1-born": "70"}))  # fmt: skip
    answer = clerk.post("/households/new", data=data)
    assert answer.status_code == 422 and ADDRESS in answer.text
    said = texts(answer, ".errors li")
    for words in ("请选择类别。", "请填写年月，如 1980-05。", "请至少选一项主要困难。", "请填写出生的年份，如 1980。"):
        assert words in said
    assert db.session.scalars(select(Household)).all() == []


def test_fields_of_the_table_that_the_form_has_not_are_not_set(county, browse):
    clerk = browse(county.users["clerk1"])
    data = with_keys(clerk, "/households/new", typed(county, state="active", number="2099-0001", consent_by="self",
                                                     community_id=str(county.community2.id)))  # fmt: skip
    clerk.post("/households/new", data=data)
    row = db.session.scalars(select(Household)).one()
    assert (row.state, row.number, row.community_id, row.consent_by) == (
        HouseholdState.DRAFT, "2026-0001", county.community1.id, None,
    )  # fmt: skip


def test_a_clerk_asks_only_those_whom_the_page_offers(county, browse):
    row, clerk = a_household(county), browse(county.users["clerk1"])
    form = forms_of(clerk.get(f"/households/{row.number}/propose").text)[-1]
    for key in (county.member3_row.id, 999999, "1x"):
        answer = clerk.post(f"/households/{row.number}/propose", data=form.filled(member_id=str(key)))
        assert answer.status_code == 409
    assert db.session.scalars(select(Support)).all() == []


def test_whom_more_speaks_for_stands_first_with_the_reasons(county, browse):
    card = InfoCard(member=county.member2_row, filled_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC), filled_by="本人",
                    checked_year=2026, intentions=[CardIntention(category=Category.POVERTY)])  # fmt: skip
    county.member2_row.grid_id = county.grid1.id
    db.session.add(card)
    db.session.commit()
    row = a_household(county)
    page = browse(county.users["clerk1"]).get(f"/households/{row.number}/propose")
    first = texts(page, "tbody tr")[0]
    assert "买买提·吐尔逊" in first and "服务意向一致（扶贫帮困）" in first and "同一网格" in first
    assert "没有账号" in next(line for line in texts(page, "tbody tr") if "史珍香" in line)
    narrowed = listed(browse(county.users["clerk1"]), f"/households/{row.number}/propose?q=oyy")
    assert texts(narrowed, "tbody th") == ["欧阳䶮"]


def test_who_leaves_or_declines_comes_to_their_own_page(county, browse):
    row = a_household(county)
    support = a_support(county, row)
    member = browse(county.users["member1"])
    address = f"/households/{row.number}/supports/{support.id}/end"
    form = form_to(member.get(address).text, "/end")
    answer = member.post(address, data=form.filled(reason="借调外地"))
    assert (answer.status_code, answer.location) == (303, "/households/mine")
    assert support.state is SupportState.ENDED
    assert "联系对象没有帮扶人" in browse(county.users["clerk1"]).get("/desk").text


def test_a_support_of_another_household_is_not_found_under_this_one(county, browse):
    one, other = a_household(county), a_household(county, name="李秀英")
    support = a_support(county, other)
    clerk = browse(county.users["clerk1"])
    assert clerk.get(f"/households/{one.number}/supports/{support.id}/end").status_code == 404


def test_death_takes_every_reminder_from_every_desk_at_once(county, browse, in_may):
    row = a_household(county)
    a_support(county, row)
    in_may.move_to("2026-07-21 02:00:00+00:00", tick=False)
    member, clerk = browse(county.users["member1"]), browse(county.users["clerk1"])
    assert "本月还没有走访结对的家庭" in member.get("/desk").text
    assert "6月没有走访的联系对象" in clerk.get("/desk").text
    assert texts(clerk.get("/households?month=last"), "tbody th") == [row.number]
    workflow.close(row, county.by("clerk1"), kind=CloseKind.DIED, reason="七月二十日去世")
    db.session.commit()
    for browser in (member, clerk):
        assert "走访" not in "".join(texts(browser.get("/desk"), ".todo"))


def test_the_pages_ask_no_more_with_more_rows(county, browse):
    def selects(browser, address) -> int:
        asked = []
        listen = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            assert browser.get(address).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)
        return len(asked)

    pages = (("clerk1", "/households"), ("clerk1", "/households/visits"), ("member1", "/households/mine"),
             ("liaison1", "/households/unit"), ("county", "/households/counts"))  # fmt: skip
    browsers = {name: browse(county.users[name]) for name, _ in pages}

    def filed(name):
        row = a_household(county, name=name, sex=Sex.FEMALE)
        a_support(county, row), a_support(county, row, "member2")
        a_visit(county, row)

    filed("李秀英")
    few = [selects(browsers[name], address) for name, address in pages]
    for name in ("王翠花", "张桂兰", "赵玉梅", "孙秀珍"):
        filed(name)
    assert [selects(browsers[name], address) for name, address in pages] == few


def test_a_lead_is_passed_on_by_one_click(county, browse):
    row = a_household(county)
    a_support(county, row)
    second = a_support(county, row, "member2")
    member = browse(county.users["member1"])
    form = form_to(member.get(f"/households/{row.number}").text, f"/supports/{second.id}/lead")
    assert member.post(form.action, data=form.values).status_code == 303
    db.session.expire_all()
    assert second.leads


def test_replacing_offers_whom_it_fits(county, browse):
    row = a_household(county)
    support = a_support(county, row)
    clerk = browse(county.users["clerk1"])
    address = f"/households/{row.number}/supports/{support.id}/replace"
    form = form_to(clerk.get(address).text, "/replace")
    assert str(county.member1_row.id) not in form.choices["member_id"]
    answer = clerk.post(address, data=form.filled(member_id=str(county.silent_row.id), reason="借调外地"))
    assert answer.status_code == 303
    assert [each.member.name for each in row.active_supports] == ["史珍香"]
    assert supporting.flow.moves["replace"].label in clerk.get(f"/households/{row.number}").text
    assert facts(county)["name"] not in clerk.get(f"/households/{row.number}").text


def test_the_handover_sheet_names_numbers_only(county, browse):
    a_household(county, "draft", name="李秀英")
    row = a_household(county)
    sheet = browse(county.users["clerk1"]).get(f"/handover/communities/{county.community1.id}")
    assert "联系对象待建档" in sheet.text and row.number in sheet.text
    assert not any(name in sheet.text for name in (NAME, "李秀英", "陈某某", "李某某"))
