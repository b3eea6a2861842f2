"""Pages of the seal ledger: many at once with mixed rows, scans, the portal's printing, and who reads what."""

import io

import pytest
from werkzeug.datastructures import FileStorage

from portal import uploads
from portal.audit import AuditRow
from portal.bulk import BulkAct
from portal.extensions import db
from portal.numbers import IssuedPaper
from portal.papers import drawing
from portal.registrations import workflow as registrations
from portal.registrations.models import Registration
from portal.seals import queries, routes, workflow
from portal.seals.models import SealEntry
from tests.cast import make_member
from tests.closing.conftest import close
from tests.kernel.test_uploads import DOCX, PDF
from tests.page_forms import form_to
from tests.pages import listed, same_page, texts
from tests.registrations.conftest import walk
from tests.seals.conftest import BOX, paper_of
from tests.wishes.test_photos import with_place

READERS = ("liaison1", "clerk1", "dept1", "chengguan", "county")


def file(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def lines(answer) -> list[tuple[str, ...]]:
    """The rows of a result page: which paper, and what came of it."""
    about, sentence = texts(answer, "tbody th"), texts(answer, "tbody td[data-label='说明']")
    return list(zip(about, sentence, strict=True))


@pytest.fixture
def three(cast):
    """Three receipts of community1: of member1, member2 and 尔新; the last one's certificate too is unit1's."""
    for member in (cast.member1_row, cast.member2_row, make_member(cast.unit1, cast.community1, "尔新", "13891701031")):
        row = registrations.issue(member, cast.by("liaison1"))
        registrations.accept(row, cast.by("clerk1"))
    db.session.commit()
    return cast


def receipts() -> list[IssuedPaper]:
    rows = db.select(IssuedPaper).where(IssuedPaper.kind == "receipt").order_by(IssuedPaper.serial, IssuedPaper.version)
    return list(db.session.scalars(rows))


def test_many_go_on_at_once_and_each_says_what_came_of_it(three, browse):
    """One is archived already, one was replaced, one is a certificate of the unit; one goes on."""
    first, second, third = receipts()
    some_paper_state(three, first, "archive", box=BOX)
    second.state = type(second.state).REPLACED
    db.session.commit()
    certificate = db.session.scalars(db.select(IssuedPaper).where(IssuedPaper.kind == "certificate")).first()
    clerk = browse(three.users["clerk1"])
    ticked = [first.id, second.id, third.id, certificate.id]
    answer = clerk.post("/seals/bulk?void=y", data={"row": ticked, "to": "stamped", "box": ""})
    page = clerk.get(answer.location)
    year = first.year
    assert lines(page) == [
        (f"在职党员进社区报到证明信 凤进社信〔{year}〕0001号",
         "“登记盖章”只能由出具这份表的单位（本人的表由同事）或县委组织部办理。"),
        (f"在职党员进社区报到回执 凤进社回〔{year}〕0001号", lines(page)[1][1]),
        (f"在职党员进社区报到回执 凤进社回〔{year}〕0002号", "这份表已被新版替代，不能再往下办。"),
        (f"在职党员进社区报到回执 凤进社回〔{year}〕0003号", "—"),
    ]  # fmt: skip
    assert lines(page)[1][1].endswith("已先“归档”，这份表现在是“已归档”，不能登记盖章。")
    assert texts(page, "#list h2")[0] == "登记盖章：办成 1 件，3 件没有办成，原因见下表。"
    assert {row.id: row.state.value for row in db.session.scalars(db.select(SealEntry))} == {
        first.id: "archived", third.id: "stamped",
    }  # fmt: skip


def some_paper_state(cast, paper, verb: str, **asked) -> None:
    workflow.flow.moves[verb](workflow.entry_for(paper), cast.by("county"), **asked)


def test_all_of_a_filtered_list_go_into_one_box(three, browse, monkeypatch):
    clerk = browse(three.users["clerk1"])
    without = clerk.post(
        "/seals/bulk?kind=receipt", data={"all": "1", "to": "archived", "box": ""}, follow_redirects=True
    )
    assert "归档要填写盒号；什么也没有改变。" in without.text and db.session.scalars(db.select(SealEntry)).all() == []
    page = clerk.get("/seals?kind=receipt&first=2&last=3")
    assert texts(page, ".count") == ["共 2 份"]
    form = form_to(page.text, "/seals/bulk?kind=receipt&first=2&last=3")
    clerk.post(form.action, data=form.filled(to="archived", box="２０２６-03") | {"all": "1", "row": []})
    assert [(row.paper.serial, row.box, row.printed_by) for row in db.session.scalars(db.select(SealEntry))] == [
        (2, "2026-03", "儒林社区 王秀兰"), (3, "2026-03", "儒林社区 王秀兰"),
    ]  # fmt: skip
    assert texts(clerk.get("/seals?kind=receipt&box=2026-03"), ".count") == ["共 2 份"]
    assert texts(clerk.get("/seals?kind=receipt"), ".figure") == [
        "1份已生成", "0份已打印", "0份已签字", "0份已盖章", "2份已归档",
    ]  # fmt: skip
    assert db.session.scalars(db.select(BulkAct.label)).all() == ["归档"]
    again = clerk.post(form.action, data={"all": "1", "to": "stamped"})
    assert "没有可以登记盖章的事项" in clerk.get(again.location).text
    monkeypatch.setattr(routes, "MOST", 2)  # fewer than unit1's certificates, which come first and are not the clerk's
    whole = clerk.post("/seals/bulk?void=y", data={"all": "1", "to": "printed"})
    assert texts(clerk.get(whole.location), "#list h2")[0] == "登记打印：1 件全部办成。"


def test_the_list_is_narrowed_and_shows_each_office_what_it_may_see(three, browse):
    """unit1 and community1 see both sides of the chain; dept1 above the unit, 城关镇 above both; nobody else."""
    found = {name: texts(browse(three.users[name]).get("/seals"), ".count") for name in READERS}
    assert found == {name: ["共 6 份"] for name in READERS}
    for name in ("liaison2", "clerk2", "dept2", "town2"):
        assert texts(browse(three.users[name]).get("/seals"), ".count") == []
    county = browse(three.users["county"])
    assert texts(listed(county, "/seals?q=尔新"), "tbody th") == [
        f"凤进社信〔{receipts()[0].year}〕0003号", f"凤进社回〔{receipts()[0].year}〕0003号",
    ]  # fmt: skip
    year = receipts()[0].year
    for typed, count in (("0003", 2), (f"{year}-0003", 2), (f"凤进社回〔{year}〕0003号", 1), (f"{year - 1}-0003", 0)):
        assert len(texts(listed(county, f"/seals?q={typed}"), "tbody th")) == count, typed
    for narrowed, count in ((f"unit={three.unit1.id}", 6), (f"community={three.community2.id}", 0), ("state=signed", 0),
                            ("kind=nonsense", 6), ("first=99999999999", 6), ("year=999999", 6)):  # fmt: skip
        words = texts(county.get(f"/seals?{narrowed}"), ".count")
        assert words == ([f"共 {count} 份"] if count else []), narrowed
    assert len(county.post("/lists/seals").data) > 2000


def test_scans_are_read_where_the_sheet_itself_may_be(papers, browse):
    """A receipt shows no telephone: whoever sees it reads the scan. An info card does: the community alone."""
    receipt, card = paper_of("receipt"), paper_of("info-card")
    clerk = browse(papers.users["clerk1"])
    for paper in (receipt, card):
        form = form_to(clerk.get(f"/seals/{paper.id}/scans").text, "")
        sent = clerk.post(f"/seals/{paper.id}/scans", data=form.filled(files=[file(PDF, "回执.pdf"), with_place()]),
                          content_type="multipart/form-data")  # fmt: skip
        assert (sent.status_code, sent.location) == (303, f"/seals/{paper.id}")
    refused = clerk.post(f"/seals/{receipt.id}/scans", data={"files": file(DOCX, "回执.docx")},
                         content_type="multipart/form-data")  # fmt: skip
    assert refused.status_code == 422
    assert texts(refused, ".errors li") == [
        "“回执.docx”不能上传：请选择JPG、PNG、WebP 图片、PDF（.doc、.wps、.xls 请先另存），不要设打开密码。"
    ]
    scans = {paper.id: uploads.of(queries.entries_of([paper])[paper.id]) for paper in (receipt, card)}
    _, picture = scans[receipt.id]
    assert b"SomePhone" not in clerk.get(f"/seals/{receipt.id}/scans/{picture.file}").data
    reads = {paper.id: set() for paper in (receipt, card)}
    people = (*READERS, "liaison2", "clerk2", "dept2", "committee", "member1", "admin")
    for paper in (receipt, card):
        for name in people:
            answer = browse(papers.users[name]).get(f"/seals/{paper.id}/scans/{scans[paper.id][0].file}")
            if answer.status_code == 200:
                assert answer.data == PDF
                reads[paper.id].add(name)
    assert reads == {receipt.id: set(READERS), card.id: {"clerk1"}}
    liaison = browse(papers.users["liaison1"])
    assert texts(liaison.get(f"/seals/{card.id}"), "#files") == []
    assert liaison.get(f"/seals/{receipt.id}/scans").status_code == 403
    looks = db.select(db.func.count()).select_from(AuditRow).where(AuditRow.act == "seal_entries.scan")
    assert db.session.scalar(looks) == len(READERS) + 2
    clerk.post(f"/seals/{receipt.id}/scans", data={"remove": [picture.file]})
    assert [each.title for each in uploads.of(queries.entries_of([receipt])[receipt.id])] == ["回执.pdf"]
    other = browse(papers.users["clerk2"])
    assert same_page(other.get(f"/seals/{receipt.id}"), other.get("/seals/999999"))


def test_one_paper_takes_its_steps_on_its_page(papers, browse):
    paper = paper_of("certificate")
    liaison, dept = browse(papers.users["liaison1"]), browse(papers.users["dept1"])
    page = liaison.get(f"/seals/{paper.id}")
    assert texts(page, ".buttons .stamp, .buttons .archive") == ["登记盖章", "归档"]
    assert texts(dept.get(f"/seals/{paper.id}"), ".stack form button") == []
    assert dept.post(f"/seals/{paper.id}/stamp", data={}).status_code == 403
    assert liaison.post(f"/seals/{paper.id}/stamp", data={}).location == f"/seals/{paper.id}"
    asked = liaison.get(f"/seals/{paper.id}/archive")
    answer = liaison.post(f"/seals/{paper.id}/archive", data=form_to(asked.text, "/archive").filled(box=""))
    assert answer.status_code == 422 and "请填写盒号。" in answer.text
    assert dept.post(f"/seals/{paper.id}/archive", data={"box": "1"}).status_code == 403
    liaison.post(f"/seals/{paper.id}/archive", data={"box": "1"})
    assert texts(liaison.get(f"/seals/{paper.id}"), ".history__act") == ["归档", "登记盖章"]
    card = paper_of("info-card")
    registrations.make_card_final(db.session.scalars(db.select(Registration)).one())  # put right meanwhile
    db.session.commit()
    late = browse(papers.users["clerk1"]).post(f"/seals/{card.id}/stamp", data={})
    assert late.status_code == 409 and "这份表已被新版替代，不能再往下办。" in late.text
    assert db.session.scalars(db.select(SealEntry.id)).all() == [paper.id]


def test_a_pdf_printed_by_the_office_is_in_the_ledger(papers, browse):
    receipt = paper_of("receipt")
    address = f"/papers/receipt/{receipt.number}.pdf"
    assert browse(papers.users["liaison1"]).get(address).status_code == 200
    assert db.session.scalars(db.select(SealEntry)).all() == []
    assert browse(papers.users["clerk1"]).get(address).status_code == 200
    (row,) = db.session.scalars(db.select(SealEntry))
    assert (row.id, row.state.value, row.printed_by) == (receipt.id, "printed", "儒林社区 王秀兰")


def test_papers_printed_in_bulk_are_in_the_ledger_once_the_file_is_there(three, browse):
    """The unit may print the community's receipts too, for its own file: that notes nothing."""
    for person, states in (("liaison1", []), ("clerk1", ["printed"] * 3)):
        asked = browse(three.users[person]).post("/papers", data={"kind": "receipt", "year": str(receipts()[0].year)})
        assert asked.status_code == 303
        while drawing.draw_next(db.session.commit):
            pass
        assert [row.state.value for row in db.session.scalars(db.select(SealEntry))] == states


def test_a_closed_year_ends_nothing_of_the_ledger(cast, browse, time_machine):
    """The receipt of a year that is closed since is still stamped and put away."""
    time_machine.move_to("2025-06-03 02:00:00+00:00")
    walk(cast, "accepted")
    time_machine.move_to("2026-02-10 02:00:00+00:00")
    close(cast)
    clerk = browse(cast.users["clerk1"])
    papers = db.session.scalars(db.select(IssuedPaper).where(IssuedPaper.kind == "record-card")).all()
    assert [(paper.year, paper.serial) for paper in papers] == [(2025, 1)]
    assert texts(clerk.get("/seals?year=2025&kind=record-card"), ".count") == ["共 1 份"]
    for paper in (paper_of("receipt"), papers[0]):
        assert clerk.post(f"/seals/{paper.id}/archive", data={"box": "2025-1"}).status_code == 303
        assert db.session.get_one(SealEntry, paper.id).state.value == "archived"
    assert db.session.scalars(db.select(Registration)).one().state.value == "accepted"
