"""The template: what is asked, what may be chosen, and that it comes back as it was filled in."""

import io

import openpyxl
import pytest

from portal.rosters import queries
from portal.rosters.models import RowResult
from portal.rosters.template_book import template_book
from tests.rosters.rosters import examined

LABELS = [
    "姓名*", "性别*", "民族", "出生年月*", "入党时间", "党员类型", "是否领导干部", "学历", "所在支部", "职务", "职称",
    "居住社区", "小区", "家庭住址", "手机号*", "是否居住县城",
]  # fmt: skip


@pytest.fixture
def book(cast):
    return openpyxl.load_workbook(io.BytesIO(template_book(queries.known_homes())))


def test_the_sheets(book):
    assert book.sheetnames == ["党员名册", "填写说明", "社区列表"]
    assert book["社区列表"].sheet_state == "hidden"


def test_the_head_asks_only_what_the_system_does_not_know(book):
    assert [cell.value for cell in book["党员名册"][2]] == LABELS


def test_it_is_ready_to_print_and_to_scroll(book):
    sheet = book["党员名册"]
    assert sheet.freeze_panes == "A3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == (
        "landscape",
        9,
        "$2:$2",
    )
    assert sheet.column_dimensions["N"].width > 25


def test_phones_and_dates_are_text(book):
    sheet = book["党员名册"]
    assert {sheet[f"{column}3"].number_format for column in "DEO"} == {"@"}


def test_the_drop_downs(book):
    lists = {
        str(rule.sqref).split(":")[0][0]: rule.formula1 for rule in book["党员名册"].data_validations.dataValidation
    }
    assert lists == {
        "B": '"男,女"',
        "F": '"正式,预备"',
        "G": '"是,否"',
        "H": '"中专及以下,高中,大专,本科,硕士研究生,博士研究生"',
        "L": "'社区列表'!$A$1:$A$2",
        "P": '"是,否"',
    }
    assert [cell.value for cell in book["社区列表"]["A"]] == ["儒林社区", "凤鸣社区"]


def test_the_notes_tell_every_column(book):
    notes = [[cell.value for cell in row] for row in book["填写说明"].iter_rows(min_row=8)]
    assert [row[0] for row in notes] == [label.strip("*") for label in LABELS]


def test_the_template_filled_in_is_read_whole(cast, book):
    sheet = book["党员名册"]
    filled = ["王强", "男", "汉族", "1980-05", "2005-07", "正式", "否", "本科", "第一党支部", "教师", "高级教师",
              "儒林社区", "儒林苑", "3号楼2单元501室", "13891702001", "是"]  # fmt: skip
    for at, words in enumerate(filled, 1):
        sheet.cell(3, at).value = words
    saved = io.BytesIO()
    book.save(saved)
    (row,) = examined(cast, saved.getvalue()).rows
    assert (row.line, row.result, row.problems) == (3, RowResult.NEW, [])
    assert (row.after.branch, row.after.title, row.after.address) == ("第一党支部", "高级教师", "儒林苑3号楼2单元501室")
    assert row.after.education.label == "本科" and row.after.joined == "2005-07"
