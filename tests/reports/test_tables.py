"""Pages, spreadsheets and papers of tables 6 and 7: who sees what, and that everything shown is the same number."""

import datetime as dt
import io
import re
import shutil

import openpyxl
import pdfplumber
import pytest
import sqlalchemy as sa

from portal import clock
from portal.actors import Role
from portal.audit import AuditRow
from portal.extensions import db
from portal.papers import drawing, long_registers, yearly_tables
from portal.papers.catalogue import PAPERS
from portal.papers.models import JobState, PrintJob
from portal.people.models import Unit
from portal.records import workflow as records
from portal.registrations import queries
from portal.registrations import workflow as registering
from portal.registrations.models import EndKind, TransferRequest, TransferState
from portal.reports import reconciling, registers, tables
from portal.reports.counting import WHOLE
from portal.reports.models import ReportKind
from portal.reports.scopes import By, Scope
from portal.reports.tables import Table
from tests.cast import make_member
from tests.pages import select, texts
from tests.papers.making import accepted, certificate
from tests.registrations.conftest import walk
from tests.reports.making import a_report
from tests.suggestions.conftest import a_suggestion
from tests.undo.making import a_record


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to("2026-11-10 02:00:00+00:00")
    return time_machine


@pytest.fixture
def year(cast):
    """member1 is registered, served twice at home and once elsewhere, and made a suggestion; one service waits."""
    a_suggestion(cast)
    cast.appoint("clerk2b", "李桂英", Role.CLERK, community=cast.community2)
    db.session.commit()
    for day, place in ((3, cast.community1), (4, cast.community1), (5, cast.community2)):
        home = place is cast.community1
        row = a_record(cast, day=dt.date(2026, 11, day), place=place, by="clerk1" if home else "clerk2")
        records.confirm(row, cast.by("clerk1b" if home else "clerk2b"))
    a_record(cast, day=dt.date(2026, 11, 6))
    db.session.commit()
    return cast


def cells(page, row: str) -> dict[str, str]:
    """The cells of a line of the table by their headings, as the page shows them."""
    (line,) = [line for line in select(page, "tbody tr, tfoot tr") if texts_of(line)[0] == row]
    return dict(zip(headings(page), texts_of(line)[1:], strict=True))


def texts_of(line) -> list[str]:
    return [re.sub(r"，.*", "", "".join(cell.itertext()).strip()) for cell in line if cell.tag[-2:] in ("td", "th")]


def headings(page) -> list[str]:
    """The headings of all columns, those under a common one with it."""
    upper, lower = (list(line) for line in select(page, "thead tr"))
    words = ["".join(head.itertext()) for head in lower]
    found: list[str] = []
    for head in upper[1:]:
        label = "".join(head.itertext())
        span = int(head.get("colspan", 1))
        found += [label] if head.get("rowspan") else [f"{label}{words.pop(0)}" for _ in range(span)]
    return found


@pytest.mark.parametrize(
    ("person", "groupings", "rows"),
    [
        ("county", ["supervisors", "units", "communities", "county"],
         ["城关镇党委", "柳林镇党委", "县教育体育局党委", "县卫生健康局党委"]),
        ("committee", ["units", "supervisors"], ["县教育体育局机关党支部"]),
        ("dept1", None, ["凤翔中学党支部", "县教育体育局机关党支部"]),
        ("chengguan", ["units", "communities"], []),
        ("town2", None, []),
        ("liaison1", None, ["凤翔中学党支部"]),
        ("clerk1", None, ["儒林社区"]),
    ],
)  # fmt: skip
def test_who_sees_which_table(year, browse, person, groupings, rows):
    browser = browse(year.users[person])
    for table in ("6", "7"):
        page = browser.get(f"/reports/tables/{table}")
        assert [option.get("value") for option in select(page, "#by option")] == (groupings or [])
        assert texts(page, ".table--dense tbody th") == rows  # below stand the registers
        assert texts(page, "h1") == [tables.TITLES[int(table)]]


def test_every_number_of_a_page_opens_a_list_as_long(year, browse):
    for person in ("county", "clerk1", "clerk2", "liaison1", "dept1", "committee"):
        browser, seen = browse(year.users[person]), 0
        for address in ("/reports/tables/6", "/reports/tables/7", "/reports/tables/6?by=communities&beside=y"):
            for link in select(browser.get(address), ".table--dense a"):
                number, _, name = "".join(link.itertext()).partition("，")
                page = browser.get(link.get("href"))
                count = texts(page, ".count")[0]
                told = re.fullmatch(r"共 (\d+) 条(?:，合计 ([\d.]+) 小时)?", count)
                assert told and number == (told[2] or told[1]), (person, name, count)
                lines = texts(page, "tbody th")
                assert len(lines) == int(told[1])
                seen += 1
        assert seen > 3 or person == "committee"


