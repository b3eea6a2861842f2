"""HTML to PDF in the printing process: right characters, archive quality, and nothing a page may abuse."""

import io
import os
import signal
import sys

import page as validator
import pdfplumber
import pikepdf
import pytest

from portal.papers.render import PaperFailed, PrintRoom
from tests.papers.samples import ENDLESS

NAMES = "欧阳䶮、买买提·吐尔逊、李㛃、王𬬭、赵𬭎"
UNIT = "凤翔县住房和城乡建设局下属城市建设综合服务中心（市政站）"  # 28 characters
OURS = {"FandolFang", "FandolKai", "Noto-Serif-SC", "Noto-Serif-SC-Bold", "Noto-Serif-SC-Rest", "Noto-Sans-SC"}


def text_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "".join(p.extract_text() for p in opened.pages).replace("\n", "")


def fonts_of(pdf):
    """Names of the fonts, without the letters that mark a subset; each must be embedded."""
    names = set()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for found in opened.objects:
            if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in found or "/FontFile3" in found
                names.add(str(found.FontName).partition("+")[2])
    return names


def verdict(pdf, profile):
    return [f"{f.rule_id}: {f.message}" for f in validator.validate_pdf_bytes(pdf, profile=profile).failures]


def test_rare_names_and_long_units_come_out_as_text(room, sheet):
    pdf = room.print_one(sheet(f"<p>{NAMES}</p><p>{UNIT}</p>"))
    assert len(UNIT) == 28
    assert NAMES in text_of(pdf)
    assert UNIT in text_of(pdf)


def test_a_character_fandol_lacks_comes_from_noto_alone(room, sheet):
    pdf = room.print_one(sheet("<p>欧阳䶮</p>"))
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        faces = {c["text"]: c["fontname"].partition("+")[2] for c in opened.pages[0].chars}
    assert faces["欧"] == "FandolFang"
    assert faces["䶮"] == "Noto-Serif-SC"


def test_only_the_portals_faces_are_used_and_all_are_embedded(room, sheet):
    pdf = room.print_one(sheet('<p>中文 Latin 123 <span class="hei">黑体</span> ☑ 😀 Ω ا</p>'))
    assert fonts_of(pdf) <= OURS


def test_a_single_paper_is_pdf_a_2u_and_pdf_ua_1(room, sheet):
    pdf = room.print_one(sheet(f"<p>{NAMES}</p>"))
    assert verdict(pdf, "2u") == []
    assert verdict(pdf, "ua1") == []


def test_metadata_name_title_and_language(room, sheet):
    pdf = room.print_one(sheet("<p>正文</p>"))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.docinfo["/Title"]) == "试印"
        assert str(opened.Root.Lang) == "zh-CN"


def test_many_sheets_in_one_file_stay_pdf_a(room, sheet):
    pdf, pages, *_ = room.print_many([sheet(f"<p>第{n}份</p>") for n in range(20)], title="二十份")
    assert pages == [1] * 20
    assert verdict(pdf, "2u") == []
    assert "第0份" in text_of(pdf) and "第19份" in text_of(pdf)


def test_for_both_sides_every_sheet_begins_on_an_odd_page(room, sheet):
    pdf, pages, *_ = room.print_many([sheet("<p>甲</p>"), sheet("<p>乙</p>")], duplex=True)
    assert pages == [1, 1]
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert ["试印" in p.extract_text() for p in opened.pages] == [True, False, True, False]


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/passwd"/>',
        '<img src="http://127.0.0.1:9/x.png"/>',
        '<img src="secret.png"/>',
        '<img src="data:text/html;base64,PGI+"/>',
        '<img src="data:image/png;base64,%%%"/>',
        '<object data="file:///etc/passwd"></object>',
        '<p style="background: url(file:///etc/passwd)">x</p>',
    ],
)
def test_a_page_gets_nothing_but_its_own_pictures(room, sheet, body):
    with pytest.raises(PaperFailed, match="无法排版"):
        room.print_one(sheet(body))


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="file:///etc/passwd"/>',
        "<style>@import url(http://127.0.0.1:9/x.css);</style>",
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) }</style>",
        '<link rel="attachment" href="file:///etc/passwd"/>',
    ],
)
def test_a_page_brings_nothing_of_another_place(room, sheet, head):
    with pytest.raises(PaperFailed, match="无法排版"):
        room.print_one(sheet("<p>x</p>", head))


def test_a_bad_sheet_falls_out_alone(room, sheet):
    bad = sheet('<img src="file:///etc/passwd"/>')
    pdf, pages, faults, _ = room.print_many([sheet("<p>甲</p>"), bad, sheet("<p>乙</p>")])
    assert pages == [1, 0, 1] and faults == ["", "layout", ""]
    assert "甲" in text_of(pdf) and "乙" in text_of(pdf)


def test_a_runaway_sheet_is_ended_and_the_next_one_prints(tmp_path, sheet):
    room = PrintRoom(tmp_path, seconds=1)
    with pytest.raises(PaperFailed, match=r"中断|过长"):
        room.print_one(sheet(ENDLESS))
    assert room.print_one(sheet("<p>好</p>")).startswith(b"%PDF-1.7")
    room.close()


def test_a_printing_process_that_died_is_replaced(tmp_path, sheet):
    room = PrintRoom(tmp_path)
    room.print_one(sheet("<p>一</p>"))
    os.kill(room.printer.process.pid, signal.SIGKILL)
    room.printer.process.join()
    assert room.print_one(sheet("<p>二</p>")).startswith(b"%PDF")
    room.close()


def test_this_process_never_loads_the_layout_library(room, sheet):
    room.print_one(sheet("<p>x</p>"))
    assert "weasyprint" not in sys.modules
