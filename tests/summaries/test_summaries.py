"""A yearly summary: figures set in by name, frozen with the report, read as a page, a .docx and a paper."""

import io

import pytest
from docx import Document
from docx.shared import Pt

from portal import numbers
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState
from portal.papers import compose
from portal.papers.catalogue import PAPERS
from portal.reports.models import ReportKind
from portal.reports.tables import Column, Row, Table
from portal.summaries import document, workflow
from portal.summaries.models import Summary
from portal.summaries.setting import Setting, offered
from tests import overtaken
from tests.page_forms import form_to
from tests.pages import same_page, select, texts
from tests.registrations.conftest import walk
from tests.reports.making import a_report, act

COLUMNS = (
    Column("should", "应报到", "additive", unit="人"), Column("reported", "已报到", "additive", unit="人"),
    Column("rate", "报到率", "rate"), Column("hours", "小时", "additive", "服务"), Column("remarks", "备注", "words"),
)  # fmt: skip


def a_table(number: int = 6, reported: int = 3) -> Table:
    row = Row(7, "儒林社区", {"should": 4, "reported": reported, "rate": reported / 4, "hours": 12.5, "remarks": ""})
    total = Row(-1, "合计", row.cells | {"should": 10, "reported": reported + 5, "hours": None})
    return Table(number, "汇总表", "communities", 2026, "2026-11-30", COLUMNS, (row,), total)


def said(text: str, *tables: Table) -> tuple[str, Setting]:
    setting = Setting(list(tables) or [a_table()])
    return "\n".join("".join(part.words for part in line) for line in setting.paragraphs(text)), setting


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("已报到〔已报到〕人", "已报到8人"), ("报到率〔报到率〕", "报到率80%"), ("〔服务（小时）〕小时", "0小时"),
        ("〔儒林社区·服务（小时）〕小时", "12.5小时"), ("截至〔截至〕", "截至2026年11月30日"),
        ("凤组发〔2014〕42号", "凤组发〔2014〕42号"), ("一\n\n 二 ", "一\n二"),
    ],
)  # fmt: skip
def test_a_figure_is_set_in_by_its_name(words, shown):
    text, setting = said(words)
    assert (text, setting.unknown) == (shown, [])


@pytest.mark.parametrize("words", ["〔没有的〕", "〔备注〕", "〔文昌社区·已报到〕", "〔附件7：已报到〕"])
def test_what_names_no_figure_is_said(words):
    assert said(words)[1].unknown == [words]


def test_each_figure_is_kept_once_with_its_source():
    _, setting = said("〔已报到〕〔已报到〕〔附件7：应报到〕", a_table(), a_table(7))
    assert [(each.source, each.shown) for each in setting.figures] == [
        ("附件6“合计”行“已报到”", "8"), ("附件7“合计”行“应报到”", "10"),
    ]  # fmt: skip
    assert ("〔附件7：应报到〕", "10") in offered([a_table(), a_table(7)])


def test_every_figure_of_the_draft_is_one(cast):
    for report in (a_report(cast), a_report(cast, body="chengguan", kind=ReportKind.LEAD)):
        text = "".join("".join(lines) for _, lines in workflow.read(report).plain)
        assert "〔" not in text and "应到社区报到的在职党员" in text


def test_only_the_sender_writes_and_only_until_it_is_handed_in(cast):
    report = a_report(cast)
    for name in ("county", "dept2", "committee", "chengguan"):
        with pytest.raises(NotYours):
            workflow.write(report, cast.by(name), {"plans": "明年接着做。"})
    with pytest.raises(RuleBroken) as refusal:
        workflow.write(report, cast.by("dept1"), {"plans": "〔没有的〕"})
    assert refusal.value.sentence == "没有这样的数字：〔没有的〕。请照右边列出的写。"
    workflow.write(report, cast.by("dept1"), {"plans": "明年接着做。"})
    db.session.commit()
    act(cast, report, "submit", "dept1")
    with pytest.raises(RuleBroken):
        workflow.write(report, cast.by("dept1"), {"plans": "改一改。"})


def test_the_draft_follows_the_figures_and_what_was_handed_in_does_not(cast):
    report = a_report(cast)
    workflow.write(report, cast.by("dept1"), {"basics": "已报到〔已报到〕人。"})
    db.session.commit()
    assert workflow.read(report).plain[0][1] == ["已报到0人。"]
    walk(cast, "filed")
    assert workflow.read(report).plain[0][1] == ["已报到1人。"]
    act(cast, report, "submit", "dept1")
    frozen = workflow.read(report)
    assert (frozen.plain[0][1], frozen.edition) == (["已报到1人。"], 1)
    db.session.scalars(db.select(Summary)).one().basics = "改了〔已报到〕。"
    db.session.commit()
    assert workflow.read(report) == frozen


