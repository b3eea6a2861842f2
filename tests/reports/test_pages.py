"""Pages of the handing in: the body's, the communities', the county's."""

import datetime as dt
import re

import pytest

from portal import history
from portal.extensions import db
from portal.people.models import Member
from portal.records import workflow as records
from portal.reports import confirming, frozen, queries
from portal.reports.models import ReportKind, ReportState, RowWords
from portal.teams import workflow as teams
from portal.teams.models import JoinedBy, TeamMember
from tests.cast import make_member
from tests.households.conftest import a_household, a_support
from tests.page_forms import form_to
from tests.pages import select, texts
from tests.registrations.conftest import walk
from tests.reports.making import a_part, a_report, act, confirm_all, opened, worker
from tests.undo.making import a_record

IN_NOVEMBER = "2026-11-10 02:00:00+00:00"


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to(IN_NOVEMBER)
    return time_machine


def test_from_the_desk_to_the_county_and_back(cast, browse):
    walk(cast, "filed")
    opened(cast)
    dept, county = browse(cast.users["dept1"]), browse(cast.users["county"])
    line = next(each for each in texts(dept.get("/desk"), ".todo__words") if "待上报" in each)
    assert "年度总结及汇总表待上报" in line and "还有 14 个工作日，最迟 11月30日" in line
    row = queries.of_body(cast.dept1.id, 2026, ReportKind.OWN)
    page = dept.get(f"/reports/{row.number}")
    assert "还有 14 个工作日" in page.text
    form = form_to(dept.get(f"/reports/{row.number}/submit").text, "/submit")
    answer = dept.post(f"/reports/{row.number}/submit", data=form.filled(**dict.fromkeys(form.choices, "y")))
    assert (answer.status_code, answer.location) == (303, f"/reports/{row.number}/submission")
    assert "正在清点" in dept.get(answer.location).text
    worker()
    assert "第 1 次上报时的数据" in dept.get(f"/reports/{row.number}").text
    assert any("年度上报待接收" in words for words in texts(county.get("/desk"), ".todo__words"))
    address = f"/reports/{row.number}/send_back"
    form = form_to(county.get(address).text, address)
    assert county.post(address, data=form.filled(reason="请补上附属学校")).status_code == 303
    assert "请补上附属学校" in dept.get(f"/reports/{row.number}").text
    assert any("上报被退回" in words for words in texts(dept.get("/desk"), ".todo__words"))


def test_the_list_of_the_county_names_who_has_not(cast, browse, november):
    a_report(cast, "submitted")
    county = browse(cast.users["county"])
    page = county.get("/reports?year=2026")
    assert texts(page, ".figure") == ["3份应交", "2份待上报", "1份已上报", "0份已接收", "0份已退回", "0份超期没有交"]
    november.move_to("2026-12-01 02:00:00+00:00")
    assert texts(browse(cast.users["county"]).get("/reports?year=2026&late=1"), "tbody th") == [
        "城关镇党委", "县卫生健康局党委",
    ]  # fmt: skip
    county = browse(cast.users["county"])
    answer = county.post("/reports/urge", data={"year": "2026"})
    assert answer.status_code == 303
    assert "已催报 2 个单位。" in county.get(answer.location).text
    assert "没有需要催报的单位，或今天已经催过。" in county.get(
        county.post("/reports/urge", data={"year": "2026"}).location
    ).text  # fmt: skip


def test_a_year_that_never_was_is_no_fault(cast, browse):
    a_report(cast)
    county = browse(cast.users["county"])
    assert texts(county.get("/reports?year=99999"), "h1") == texts(county.get("/reports"), "h1")
    assert county.get("/reports/whole?year=99999").status_code == 404


