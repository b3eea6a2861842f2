"""The workbook of the first day: a sheet a kind, drop-downs, notes; what is known already stands in it."""

import io
from collections.abc import Callable
from typing import Any

from portal.firstday.columns import LAYOUTS
from portal.firstday.models import Part
from portal.firstday.places import ABOVE, ORGANISATIONS, Places
from portal.labels import Labelled
from portal.rosters.columns import Column
from portal.rosters.template_book import sheet_of_notes, sheet_to_fill
from portal.sheet_writing import writing

FIRST_LINE = 2  # under title and head, counted from 0
LINES = {Part.MEMBERS: 1000, Part.REGISTRATIONS: 1000, Part.RECORDS: 1000}
_RULES = (
    "用于一次性导入系统启用之前已有的数据，导入的内容标“期初”。各表从前往后填，后面的表可以用代码或名称指前面的表，也可以指系统中已有的。",
    "不需要的表可以留空或删除；可以改变栏目顺序、增加别的栏目，系统只读取下面这些栏目，不收身份证号。标*的必须填写。",
    "“报到”表一人一行，只填现在有效的报到，导入后状态为“回执已备案”；证明信、回执的编号照原纸质件填，不占用系统的编号。",
    "“本年服务”表只填今年的，证据等级为“补录”，经第二人核对后计入时长。",
    "上传后先预览，逐行列出新增、更新、无变化和有错误的行；提交后由县委组织部另一位同志核对写入。",
    "同一份文件重复上传不会重复登记；在写入后30天内、没有后续办理以前，整次导入可以撤销。",
)
_LISTED = {  # the column that a drop-down offers is the name's in the sheet of that part
    "unit": Part.UNITS, "community": Part.COMMUNITIES, "place": Part.COMMUNITIES, "supervisor": Part.SUPERVISORS,
}  # fmt: skip


def template_book(places: Places) -> bytes:
    """The template as .xlsx; the organisations that the portal knows already stand in their sheets."""
    buffer = io.BytesIO()
    with writing(buffer) as book:
        for part, layout in LAYOUTS.items():
            known = [values for _, values in places.all(part)] if part in ORGANISATIONS else []
            rows = max(LINES.get(part, 300), len(known) + 100)
            sheet, cell = sheet_to_fill(book, part.label, f"期初数据：{part.label}", layout, _choices(places), rows)
            for line, values in enumerate(known, FIRST_LINE):
                for at, column in enumerate(layout.columns):
                    if words := _words(part, column, values, places):
                        sheet.write_string(line, at, words, cell)
        sheet_of_notes(book, _RULES, {part.label: layout for part, layout in LAYOUTS.items()})
    return buffer.getvalue()


def _choices(places: Places) -> Callable[[Column], list[str] | str]:
    def choices(column: Column) -> list[str] | str:
        part = _LISTED.get(column.key)
        if part is None:
            return list(column.choices)
        at = [each.key for each in LAYOUTS[part].columns].index("name")
        last = FIRST_LINE + max(300, sum(1 for _ in places.all(part)) + 100)
        letter = "ABCDEFGH"[at]
        return f"='{part.label}'!${letter}${FIRST_LINE + 1}:${letter}${last}"

    return choices


def _words(part: Part, column: Column, values: dict[str, Any], places: Places) -> str:
    if part in ABOVE and column.key == ABOVE[part][0]:
        return places.name(ABOVE[part][2], values[ABOVE[part][1]])
    value = values.get(column.key)
    if isinstance(value, bool):
        return "是" if value else ""
    return value.label if isinstance(value, Labelled) else (value or "")