def test_of_two_who_write_first_at_once_the_second_sees_both_texts(cast, browse):
    report = a_report(cast)
    dept, address = browse(cast.users["dept1"]), f"/summaries/{report.number}/edit"
    form = form_to(dept.get(address).text, "")
    with overtaken.by(Summary.__table__, report_id=report.id, plans="明年接着做。", version=1):
        answer = dept.post(address, data=form.filled(plans="明年再说。"))
    assert answer.status_code == 409 and "另一位同志" in answer.text and "明年再说。" in answer.text


def test_its_number_is_drawn_when_it_is_handed_in_and_void_when_it_comes_back(cast):
    report = a_report(cast, "submitted")
    first = numbers.latest("summary", report.id)
    assert (first.number, first.state) == (f"{report.year}-0001", PaperState.VALID)
    from portal.reports import workflow as reports

    reports.send_back(report, cast.by("county"), reason="请补充存在问题")
    db.session.commit()
    assert db.session.get_one(IssuedPaper, first.id).state is PaperState.CANCELLED
    draft = compose.compose(PAPERS["summary"], report, True)
    # It has other words than the paper that is void.
    assert (draft.watermark, draft.number, draft.proof) == ("草稿", "—", None)
    act(cast, report, "submit", "dept1")
    assert compose.compose(PAPERS["summary"], report, True).version == 2
    again = numbers.latest("summary", report.id)
    assert (again.number, again.version, again.state) == (first.number, 2, PaperState.VALID)


def test_what_nobody_wrote_is_left_out_when_it_is_handed_in(cast):
    report = a_report(cast)
    assert [heading for heading, _ in workflow.read(report).plain][3:] == ["存在问题", "下一步打算"]
    workflow.write(report, cast.by("dept1"), {"plans": "明年接着做。"})
    db.session.commit()
    act(cast, report, "submit", "dept1")
    assert [heading for heading, _ in workflow.read(report).plain][3:] == ["下一步打算"]


def test_the_paper_says_the_same(cast):
    report = a_report(cast, "submitted")
    sheet = compose.compose(PAPERS["summary"], report, True)
    html = compose.print_html(PAPERS["summary"], sheet)
    assert sheet.watermark is None and sheet.proof is not None
    for words in ("县委组织部：", "一、基本情况", "三、取得成效", "附：数据来源", "县教育体育局党委"):
        assert words in html
    assert compose.compose(PAPERS["summary"], a_report_of_dept2(cast), True).watermark == "草稿"


def a_report_of_dept2(cast):
    from portal import clock
    from portal.reports import queries

    return queries.of_body(cast.dept2.id, clock.today().year, ReportKind.OWN)


def test_the_file_has_the_layout_of_official_documents(cast):
    report = a_report(cast)
    workflow.write(report, cast.by("dept1"), {"problems": "个别党员参加少。", "plans": "明年接着做。"})
    db.session.commit()
    act(cast, report, "submit", "dept1")
    opened = Document(io.BytesIO(document.file_of(workflow.read(report), report.title)))
    page = opened.sections[0]
    sides = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin, page.page_width)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26, 210]
    assert round(page.footer_distance.mm) == 23
    headings = [each.text for each in opened.paragraphs if each.style.name == "Heading 1"]
    assert headings == [
        "一、基本情况",
        "二、主要做法",
        "三、取得成效",
        "四、存在问题",
        "五、下一步打算",
        "附：数据来源",
    ]
    body = next(each for each in opened.paragraphs if each.text.startswith("截至"))
    shape = body.paragraph_format
    assert (round(shape.line_spacing.pt, 1), shape.first_line_indent) == (29.0, Pt(32))
    assert opened.core_properties.title == workflow.read(report).title


def test_written_and_read_in_the_browser(cast, browse):
    report = a_report(cast)
    dept, county = browse(cast.users["dept1"]), browse(cast.users["county"])
    address = f"/summaries/{report.number}"
    page = dept.get(f"{address}/edit")
    assert "〔已报到〕" in texts(page, "tbody th")
    form = form_to(page.text, "")
    assert dept.post(f"{address}/edit", data=form.filled(problems="个别党员参加少。")).status_code == 303
    stale = dept.post(f"{address}/edit", data=form.filled(problems="又改。", once="another"))
    assert stale.status_code == 409 and texts(stale, ".table--stack td") == ["又改。", "个别党员参加少。"]
    wrong = form_to(dept.get(f"{address}/edit").text, "")
    refused = dept.post(f"{address}/edit", data=wrong.filled(plans="〔没有的〕"))
    assert refused.status_code == 409 and "〔没有的〕" in refused.text
    assert "个别党员参加少。" in county.get(address).text
    assert county.get(f"{address}/edit").status_code == 403
    assert same_page(browse(cast.users["dept2"]).get(address), browse(cast.users["dept2"]).get("/summaries/2098-9999"))
    assert "年度总结" in dept.get(f"/reports/{report.number}").text
    act(cast, report, "submit", "dept1")
    frozen = county.get(address)
    link = next(a.get("href") for a in select(frozen, "article a") if "/behind" in a.get("href"))
    assert county.get(link).status_code == 200
    file = county.get(f"{address}.docx")
    assert file.status_code == 200 and Document(io.BytesIO(file.data)).paragraphs[0].text.endswith("总结")