def test_words_are_handed_in_with_the_row(cast, browse):
    row = a_report(cast)
    dept = browse(cast.users["dept1"])
    address = f"/reports/{row.number}/words/6"
    form = form_to(dept.get(address).text, "")
    sent = form.filled(**{f"row_{cast.unit1.id}": "含附属学校两所", f"row_{cast.unit3.id}": ""})
    assert dept.post(address, data=sent).status_code == 303
    assert db.session.scalars(db.select(RowWords.words)).all() == ["含附属学校两所"]
    line = history.last(row)
    assert line is not None and line.label == "填写备注"
    form = form_to(dept.get(address).text, "")
    assert form.values[f"row_{cast.unit1.id}"] == "含附属学校两所"
    long = form.filled(**{f"row_{cast.unit1.id}": "长" * 201})
    answer = dept.post(address, data=long)
    assert answer.status_code == 422 and "最多 200 个字。" in answer.text
    assert browse(cast.users["dept2"]).get(address).status_code == 404


def test_a_community_confirms_what_it_saw(cast, browse):
    walk(cast, "filed")
    part = a_part(cast)
    clerk = browse(cast.users["clerk1"])
    assert any("本社区上报数据待核对" in words for words in texts(clerk.get("/desk"), ".todo__words"))
    address = f"/reports/parts/{part.id}"
    form = form_to(clerk.get(address).text, f"{address}/confirm")
    stale = clerk.post(f"{address}/confirm", data=form.filled(seen="0" * 16))
    assert stale.status_code == 409 and "数字刚才又有变动" in stale.text
    answer = clerk.post(f"{address}/confirm", data=form.filled())
    assert (answer.status_code, answer.location) == (303, address)
    assert "至今没有变动" in clerk.get(address).text
    assert not any("本社区上报数据待核对" in words for words in texts(clerk.get("/desk"), ".todo__words"))


def test_a_change_after_it_is_shown_old_and_new_and_confirmed_again(cast, browse):
    walk(cast, "filed")
    part = a_part(cast, "confirmed")
    record = a_record(cast)
    from portal.records import workflow as records

    records.confirm(record, cast.by("clerk1b"))
    db.session.commit()
    clerk, town = browse(cast.users["clerk1"]), browse(cast.users["chengguan"])
    page = clerk.get(f"/reports/parts/{part.id}")
    assert "确认后有变动" in page.text
    changed = [line for line in texts(page, "tbody tr") if "变了" in line]
    assert [re.sub(r"，.*）", "", line) for line in changed] == ["服务（人次）0 1 变了", "服务（小时）0 1.5 变了"]
    confirming.confirm(part_of(cast, 2), cast.by("clerk2"), figures="{}")
    db.session.commit()
    address = f"/reports/{part.report.number}/submit"
    asks = town.get(address)
    assert "社区核对以后又有变动" in asks.text and "儒林社区：服务（人次） 0 → 1" in asks.text
    form = form_to(asks.text, "/submit")
    refused = town.post(address, data=form.filled())
    assert refused.status_code == 422 and "请先看过变动，再打勾。" in refused.text
    form = form_to(clerk.get(f"/reports/parts/{part.id}").text, "/confirm")
    assert clerk.post(f"/reports/parts/{part.id}/confirm", data=form.filled()).status_code == 303
    assert "至今没有变动" in clerk.get(f"/reports/parts/{part.id}").text


def part_of(cast, community: int):
    report = queries.of_body(cast.chengguan.id, 2026, ReportKind.LEAD)
    key = getattr(cast, f"community{community}").id
    return next(part for part in queries.parts_of(report) if part.community_id == key)


def test_the_town_sees_who_has_not_confirmed_and_urges(cast, browse):
    part = a_part(cast)
    town = browse(cast.users["chengguan"])
    page = town.get(f"/reports/{part.report.number}")
    assert texts(page, "#parts tbody th") == ["儒林社区", "凤鸣社区"]
    assert "儒林社区、凤鸣社区还没有确认" in page.text
    assert town.get(f"/reports/{part.report.number}/submit").status_code == 200
    answer = town.post(f"/reports/{part.report.number}/urge-parts")
    assert "已催 2 个社区核对。" in town.get(answer.location).text
    assert texts(town.get(answer.location), "#parts td.act .muted") == ["今天已催", "今天已催"]