def test_the_numbers(year, browse):
    page = browse(year.users["county"]).get("/reports/tables?by=communities")
    home = cells(page, "儒林社区")
    assert {key: home[key] for key in ("应报到", "已报到", "报到率", "服务人次", "服务小时", "合理建议条数")} == {
        "应报到": "3", "已报到": "1", "报到率": "33.3%", "服务人次": "3", "服务小时": "4.5", "合理建议条数": "1",
    }  # fmt: skip
    assert (home["其中在外社区人次"], home["另有外社区党员来人次"]) == ("1", "0")
    away = cells(page, "凤鸣社区")
    assert (away["服务人次"], away["另有外社区党员来人次"], away["另有外社区党员来小时"]) == ("0", "1", "1.5")
    units = cells(browse(year.users["county"]).get("/reports/tables/6?by=units"), "凤翔中学党支部")
    assert (units["服务人次"], units["服务小时"], units["微心愿（个）征集"]) == ("3", "4.5", "—")
    assert not any("外社区" in key for key in units)


def test_a_day_and_a_year_narrow_the_table(year, browse):
    browser = browse(year.users["clerk1"])
    assert cells(browser.get("/reports/tables/6?day=2026-11-03"), "儒林社区")["服务人次"] == "1"
    page = browser.get("/reports/tables/6?year=2025")
    assert cells(page, "儒林社区")["服务人次"] == "0" and "截至2025年12月31日" in page.text
    beside = browser.get("/reports/tables/6?beside=y")
    assert texts(beside, "tbody .then")[:2] == ["3", "0"]
    for nonsense in ("?day=2031-01-01", "?year=1999", "?year=x", "?by=county", "?day=昨天"):
        assert cells(browser.get(f"/reports/tables/6{nonsense}"), "儒林社区")["服务人次"] == "3"


def test_numbers_that_are_none(year, browse):
    browser = browse(year.users["dept1"])
    for query in ("", "column=away&row=-1", "column=rate&row=-1", "column=services&row=x", "column=wishes&row=-1",
                  "column=nothing&row=1", "column=services&row=99999999999"):  # fmt: skip
        assert browser.get(f"/reports/tables/6/behind?{query}").status_code == 404, query
    foreign = browser.get(f"/reports/tables/6/behind?column=services&row={year.unit2.id}")
    assert "共 0 条" in foreign.text and year.unit2.name not in foreign.text
    assert browser.get("/reports/tables/8").status_code == 404


def test_who_reads_a_list_opens_only_what_is_open_to_them(year, browse):
    """A clerk sees who came from elsewhere by the record; the committee the names of 机关 only."""
    clerk = browse(year.users["clerk2"])
    page = clerk.get(f"/reports/tables/6/behind?by=communities&column=guests&row={year.community2.id}")
    (link,) = select(page, "tbody th a")
    assert clerk.get(link.get("href")).status_code == 200
    committee = browse(year.users["committee"]).get("/reports/tables/7/behind?column=should&row=-1")
    assert "欧阳" not in committee.text and "共 0 条" in committee.text


def book_of(answer) -> openpyxl.Workbook:
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def test_the_sheet_says_what_the_page_says(year, browse):
    year.unit3.name = '=HYPERLINK("x")'
    db.session.commit()
    browser = browse(year.users["county"])
    sheet = book_of(browser.post("/reports/tables/6/export?by=units")).active
    counted = tables.six(By.UNITS, Scope(), 2026, clock.today())
    lines = list(sheet.iter_rows(min_row=5, values_only=True))
    assert [line[1] for line in lines] == [*(row.name for row in counted.rows), "合计"]
    for line, row in zip(lines, (*counted.rows, counted.total), strict=True):
        assert list(line[2:]) == [row.cells[column.key] for column in counted.columns]
    assert all(cell.data_type in ("s", "n") for line in sheet.iter_rows() for cell in line)
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$1:$4" and sheet.freeze_panes == "C5"
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert sheet["H3"].value == "服务" and "H3:I3" in merged and sheet["H4"].value == "人次"
    assert sheet["A1"].value == "2026年在职党员进社区服务群众情况汇总表"
    rate = next(cell for cell in sheet[5] if isinstance(cell.value, float))
    assert rate.number_format == "0.0%"


