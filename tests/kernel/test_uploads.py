"""Files of a case: told by their content, sealed at rest, given to nobody but as one of their case's."""

import datetime as dt
import io
import os
import zipfile

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from portal import clock, files, uploads
from portal.errors import BadValue, RuleBroken
from portal.extensions import db
from portal.files import FileKind
from portal.uploads import Upload
from tests.wishes.test_photos import picture, with_place


def file(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def office(*entries: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for entry in entries:
            archive.writestr(zipfile.ZipInfo(entry), "<x/>")  # of no time, so that the tests have one name
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n"
DOCX, XLSX = office("[Content_Types].xml", "word/document.xml"), office("xl/workbook.xml")


@pytest.mark.parametrize(
    ("content", "name", "what", "title"),
    [
        (PDF, "方案.pdf", FileKind.PDF, "方案.pdf"),
        (PDF, r"C:\文件\方案.PDF", FileKind.PDF, "方案.pdf"),
        (PDF, "方案.exe", FileKind.PDF, "方案.pdf"),  # the name says nothing of the content
        (DOCX, "记录.docx", FileKind.DOCX, "记录.docx"),
        (XLSX, "名单.xlsx", FileKind.XLSX, "名单.xlsx"),
        (PDF, "长" * 300 + ".pdf", FileKind.PDF, "长" * 116 + ".pdf"),
        (PDF, ".pdf", FileKind.PDF, "PDF.pdf"),
    ],
)
def test_a_file_is_what_its_content_says_and_comes_back_as_it_was(app, content, name, what, title):
    (kept,) = files.keep([file(content, name)])
    assert (kept.what, kept.title, kept.size) == (what, title, len(content))
    path = files.path_of(kept.file)
    assert path.stat().st_mode & 0o777 == 0o600
    assert content not in path.read_bytes()  # sealed at rest
    assert files.content_of(kept.file) == content


def test_a_picture_is_drawn_anew_without_what_the_phone_wrote(app):
    (kept,) = files.keep([with_place()])
    content = files.content_of(kept.file)
    assert b"SomePhone" not in content and b"Exif" not in content
    with Image.open(io.BytesIO(content)) as shown:
        assert (shown.format, shown.size, kept.title) == ("JPEG", (800, 1600), "我家.jpg")


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "空.pdf", "空的"),
        (b"MZ\x90\x00", "程序.pdf", "不能上传"),
        (b"<html>", "页面.docx", "不能上传"),
        (office("word/document.xml", "word/vbaProject.bin"), "宏.docx", "不能上传"),
        (office("a.txt"), "包.docx", "不能上传"),
        (DOCX[:40], "断.docx", "不能上传"),
        (PDF + b"x" * files.MOST_BYTES, "大.pdf", "超过 8 MB"),
        (b"\xff\xd8\xff not a picture", "坏.jpg", "照片打不开"),
    ],
)
def test_what_is_none_of_these_is_refused_in_words_and_nothing_is_kept(app, content, name, sentence):
    before = set(files.folder().glob("*"))
    with pytest.raises(BadValue, match=sentence):
        files.keep([file(PDF, "好.pdf"), file(content, name)])
    assert set(files.folder().glob("*")) == before


def test_where_only_pictures_are_taken_a_document_is_refused(app):
    with pytest.raises(BadValue, match="JPG、PNG、WebP 图片"):
        files.keep([file(PDF, "方案.pdf")], allowed=files.PICTURES)


def test_too_many_are_refused(app, cast):
    with pytest.raises(BadValue, match="最多 2 个"):
        files.keep([file(PDF, f"{place}.pdf") for place in range(3)], most=2)
    uploads.attach(cast.unit1, files.keep([file(PDF, "一.pdf")]), cast.by("liaison1"), most=1)
    with pytest.raises(RuleBroken, match="附件最多 1 个"):
        uploads.attach(cast.unit1, files.keep([file(PDF, "二.pdf")]), cast.by("liaison1"), most=1)


def test_the_files_of_many_cases_are_found_at_once_and_each_only_as_its_cases(app, cast):
    first, second = cast.unit1, cast.unit2
    uploads.attach(first, files.keep([file(PDF, "一.pdf"), picture(size=(40, 40))]), cast.by("liaison1"))
    uploads.attach(second, files.keep([file(DOCX, "二.docx")]), cast.by("liaison2"))
    db.session.commit()
    titles = {key: [each.title for each in found] for key, found in uploads.of_many([first, second]).items()}
    assert titles == {first.id: ["一.pdf", "我家.jpg"], second.id: ["二.docx"]}
    assert uploads.numbers_of([first, second]) == {first.id: 2, second.id: 1}
    document, shown = uploads.of(first)
    with app.test_request_context():
        answer = uploads.answer(first, document.file)
        assert answer.mimetype == "application/pdf" and answer.headers["Content-Disposition"].startswith("attachment")
        assert uploads.answer(first, shown.file).headers["Content-Disposition"].startswith("inline")
        for row, name in ((second, document.file), (first, "0" * 32), (first, "../portal.db")):
            with pytest.raises(NotFound):
                uploads.answer(row, name)


def test_a_picture_is_opened_to_the_public_and_closed_again(app, cast):
    (upload,) = uploads.attach(cast.unit1, files.keep([picture(size=(40, 40))]), cast.by("liaison1"))
    uploads.open_to_public(upload)
    assert upload.open_bytes.startswith(b"\xff\xd8\xff")
    uploads.open_to_public(upload, False)
    assert upload.open_bytes is None


def test_time_deletes_what_no_case_names(app, cast):
    stray, young = files.keep([file(PDF, "一.pdf"), file(PDF, "二.pdf")])
    (upload,) = uploads.attach(cast.unit1, files.keep([file(PDF, "三.pdf")]), cast.by("liaison1"))
    db.session.commit()
    old = (clock.now() - dt.timedelta(days=3)).timestamp()
    for name in (stray.file, upload.file):
        os.utime(files.path_of(name), (old, old))
    uploads.sweep_uploads(clock.now())
    assert [files.path_of(name).exists() for name in (stray.file, young.file, upload.file)] == [False, True, True]
    uploads.detach(cast.unit1, [upload.file])
    db.session.commit()
    assert db.session.scalars(select(Upload)).all() == []
    uploads.sweep_uploads(clock.now())
    assert not files.path_of(upload.file).exists()