def test_the_county_begins_earlier(cast, browse, november):
    november.move_to("2026-09-10 02:00:00+00:00")
    county = browse(cast.users["county"])
    assert "10月31日起自动开始" in county.get("/reports").text
    answer = county.post("/reports/open")
    assert "2026年度上报已经开始，3 份待上报。" in county.get(answer.location).text


def test_what_was_handed_in_stands_beside_what_is_counted_now(cast, browse):
    walk(cast, "filed")
    a_report(cast, "submitted")
    county = browse(cast.users["county"])
    page = county.get("/reports/whole?year=2026")
    assert "上报的与现在算出的一致。" in page.text
    from portal.records import workflow as records

    records.confirm(a_record(cast), cast.by("clerk1b"))
    db.session.commit()
    lines = [re.sub(r"\s+", " ", line) for line in texts(county.get("/reports/whole?year=2026"), "tbody tr")]
    assert "县教育体育局党委服务（人次） 0 → 1；服务（小时） 0 → 1.5" in lines


def shared_team(cast) -> None:
    """A team with a member of each department, founded by the clerk and joined by both."""
    make_member(cast.unit2, cast.community1, "史珍香", "13891701009")
    walk(cast, "filed")
    team = teams.found(cast.community1, cast.by("clerk1"), name="水电维修服务队")
    newcomer = db.session.scalars(db.select(Member).where(Member.name == "史珍香")).one()
    for member in (cast.member1_row, newcomer):
        team.memberships.append(TeamMember(member=member, how=JoinedBy.CHOSEN, since=dt.date(2026, 11, 1)))
    db.session.commit()


def test_what_bodies_share_the_county_counts_once_and_every_number_opens_its_list(cast, browse):
    """The total of a distinct column is the union of the lists that were handed in; what was handed in stays."""
    shared_team(cast)
    record = a_record(cast)
    records.confirm(record, cast.by("clerk1b"))
    db.session.commit()
    for body in ("dept1", "dept2"):
        a_report(cast, "submitted", body)
    db.session.execute(db.delete(TeamMember))  # nothing that was handed in is told from what is there now
    db.session.commit()
    county = browse(cast.users["county"])
    page = county.get("/reports/whole?year=2026")
    assert [link.get("href") for link in select(page, "p a") if "shared=1" in link.get("href")] == [
        "/reports/whole/behind?year=2026&kind=own&table=6&column=teams&shared=1"
    ]
    assert "服务队各行相加多 1。" in "".join(texts(page, "main p"))
    found = [(re.match(r"[\d.]+", link.text)[0], link.get("href")) for link in select(page, ".table--dense td a")]
    links = [each for each in found if not each[1].startswith("/reports/tables/")]  # those are of what is counted now
    numbers = dict.fromkeys(("teams", "reported", "hours"))
    for number, address in links:
        behind = county.get(address)
        counted = sum(float(words) for words in texts(behind, "tbody td.num"))
        assert counted == float(number), address
        key = re.search(r"column=(\w+)", address)[1]
        if "whole" in address and key in numbers:
            numbers[key] = number
    assert numbers == {"teams": "1", "reported": "1", "hours": "1.5"}
    shared = county.get("/reports/whole/behind?year=2026&kind=own&table=6&column=teams&shared=1")
    assert texts(shared, "tbody td")[0] == "儒林社区；共有：县教育体育局党委、县卫生健康局党委"
    assert county.get("/reports/whole/behind?year=2026&column=none").status_code == 404


