"""Spreadsheets from outside are checked before they are opened; what we write holds no formulas."""

import datetime as dt
import io
import random
import zipfile

import openpyxl
import pytest
import xlsxwriter
import xlwt

from portal import sheet_writing, sheets
from portal.sheets import Marks, SheetRefused


def an_xlsx(rows, name="Sheet1") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet(name)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(line, column, cell, day)
                elif cell is not None:
                    sheet.write(line, column, cell)
    return buffer.getvalue()


def an_xls(rows) -> bytes:
    book, buffer = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell, *([day] if isinstance(cell, dt.date) else []))
    book.save(buffer)
    return buffer.getvalue()


def a_zip(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def sentence(data: bytes) -> str:
    with pytest.raises(SheetRefused) as refused:
        sheets.read_book(data)
    return refused.value.sentence


ROWS = [["姓名", "生日", "电话"], ["欧阳䶮", dt.date(1980, 5, 12), 13891701234], ["王兰", "1981.6", "13891701235"]]


@pytest.mark.parametrize("make", [an_xlsx, an_xls])
def test_cells_come_back_plain(make):
    (sheet,) = sheets.read_book(make(ROWS))
    assert sheet.name == "Sheet1" and not sheet.hidden
    assert sheet.rows[1] == ["欧阳䶮", dt.date(1980, 5, 12), 13891701234.0]
    assert sheet.rows[2] == ["王兰", "1981.6", "13891701235"]


def test_lines_count_from_the_top_of_the_sheet_though_it_begins_empty():
    (sheet,) = sheets.read_book(an_xlsx([[], [], ["姓名"]]))
    assert sheet.rows == [[""], [""], ["姓名"]]


def test_empty_file():
    assert sentence(b"") == "这个文件是空的，请重新选择。"


def test_too_heavy_a_file():
    assert sentence(b"PK" + b"\0" * 8 * 1024 * 1024) == "文件超过 8 MB，请去掉图片等无关内容后再上传。"


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_truncated_xlsx(tenths):
    whole = an_xlsx([["姓名", str(n)] for n in range(500)])
    assert sentence(whole[: len(whole) * tenths // 10]).startswith("文件不完整或已损坏")


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_truncated_xls_is_read_or_refused_never_a_crash(tenths):
    whole = an_xls([["姓名", str(n)] for n in range(500)])
    try:
        sheets.read_book(whole[: len(whole) * tenths // 10])
    except SheetRefused as refused:
        assert refused.sentence.endswith("再上传。") or refused.sentence.startswith("这不是")


def test_a_zip_bomb_by_ratio():
    bomb = a_zip({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"\0" * 100 * 1024 * 1024})
    assert len(bomb) < 200_000
    assert sentence(bomb).startswith("文件解压后异常庞大")


def test_a_zip_bomb_by_number_of_entries():
    assert sentence(a_zip({f"xl/{n}.xml": b"" for n in range(1001)})).startswith("文件解压后异常庞大")


def test_a_sheet_that_claims_a_cell_in_the_farthest_corner():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "姓名")
        sheet.write(1_048_575, 16_383, "x")
    assert sentence(buffer.getvalue()) in (sheets._SENTENCES["rows"], sheets._SENTENCES["died"])


def test_one_long_text_shown_in_every_cell():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for line in range(1100):
            for column in range(40):
                sheet.write(line, column, "长" * 600)
    assert sentence(buffer.getvalue()) == "表格文字过多，请只保留名册内容后再上传。"


def test_more_memory_than_the_process_may_take():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for line in range(1100):
            for column in range(40):
                sheet.write(line, column, "长" * 30_000)
    assert sentence(buffer.getvalue()).startswith("文件无法读取（内容过多或已损坏）")


def test_too_many_rows():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for line in range(20_001):
            sheet.write(line, 0, line)
    assert sentence(buffer.getvalue()) == "表格超过 20000 行，请删去多余的行或分成几份上传。"


@pytest.mark.parametrize(
    ("data", "begins"),
    [
        (b"%PDF-1.7 ...", "这不是 WPS 或 Excel 表格"),
        ("姓名,电话\n王兰,138".encode("gbk"), "这不是 WPS 或 Excel 表格"),
        (b"\xff\xd8\xff\xe0 a photo", "这不是 WPS 或 Excel 表格"),
        (b"<html><table>", "这是网页或 XML 格式的表格"),
        ("\ufeff<?xml version='1.0'?><Workbook>".encode(), "这是网页或 XML 格式的表格"),
        (a_zip({"word/document.xml": b"<x/>"}), "这不是 WPS 或 Excel 表格"),
        (a_zip({"xl/workbook.bin": b""}), "这是 .xlsb、.ods 等格式的表格"),
        (a_zip({"xl/workbook.xml": b"<workbook"}), "文件不完整或已损坏"),
        (sheets._OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "文件设有打开密码"),
        (sheets._OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "这不是 WPS 或 Excel 表格"),
        (sheets._OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "文件"),
    ],
)
def test_other_files(data, begins):
    assert sentence(data).startswith(begins)


def test_random_bytes_are_refused_in_words():
    chance = random.Random(2014)
    whole = an_xlsx(ROWS)
    for _ in range(12):
        spoilt = bytearray(whole)
        for _ in range(40):
            spoilt[chance.randrange(4, len(spoilt))] = chance.randrange(256)
        try:
            sheets.read_book(bytes(spoilt))
        except SheetRefused as refused:
            assert refused.sentence


def test_reasons_are_written_into_the_senders_own_file():
    whole = an_xlsx([["名册"], ROWS[0], *ROWS[1:]])
    marked = openpyxl.load_workbook(io.BytesIO(sheets.mark_book(whole, [Marks("Sheet1", 2, {4: "电话：位数不对"})])))
    assert [cell.value for cell in marked["Sheet1"]["D"]] == [None, "错误原因", None, "电话：位数不对"]
    assert marked["Sheet1"]["A3"].value == "欧阳䶮"


def test_marking_again_reuses_the_column():
    once = sheets.mark_book(an_xlsx(ROWS), [Marks("Sheet1", 1, {2: "旧的原因"})])
    again = openpyxl.load_workbook(io.BytesIO(sheets.mark_book(once, [Marks("Sheet1", 1, {3: "新的原因"})])))
    assert [cell.value for cell in again["Sheet1"]["D"]] == ["错误原因", None, "新的原因"]
    assert again["Sheet1"].max_column == 4


def test_an_xls_comes_back_as_xlsx_with_the_same_cells():
    marked = openpyxl.load_workbook(io.BytesIO(sheets.mark_book(an_xls(ROWS), [Marks("Sheet1", 1, {3: "缺"})])))
    assert [cell.value for cell in marked["Sheet1"][2]] == ["欧阳䶮", dt.datetime(1980, 5, 12), 13891701234, None]
    assert [cell.value for cell in marked["Sheet1"][3]] == ["王兰", "1981.6", "13891701235", "缺"]


def test_what_we_write_is_text_and_numbers_never_formulas():
    heads = [("姓名", 12), ("次数", 8), ("日期", 12), ("是否", 6)]
    rows = [["=1+1", 3, dt.date(2026, 5, 15), True], ["@SUM(A1)", 2.5, None, False], ["http://x.cn", None, None, None]]
    sheet = openpyxl.load_workbook(io.BytesIO(sheet_writing.new_book("名单", heads, rows, "儒林社区党员名单"))).active
    assert [[cell.value for cell in line] for line in sheet.iter_rows()] == [
        ["儒林社区党员名单", None, None, None],
        ["姓名", "次数", "日期", "是否"],
        ["=1+1", 3, dt.datetime(2026, 5, 15), "是"],
        ["@SUM(A1)", 2.5, None, "否"],
        ["http://x.cn", None, None, None],
    ]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert sheet.freeze_panes == "A3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