def test_the_list_behind_as_a_sheet(year, browse):
    browser = browse(year.users["liaison1"])
    sheet = book_of(browser.post(f"/reports/tables/6/behind/export?column=hours&row={year.unit1.id}")).active
    lines = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [line[3] for line in lines] == [1.5, 1.5, 1.5]
    assert lines[0][1] == "2026年11月3日 欧阳䶮"


def test_a_table_goes_through_plain_values_unchanged(year):
    for by in By:
        counted = tables.six(by, Scope(), 2026, clock.today())
        assert Table.of(counted.plain()) == counted


def test_a_member_who_changes_unit_leaves_the_services_where_they_were(year):
    member = year.member1_row
    moved = TransferRequest(
        member=member, from_unit=year.unit1, to_unit=year.unit3, state=TransferState.RELEASED,
        asked_on=dt.date(2026, 11, 6), asked_by="联络员", decided_on=dt.date(2026, 11, 7), decided_by="联络员",
    )  # fmt: skip
    member.unit = year.unit3
    db.session.add(moved)
    db.session.commit()

    def told(day: int, key: str) -> dict[int, object]:
        rows = tables.six(By.UNITS, Scope(), 2026, dt.date(2026, 11, day)).rows
        return {row.key: row.cells[key] for row in rows if row.cells[key]}

    one, three = year.unit1.id, year.unit3.id
    assert told(10, "services") == {one: 3} and told(10, "suggestions") == {one: 1}
    assert told(10, "reported") == {three: 1}
    assert told(6, "reported") == {} or told(6, "reported") == {one: 1}
    assert told(6, "services") == {one: 3}


def test_a_unit_that_goes_over_to_another_body_keeps_its_line_where_it_served(year):
    year.unit1.supervisor = year.dept2
    db.session.commit()
    old = tables.six(By.UNITS, Scope(supervisor_id=year.dept1.id), 2026, clock.today())
    new = tables.six(By.UNITS, Scope(supervisor_id=year.dept2.id), 2026, clock.today())
    served = {row.name: row.cells["services"] for row in old.rows}
    assert served == {"凤翔中学党支部": 3, "县教育体育局机关党支部": 0} and old.total.cells["services"] == 3
    assert {row.name: row.cells["services"] for row in new.rows} == {"凤翔中学党支部": 0, "县医院党总支": 0}
    assert new.total.cells["should"] > old.total.cells["should"] == 0


def test_who_retired_still_counts_on_a_day_before(year, november):
    november.move_to("2026-12-10 02:00:00+00:00")
    row = queries.current_of(year.member1_row.id)
    registering.flow.moves["end"](row, year.by("liaison1"), kind=EndKind.RETIRED, reason="退休")
    db.session.commit()

    def reported(day: dt.date) -> int:
        return tables.seven(Scope(community_id=year.community1.id), 2026, day).total.cells["reported"]

    assert (reported(dt.date(2026, 12, 10)), reported(dt.date(2026, 11, 10))) == (0, 1)
    assert reported(dt.date(2026, 12, 9)) == 1


def test_what_does_not_fit_is_named(cast, browse):
    walk(cast, "presented")
    db.session.add(Unit(code="U09", name="新单位", kind=cast.unit1.kind, level=cast.unit1.level, supervisor=cast.dept1))
    cast.member2_row.community = None
    db.session.commit()
    found = reconciling.breaches(Scope(), 2026, clock.today())
    assert [(each.kind.value, each.name) for each in found] == [
        ("no_receipt", "欧阳䶮"), ("no_home", "买买提·吐尔逊"),
    ]  # fmt: skip
    assert reconciling.breaches(Scope(), 2025, clock.today()) == []
    county = browse(cast.users["county"])
    page = county.get("/reports/tables/breaches")
    assert texts(page, "tbody th") == ["欧阳䶮", "买买提·吐尔逊"]
    assert texts(county.get("/reports/tables/breaches?kind=no_home"), "tbody th") == ["买买提·吐尔逊"]
    assert "没有对不上的" in browse(cast.users["clerk2"]).get("/reports/tables/breaches").text
    for link in select(page, "tbody th a"):
        assert county.get(link.get("href")).status_code == 200
    town = browse(cast.users["chengguan"]).get("/reports/tables/breaches?by=communities&kind=no_home")
    assert texts(town, "tbody th") == ["凤翔中学党支部"] and "1 人，请单位在名册中补上社区" in town.text
    assert select(town, "tbody th a") == []