def test_a_frozen_list_links_only_what_its_reader_may_open(cast, browse):
    """A department reads that a household is supported, and opens no page of it."""
    walk(cast, "filed")
    a_support(cast, a_household(cast))
    records.confirm(a_record(cast), cast.by("clerk1b"))
    db.session.commit()
    row = a_report(cast, "submitted")
    dept = browse(cast.users["dept1"])

    def links(column: str) -> list:
        page = dept.get(f"/reports/{row.number}/tables/6/behind?edition=1&column={column}&row={cast.unit1.id}")
        assert len(texts(page, "tbody th")) == 1
        return [link.get("href") for link in select(page, "tbody th a")]

    assert links("households") == []
    for column in ("services", "reported"):
        (address,) = links(column)
        assert dept.get(address).status_code == 200


def test_two_who_write_words_at_once_see_both_texts(cast, browse):
    row = a_report(cast)
    dept, key = browse(cast.users["dept1"]), f"row_{cast.unit1.id}"
    address = f"/reports/{row.number}/words/6"
    first, second = (form_to(dept.get(address).text, "") for _ in range(2))
    assert dept.post(address, data=first.filled(**{key: "含附属学校两所"})).status_code == 303
    same = dept.post(address, data=second.filled(**{key: "含附属学校两所"}, once="one"))
    assert same.status_code == 303
    answer = dept.post(address, data=second.filled(**{key: "附属学校另报"}, once="two"))
    assert answer.status_code == 409 and texts(answer, "tbody td") == ["附属学校另报", "含附属学校两所"]
    assert db.session.scalars(db.select(RowWords.words)).all() == ["含附属学校两所"]
    knowingly = form_to(answer.text, "")
    assert dept.post(address, data=knowingly.filled()).status_code == 303
    assert db.session.scalars(db.select(RowWords.words)).all() == ["附属学校另报"]


def test_a_year_beside_the_last_one(cast, browse, november):
    november.move_to("2025-11-10 02:00:00+00:00")
    a_report(cast, "accepted")
    november.move_to(IN_NOVEMBER)
    row = a_report(cast)
    dept = browse(cast.users["dept1"])
    page = dept.get(f"/reports/{row.number}/compare/6")
    assert "2025年上报数" in page.text
    assert texts(page, "tbody tr")[0] == "应报到33持平"
    other = a_report(cast, body="dept2")
    page = browse(cast.users["dept2"]).get(f"/reports/{other.number}/compare/6?row={cast.unit2.id}")
    assert "2025年（未上报，按现有记录统计）" in page.text
    assert frozen.is_whole(queries.last_years(row).standing)


def test_an_older_edition_stays_readable(cast, browse):
    row = a_report(cast, "returned")
    act(cast, row, "submit", "dept1")
    dept = browse(cast.users["dept1"])
    assert "这是第 1 次上报时的数据" in dept.get(f"/reports/{row.number}?edition=1").text
    assert texts(dept.get(f"/reports/{row.number}"), "tbody th a")[-2:] == ["第 2 次", "第 1 次"]
    assert dept.get(f"/reports/{row.number}/tables/6/behind?edition=9&column=should").status_code == 404
    assert row.state is ReportState.SUBMITTED and row.due_on == dt.date(2026, 11, 30)


def test_the_committee_reads_what_departments_handed_in(cast, browse):
    row = a_report(cast, "submitted")
    committee = browse(cast.users["committee"])
    assert texts(committee.get("/reports?year=2026"), "tbody th") == ["县教育体育局党委", "县卫生健康局党委"]
    page = committee.get(f"/reports/{row.number}")
    assert page.status_code == 200 and not texts(page, "main form.move")
    behind = f"/reports/{row.number}/tables/6/behind?edition=1&column=should&row="
    answers = [committee.get(behind + str(key)).status_code for key in (cast.unit1.id, cast.unit3.id, -1)]
    assert answers == [404, 200, 404]
    lead = a_report(cast, body="chengguan", kind=ReportKind.LEAD)
    confirm_all(cast, lead)
    assert committee.get(f"/reports/{lead.number}").status_code == 404
