"""Pages of own work: written down with files, mended, struck out; files reach nobody else."""

import io

from werkzeug.datastructures import FileStorage

from portal import uploads
from portal.extensions import db
from portal.uploads import Upload
from portal.work.models import OwnWork
from tests.kernel.test_uploads import DOCX, PDF
from tests.page_forms import form_to
from tests.pages import same_page, texts
from tests.wishes.test_photos import with_place
from tests.work.conftest import TITLE, WORDS, some_work


def file(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def sent(browser, address: str, **more):
    form = form_to(browser.get(address).text, "")
    return browser.post(address, data=form.filled(**more), content_type="multipart/form-data")


def test_written_down_with_files_it_is_read_above(cast, browse):
    liaison, dept = browse(cast.users["liaison1"]), browse(cast.users["dept1"])
    assert texts(liaison.get("/work"), ".banner a") == ["工作方案", "部署动员会", "大讨论"]
    answer = sent(liaison, "/work/new?kind=meeting", title=TITLE, words=WORDS, took_part="２８",
                  files=[file(PDF, "会议记录.pdf"), with_place()])  # fmt: skip
    row = db.session.scalars(db.select(OwnWork)).one()
    assert (answer.status_code, answer.location, row.took_part) == (303, f"/work/{row.id}", 28)
    page = dept.get(f"/work/{row.id}")
    assert texts(page, "#files li a") == ["会议记录.pdf"] and "我家.jpg" in page.text
    document, picture = uploads.of(row)
    answer = dept.get(f"/work/{row.id}/files/{document.file}")
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"SomePhone" not in dept.get(f"/work/{row.id}/files/{picture.file}").data
    assert texts(dept.get("/work"), "tbody td.num") == ["2"]
    for stranger in ("liaison2", "dept2", "chengguan"):
        other = browse(cast.users[stranger])
        assert same_page(other.get(f"/work/{row.id}"), other.get("/work/999999"))
        assert other.get(f"/work/{row.id}/files/{document.file}").status_code == 404
    assert browse(cast.users["member1"]).get(f"/work/{row.id}/files/{document.file}").status_code == 403


def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, browse):
    liaison = browse(cast.users["liaison1"])
    answer = sent(liaison, "/work/new", title=TITLE, words=WORDS, kind="meeting", files=[file(b"MZ", "x.exe")])
    assert answer.status_code == 422 and WORDS in answer.text
    assert texts(answer, ".errors li") == [
        "“x.exe”不能上传：请选择JPG、PNG、WebP 图片、PDF、.docx、.xlsx（.doc、.wps、.xls 请先另存），不要设打开密码。"
    ]
    answer = sent(liaison, "/work/new", title=TITLE, words=WORDS, kind="visit", files=[file(PDF, "a.pdf")])
    assert answer.status_code == 409 and WORDS in answer.text
    assert db.session.scalars(db.select(OwnWork)).all() == [] == db.session.scalars(db.select(Upload)).all()


def test_files_are_added_and_taken_away(cast, browse):
    row = some_work(cast)
    liaison, address = browse(cast.users["liaison1"]), f"/work/{row.id}/files"
    assert sent(liaison, address, files=[file(PDF, "一.pdf"), file(DOCX, "二.docx")]).status_code == 303
    first, _ = uploads.of(row)
    answer = sent(liaison, address, remove=[first.file], files=[file(PDF, "三.pdf")])
    assert answer.status_code == 303
    assert [each.title for each in uploads.of(row)] == ["二.docx", "三.pdf"]
    answer = sent(liaison, address, files=[file(PDF, f"{place}.pdf") for place in range(5)])
    assert answer.status_code == 409 and "附件最多 6 个" in answer.text
    assert len(uploads.of(row)) == 2
    assert sent(liaison, address, remove=["0" * 32]).status_code == 422
    for person in ("liaison2", "dept1"):
        assert browse(cast.users[person]).post(address, data={}).status_code in (403, 404, 409)


def test_two_on_one_form_do_not_overwrite_each_other(cast, browse):
    row = some_work(cast)
    first, second = browse(cast.users["liaison1"]), browse(cast.users["liaison1"])
    address = f"/work/{row.id}/edit"
    forms = [form_to(browser.get(address).text, "") for browser in (first, second)]
    assert first.post(address, data=forms[0].filled(title="甲的题目")).status_code == 303
    answer = second.post(address, data=forms[1].filled(title="乙的题目"))
    assert answer.status_code == 409 and "甲的题目" in answer.text and "乙的题目" in answer.text


def test_who_has_none_is_listed_and_the_list_narrows(cast, browse):
    row = some_work(cast)
    county = browse(cast.users["county"])
    assert texts(county.get("/work/lacking?kind=meeting"), "tbody th") == [cast.unit2.name]
    assert sorted(texts(county.get("/work/lacking"), "tbody th")) == sorted([cast.unit1.name, cast.unit2.name])
    for query, found in (("", 1), ("?kind=plan", 0), (f"?year={row.year}", 1), (f"?unit={cast.unit2.id}", 0),
                         ("?state=cancelled", 0), ("?kind=x&year=x&unit=x", 1)):  # fmt: skip
        assert len(texts(county.get(f"/work{query}"), "tbody tr")) == found, query


def test_struck_out_it_stays_to_be_read(cast, browse):
    row = some_work(cast)
    liaison, address = browse(cast.users["liaison1"]), f"/work/{row.id}/cancel"
    answer = liaison.post(address, data=form_to(liaison.get(address).text, address).filled(reason="重复登记"))
    assert answer.status_code == 303
    page = liaison.get(f"/work/{row.id}")
    assert "重复登记" in page.text and not texts(page, f'a[href="/work/{row.id}/edit"]')
    for form in ("edit", "files"):
        assert liaison.get(f"/work/{row.id}/{form}").status_code == 409