def test_who_is_on_two_rosters_is_told_to_the_county_and_each_side_of_its_own(cast, browse):
    other = make_member(cast.unit2, cast.community2, "欧阳龑", "13891701001")
    db.session.commit()
    note = {name: texts(browse(cast.users[name]).get("/reports/tables/breaches?kind=twice"), "tbody tr")
            for name in ("county", "dept1", "dept2", "clerk2", "liaison3")}  # fmt: skip
    twice = "可能是同一人，在两处名册上"
    assert [" ".join(line.split()) for line in note["county"]] == [
        f"欧阳䶮{twice}1980-05出生，凤翔中学党支部；另一处：欧阳龑，县医院党总支"
    ]
    hers = [f"欧阳龑{twice}1980-05出生，县医院党总支；另一处：另一单位，由县委组织部核对"]
    assert note["dept1"] == [f"欧阳䶮{twice}1980-05出生，凤翔中学党支部；另一处：另一单位，由县委组织部核对"]
    assert (note["dept2"], note["clerk2"], note["liaison3"]) == (hers, hers, [])
    assert browse(cast.users["dept2"]).get(f"/members/{other.id}").status_code == 200


def test_the_paper_says_what_the_page_says(year, browse):
    browser = browse(year.users["dept1"])
    page = browser.get("/papers/tables/6?by=units")
    counted = tables.six(By.UNITS, Scope(supervisor_id=year.dept1.id), 2026, clock.today())
    shown = texts(page, ".cells--yearly tbody tr")
    for line, row in zip(shown, (*counted.rows, counted.total), strict=True):
        words = [row.shown(column.key) for column in counted.columns if column.key != "remarks"]
        assert line.split()[-len(words) :] == words or row.name in line
    assert texts(page, ".paper h1") == ["2026年在职党员进社区服务群众情况汇总表"]
    assert "截至2026年11月10日" in page.text and select(page, ".watermark")[0].get("aria-label") == "草稿"
    assert "填报单位（盖章）：县教育体育局党委" in page.text
    answer = browser.get("/papers/tables/7.pdf")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")


def test_the_register_is_printed_for_who_may_have_it(year, browse):
    page = browse(year.users["clerk1"]).get(f"/papers/tables/register/{year.community1.id}")
    assert texts(page, ".cells--register tbody td")[1:4] == ["欧阳䶮", "男", "1980-05"]
    assert "13891701001" not in page.text and "138****1001" in page.text
    for person, status in (("clerk2", 404), ("liaison1", 404), ("dept1", 404), ("town2", 404), ("county", 200),
                           ("chengguan", 200)):  # fmt: skip
        answer = browse(year.users[person]).get(f"/papers/tables/register/{year.community1.id}")
        assert answer.status_code == status, person
    sheet = book_of(browse(year.users["clerk1"]).post(f"/reports/tables/register/{year.community1.id}/export")).active
    line = [cell.value for cell in sheet[3]]
    assert line[1] == "欧阳䶮" and isinstance(line[6], dt.datetime)
    assert len(registers.lines(year.community2.id)) == 0


@pytest.fixture
def long_register(year, monkeypatch):
    """The address of a register of three people, which counts as long here."""
    monkeypatch.setattr(long_registers, "PART", 1)
    for name, phone in (("买买提·吐尔逊", "13891709001"), ("赵晓梅", "13891709002")):
        accepted(certificate(make_member(year.unit1, year.community1, name, phone)))
    db.session.commit()
    assert len(registers.lines(year.community1.id)) == 3
    return f"/papers/tables/register/{year.community1.id}"


def work():
    while drawing.draw_next(db.session.commit):
        pass


def test_a_long_register_is_drawn_by_the_worker_and_is_one_file(year, browse, long_register):
    clerk = browse(year.users["clerk1"])
    page = clerk.get(f"{long_register}.pdf")
    assert page.status_code == 200 and "名册有 3 人，在后台生成" in page.text
    job = clerk.post(f"{long_register}/print").headers["Location"]
    assert "排队中" in clerk.get(job).text
    work()
    page = clerk.get(job).text
    assert "已生成" in page and "儒林社区报到名册" in page
    with clerk.get(f"{job}/file") as answer, pdfplumber.open(io.BytesIO(answer.data)) as opened:
        assert len(opened.pages) == 3
        assert opened.metadata["Title"] == "儒林社区报到名册"
        assert "全册共3页" in opened.pages[-1].extract_text().replace(" ", "")
    noted = sa.select(AuditRow.act).where(AuditRow.act.like("print_jobs.%")).order_by(AuditRow.id)
    assert db.session.scalars(noted).all() == ["print_jobs.ask", "print_jobs.download"]


