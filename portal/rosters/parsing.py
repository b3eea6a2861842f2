"""Sheets as rows of facts: finds the head under whatever titles stand above it, skips what is no row."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portal.errors import BadValue
from portal.rosters.columns import ROSTER, Column, Layout, heading_of
from portal.rosters.values import Unreadable, text_of
from portal.sheets import MARK_TITLE, Cell, Sheet

HEAD_WITHIN = 30  # lines; titles, unit's name and date of filling in stand above the head
_HEADS_NEEDED = 3
_FOOT = re.compile(
    r"(?:合计|总计|小计|共计|总人数|填表人|填报人|制表人?|审核人?|负责人|联系人|联系电话|填报单位|填报日期|填表日期|"
    r"备注|说明|注)(?:[:：]|\d|$)|共\d+人$"
)


class NoHead(BadValue):
    """A workbook in which no sheet has the head of a roster."""


@dataclass
class ReadRow:
    """One line of the file: the facts that could be read, and what could not, as (heading, reason)."""

    sheet: str
    line: int
    facts: dict[str, object] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name, as far as it could be read."""
        return str(self.facts.get("name") or "")


@dataclass
class ReadSheet:
    """One sheet with a head: where the head's last line is, the rows, and headings that nobody knows."""

    name: str
    head: int
    rows: list[ReadRow]
    unknown: list[str]


def read_roster(book: Sequence[Sheet], today: dt.date) -> list[ReadSheet]:
    """The sheets that hold rows of a roster; NoHead when there is none or a needed column is missing."""
    found = [(sheet, head) for sheet in book if not sheet.hidden and (head := _find_head(sheet.rows, ROSTER))]
    if not found:
        raise NoHead("没有找到表头：请在同一行写明姓名、性别、出生年月、手机号等栏目，可下载模板对照。")
    read = [_read_sheet(sheet, *head, ROSTER, today) for sheet, head in found]
    if not any(sheet.rows for sheet in read):
        raise NoHead("表头下面没有党员，请填写后再上传。")
    return read


def read_sheet(sheet: Sheet, layout: Layout, today: dt.date) -> ReadSheet:
    """The rows of one sheet of this layout; NoHead when it has no such head."""
    try:
        head = _find_head(sheet.rows, layout)
    except NoHead as lacking:
        raise NoHead(f"“{sheet.name}”表：{lacking.sentence}") from None
    if head is None:
        raise NoHead(f"“{sheet.name}”表没有找到表头，可下载模板对照。")
    return _read_sheet(sheet, *head, layout, today)


def _find_head(rows: list[list[Cell]], layout: Layout) -> tuple[int, dict[int, Column]] | None:
    """The index of the head's last line and its columns by place; the head may take two lines."""
    fewest = min(_HEADS_NEEDED, len(layout.columns))
    for line, row in enumerate(rows[:HEAD_WITHIN]):
        places = _places(row, layout)
        keys = {column.key for column in places.values()}
        below = _places(rows[line + 1], layout) if line + 1 < len(rows) else {}
        below = {at: column for at, column in below.items() if at not in places and column.key not in keys}
        if layout.key not in keys or len(places) + len(below) < fewest:
            continue
        missing = [c.label for c in layout.columns if c.needed and c not in [*places.values(), *below.values()]]
        if missing:
            raise NoHead(f"表头（第{line + 1}行）缺少：{'、'.join(missing)}。请补上后再上传。")
        return line + bool(below), places | below
    return None


def _places(row: list[Cell], layout: Layout) -> dict[int, Column]:
    """The known columns of a head by place; of two with one meaning the first counts."""
    places: dict[int, Column] = {}
    for at, cell in enumerate(row):
        column = layout.column_of(cell)
        if column and column not in places.values():
            places[at] = column
    return places


def _read_sheet(sheet: Sheet, head: int, places: dict[int, Column], layout: Layout, today: dt.date) -> ReadSheet:
    rows = [
        _read_row(sheet.name, line, row, places, today)
        for line, row in _lines(sheet.rows[head + 1 :], head + 2, places, layout)
    ]
    headings = [text_of(cell) for at, cell in enumerate(sheet.rows[head]) if at not in places and heading_of(cell)]
    unknown = [words for words in headings if words not in (MARK_TITLE, "序号", "编号")]
    return ReadSheet(sheet.name, head + 1, rows, unknown)


def _lines(
    rows: list[list[Cell]], first: int, places: dict[int, Column], layout: Layout
) -> Iterator[tuple[int, list[Cell]]]:
    """The lines that hold something: not the blank ones, not the total or the signatures, not a repeated head."""
    at_name = next(at for at, column in places.items() if column.key == layout.key)
    for line, row in enumerate(rows, first):
        written = [cell for cell in row if _is_written(cell)]
        if not any(at < len(row) and _is_written(row[at]) for at in places):
            continue
        named = row[at_name] if at_name < len(row) else ""
        if layout.column_of(named) is places[at_name]:
            continue
        if any(_FOOT.match(re.sub(r"\s", "", text_of(cell))) for cell in (written[0], named)):
            continue
        yield line, row


def _is_written(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else True


def _read_row(sheet: str, line: int, row: list[Cell], places: dict[int, Column], today: dt.date) -> ReadRow:
    read = ReadRow(sheet, line)
    for at, column in places.items():
        try:
            fact = column.read(row[at], today) if at < len(row) else None
        except Unreadable as reason:
            read.problems.append((column.label, str(reason)))
            continue
        if fact is None and column.needed:
            read.problems.append((column.label, f"{column.label}没有填写。"))
        elif isinstance(fact, str) and len(fact) > column.most:
            read.problems.append((column.label, f"{column.label}过长，最多{column.most}个字。"))
        elif fact is not None:
            read.facts[column.key] = fact
    return read
