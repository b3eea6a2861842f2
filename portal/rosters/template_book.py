"""The workbook that a liaison fills in: drop-downs, a sheet of notes, ready to print.  [二(三)2]"""

import io
from collections.abc import Callable, Mapping, Sequence

from portal.rosters.columns import ROSTER as ROSTER_LAYOUT
from portal.rosters.columns import Column, Layout
from portal.rosters.homes import Homes
from portal.sheet_writing import head_format, print_on_a4, writing

ROWS = 500  # lines prepared with drop-downs; more may be added
ROSTER, NOTES, LISTS = "党员名册", "填写说明", "社区列表"
_HEAD = 1  # under the title, counted from 0
_RULES = (
    "一行一名党员；单位、单位类型等系统已知的内容不用填写。",
    "标*的栏目必须填写。空白的格不会清除名册中已有的内容。",
    "可以改变栏目顺序、增加别的栏目；系统只读取下面这些栏目，不收身份证号。",
    "上传后先预览，列出新增、更新和有错误的行，确认后才写入；名册上有而文件中没有的党员不会被删除。",
    "同一份文件重复上传不会重复登记；整次导入可以撤销。",
)


def template_book(homes: Homes) -> bytes:
    """The template as .xlsx, with the county's communities to choose from."""
    buffer = io.BytesIO()
    with writing(buffer) as book:
        _roster_sheet(book, len(homes.names))
        _notes_sheet(book)
        lists = book.add_worksheet(LISTS)
        for line, name in enumerate(homes.names.values()):
            lists.write_string(line, 0, name)
        lists.hide()
    return buffer.getvalue()


def _roster_sheet(book, communities: int) -> None:
    def choices(column: Column) -> list[str] | str:
        if column.key == "community" and communities:
            return f"='{LISTS}'!$A$1:$A${communities}"
        return list(column.choices)

    sheet_to_fill(book, ROSTER, "在职党员进社区名册", ROSTER_LAYOUT, choices)


def sheet_to_fill(
    book, name: str, title: str, layout: Layout, choices: Callable[[Column], list[str] | str], rows: int = ROWS
):
    """A sheet with title, head, drop-downs and prepared lines; the first line to fill in is line 3."""
    columns = layout.columns
    sheet = book.add_worksheet(name)
    print_on_a4(sheet, _HEAD)
    sheet.set_row(0, 30)
    sheet.set_row(_HEAD, 32)
    big = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    cell = book.add_format({"num_format": "@", "border": 1, "border_color": "#c8ccd1", "valign": "vcenter"})
    if len(columns) > 1:
        sheet.merge_range(0, 0, 0, len(columns) - 1, title, big)
    head = head_format(book)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(_HEAD, at, column.label + ("*" if column.needed else ""), head)
        if source := choices(column):
            # Another word is warned of, not refused, since reading is tolerant.
            told = {"error_type": "warning", "error_title": column.label[:32], "error_message": "请尽量从列表中选择。"}
            sheet.data_validation(_HEAD + 1, at, _HEAD + rows, at, {"validate": "list", "source": source} | told)
    for line in range(_HEAD + 1, _HEAD + 1 + rows):
        for at in range(len(columns)):
            sheet.write_blank(line, at, None, cell)
    return sheet, cell


def _notes_sheet(book) -> None:
    sheet_of_notes(book, _RULES, {"": ROSTER_LAYOUT})


def sheet_of_notes(book, rules: Sequence[str], layouts: Mapping[str, Layout]) -> None:
    """The sheet that says how to fill in: rules, then each column of each sheet."""
    sheet = book.add_worksheet(NOTES)
    head, plain = head_format(book), book.add_format({"text_wrap": True, "valign": "top"})
    for at, width in enumerate((14, 8, 62, 22)):
        sheet.set_column(at, at, width)
    for line, rule in enumerate(rules):
        sheet.merge_range(line, 0, line, 3, f"{line + 1}. {rule}", plain)
        sheet.set_row(line, 32)
    top = line = len(rules) + 1
    for name, layout in layouts.items():
        if name:
            sheet.merge_range(line, 0, line, 3, f"“{name}”表", head)
            line += 1
        for at, words in enumerate(("栏目", "必填", "怎么填", "例")):
            sheet.write_string(line, at, words, head)
        for below, column in enumerate(layout.columns, 1):
            told = (column.label, "必填" if column.needed else "", column.note, column.example)
            for at, words in enumerate(told):
                sheet.write_string(line + below, at, words, plain)
        line += len(layout.columns) + 2
    print_on_a4(sheet, top)