def test_how_much_of_a_long_register_is_drawn_is_told(year, browse, long_register, monkeypatch):
    monkeypatch.setattr(drawing, "TOLD_EVERY", dt.timedelta(0))
    accepted(certificate(make_member(year.unit1, year.community1, "单于长名", "13891709003")))  # kept by no other test
    db.session.commit()
    job = browse(year.users["clerk1"]).post(f"{long_register}/print").headers["Location"]
    told = []

    def pause():
        db.session.commit()
        told.append(db.session.get_one(PrintJob, int(job.rpartition("/")[2])).percent)

    assert drawing.draw_next(pause)
    assert told == [0, 25, 50, 75, 100, 100]  # before the first line, after each of four, and when all are put down


@pytest.mark.parametrize("person", ["clerk2", "town2"])
def test_a_long_register_is_printed_by_who_may_have_it_alone(year, browse, long_register, person):
    answer = browse(year.users[person]).post(f"{long_register}/print")
    assert answer.status_code == 404
    assert db.session.scalars(sa.select(PrintJob)).all() == []


def test_a_long_register_that_cannot_be_drawn_says_why_and_is_asked_for_again(
    year, browse, long_register, monkeypatch, instance_dir
):
    shutil.rmtree(instance_dir / "print", ignore_errors=True)  # what other tests have drawn
    clerk = browse(year.users["clerk1"])
    job = clerk.post(f"{long_register}/print").headers["Location"]
    whole = long_registers.print_html
    foreign = '<img src="file:///etc/passwd"/>'
    monkeypatch.setattr(
        long_registers, "print_html", lambda *given: whole(*given).replace("</article>", f"{foreign}</article>")
    )
    work()
    page = clerk.get(job).text
    assert "没有完成" in page and "儒林社区报到名册" in page and "这份表无法排版" in page
    monkeypatch.setattr(long_registers, "print_html", whole)
    again = clerk.post(f"{job}/again").headers["Location"]
    work()
    assert "已生成" in clerk.get(again).text


def test_a_long_register_of_a_clerk_who_has_left_is_not_drawn(year, browse, long_register):
    job = browse(year.users["clerk1"]).post(f"{long_register}/print").headers["Location"]
    row = db.session.get_one(PrintJob, int(job.rpartition("/")[2]))
    row.parts[0].cases = str(year.community2.id)  # as if the appointment reached no further than another community
    db.session.commit()
    work()
    db.session.refresh(row)
    assert row.state is JobState.FAILED and [each.called for each in row.failures] == ["报到名册"]


def test_a_report_prints_as_it_was_handed_in(year, browse):
    report = a_report(year, "submitted")
    row = a_record(year, day=dt.date(2026, 11, 8))
    records.confirm(row, year.by("clerk1b"))
    db.session.commit()
    case = PAPERS["service-table"].cases([report], 2026, year.by("dept1"))[0]
    assert case.table.total.cells["services"] == 3
    assert tables.six(By.UNITS, Scope(supervisor_id=year.dept1.id), 2026, clock.today()).total.cells["services"] == 4
    browser = browse(year.users["dept1"])
    led = browser.get(f"/papers/service-table/of/{report.number}")
    page = browser.get(led.location)
    assert select(page, ".watermark") == [], texts(page, ".paper__number")
    assert "编号：凤进社汇〔2026〕0001号" in texts(page, ".paper__number")[0]
    assert browse(year.users["dept2"]).get(f"/papers/service-table/of/{report.number}").status_code == 404
    assert browser.get(f"/papers/registration-table/of/{report.number}").status_code == 404
    lead = a_report(year, "open", "chengguan", ReportKind.LEAD)
    draft = browse(year.users["chengguan"]).get(f"/papers/registration-table/of/{lead.number}")
    assert select(draft, ".watermark")[0].get("aria-label") == "草稿"


def test_the_cells_of_the_paper(year):
    counted = tables.six(By.COMMUNITIES, Scope(), 2026, clock.today())
    foot = yearly_tables.foot_of(year.by("chengguan"), clock.today())
    filled = PAPERS["service-table"].fill(
        yearly_tables.PrintedTable(row=None, year=2026, table=counted, foot=foot), False
    )
    assert filled["issuer"] == "城关镇党委" and filled["compiled_by"] == "郑卫东"
    assert sum(columns for _, columns, _ in filled["over"]) == len(filled["keys"])
    assert "其中在外社区服务1人次、1.5小时" in filled["reconciled"]
    assert all(len(line) == len(filled["keys"]) + 2 for line in (*filled["rows"], filled["total"]))
    assert counted.total.key == WHOLE
