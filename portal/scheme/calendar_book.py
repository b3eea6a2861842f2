"""The calendar of days off as a spreadsheet: the template, and what an upload would change, row by row."""

import datetime as dt
import io
import re
from dataclasses import dataclass, field

from sqlalchemy import select

from portal.errors import RuleBroken
from portal.extensions import db, reading
from portal.labels import Labelled
from portal.rosters import parsing
from portal.rosters.columns import Column, Layout
from portal.rosters.parsing import NoHead, ReadRow, ReadSheet
from portal.rosters.template_book import sheet_of_notes, sheet_to_fill
from portal.rosters.values import Unreadable, plain_text, text_of
from portal.scheme import queries, service_days
from portal.scheme.calendar import Calendar
from portal.scheme.models import CalendarDay, DayKind
from portal.scheme.service_days import ServiceDays
from portal.sheet_writing import writing
from portal.sheets import Cell, Marks, mark_book, read_book
from portal.text import half_width, read_day

MOST = 300  # days of one upload; a year has about forty
SHEET = "放假和调休"
_EPOCH = dt.date(1899, 12, 30)  # from which spreadsheets count days
_NOTE = re.compile(r"[(（].*?[)）]|(?:星期|周)[一二三四五六日天]|\s")
_RULES = (
    "一行一天，只列与星期几不同的日子：放假的工作日、要上班的周末；周末本来就休息，列不列都可以。",
    "依照国务院办公厅关于节假日安排的通知填写。没有列出的日子按星期几算。",
    "上传后先预览，逐行列出新增、更正和看不懂的行，确认后才写入；同一份文件重复上传不会重复登记。",
)


class DayResult(Labelled):
    """What an upload makes of one row."""

    BAD = "bad", "看不懂"
    TWICE = "twice", "表内重复"
    NEW = "new", "新增"
    CHANGED = "changed", "更正"
    SAME = "same", "无变化"


@dataclass(frozen=True)
class Line:
    """One row of the upload: where it stands, what it says, what becomes of it and, where it can't be taken, why."""

    sheet: str
    line: int
    result: DayResult
    words: str
    why: str = ""
    day: dt.date | None = None
    kind: DayKind = DayKind.HOLIDAY
    note: str = ""

    @property
    def is_written(self) -> bool:
        """Whether writing the upload changes the calendar by this row."""
        return self.result in (DayResult.NEW, DayResult.CHANGED)


@dataclass(frozen=True)
class Preview:
    """An upload's rows, and the service days that it moves as (before, after)."""

    lines: list[Line] = field(default_factory=list)
    moved: list[tuple[ServiceDays, ServiceDays]] = field(default_factory=list)

    def count(self, result: DayResult) -> int:
        """How many rows had this result."""
        return sum(line.result is result for line in self.lines)

    @property
    def first_year(self) -> int | None:
        """The year of the first day that would be written."""
        return min((line.day.year for line in self.lines if line.is_written and line.day), default=None)

    @property
    def pasted(self) -> str:
        """The rows that can be written, as the paste box takes them: that is how they are sent on."""
        rows = (line for line in self.lines if line.is_written)
        return "\n".join(f"{row.day} {row.kind.label} {row.note}" for row in rows)


def _day(cell: Cell, _today: dt.date) -> dt.date | None:
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, float) and 36_000 < cell < 75_000:  # a date that lost its format: 1998 to 2105
        return _EPOCH + dt.timedelta(days=int(cell))
    typed = _NOTE.sub("", half_width(text_of(cell)))
    found = read_day(typed)
    if typed and (found is None or not 2000 <= found.year <= 2099):
        raise Unreadable(f"日期“{typed[:20]}”无法识别，请写成 2027-10-01。")
    return found


def _kind(cell: Cell, _today: dt.date) -> DayKind | None:
    typed = text_of(cell)
    if "班" in typed:
        return DayKind.WORKDAY
    if "假" in typed or "休" in typed:
        return DayKind.HOLIDAY
    if typed:
        raise Unreadable(f"安排“{typed[:10]}”无法识别，请填放假或调休上班。")
    return None


COLUMNS = (
    Column("day", "日期", _day, "2027-10-01；2027年10月1日、20271001 也能识别。", "2027-10-01", 16,
           ("时间", "日子"), 200, True),
    Column("kind", "安排", _kind, "放假或调休上班。", DayKind.HOLIDAY.label, 14,
           ("类型", "性质", "放假或上班"), 200, True, tuple(kind.label for kind in DayKind)),
    Column("note", "说明", plain_text, "哪个节日，和服务日一起显示。", "国庆节", 20,
           ("节日", "节假日", "备注", "名称"), 40),
)  # fmt: skip
LAYOUT = Layout(COLUMNS, "day")


def template_book() -> bytes:
    """The template as .xlsx."""
    buffer = io.BytesIO()
    with writing(buffer) as book:
        sheet_to_fill(book, SHEET, SHEET, LAYOUT, lambda column: list(column.choices), rows=60)
        sheet_of_notes(book, _RULES, {"": LAYOUT})
    return buffer.getvalue()


def read(data: bytes, today: dt.date) -> list[ReadSheet]:
    """The sheets of an uploaded workbook; Refused with a Chinese sentence when they have no rows or too many."""
    with reading():
        book = read_book(data)
    sheets, lacking = [], NoHead("没有找到表头：请在同一行写明日期、安排、说明，可下载模板对照。")
    for sheet in book:
        try:
            sheets += [] if sheet.hidden else [parsing.read_sheet(sheet, LAYOUT, today)]
        except NoHead as missing:
            lacking = missing if "缺少" in missing.sentence else lacking
    rows = sum(len(sheet.rows) for sheet in sheets)
    if not rows:
        raise lacking
    if rows > MOST:
        raise RuleBroken(f"一次最多{MOST}天，请分成几份上传。")
    return sheets


def marked(data: bytes, sheets: list[ReadSheet]) -> bytes | None:
    """The sender's own workbook with a column 错误原因 for every row that can't be taken; None where all can."""
    words: dict[str, dict[int, str]] = {sheet.name: {} for sheet in sheets}
    for line in preview(sheets).lines:
        if line.result in (DayResult.BAD, DayResult.TWICE):
            words[line.sheet][line.line] = line.why
    if not any(words.values()):
        return None
    with reading():
        return mark_book(data, [Marks(sheet.name, sheet.head, words[sheet.name]) for sheet in sheets])


def preview(sheets: list[ReadSheet]) -> Preview:
    """What these sheets' rows would change, compared with the calendar as it stands."""
    rows = [row for sheet in sheets for row in sheet.rows]
    days = [row.facts["day"] for row in rows if "day" in row.facts]
    known = {row.day: row for row in db.session.scalars(select(CalendarDay).where(CalendarDay.day.in_(days)))}
    lines: list[Line] = []
    for row in rows:
        seen = {line.day for line in lines if line.day}
        lines.append(_line(row, known, seen))
    return Preview(lines, _moved({line.day: line for line in lines if line.is_written and line.day}))


def _line(row: ReadRow, known: dict[dt.date, CalendarDay], seen: set[dt.date]) -> Line:
    at, day, kind = (row.sheet, row.line), row.facts.get("day"), row.facts.get("kind")
    words = f"{day:%Y年%-m月%-d日}" if isinstance(day, dt.date) else "—"
    if row.problems or not isinstance(day, dt.date) or not isinstance(kind, DayKind):
        return Line(*at, DayResult.BAD, words, " ".join(reason for _, reason in row.problems))
    if day in seen:
        return Line(*at, DayResult.TWICE, words, "前面已有这一天。")
    note = str(row.facts.get("note") or kind.label)
    before = known.get(day)
    if before is None:
        return Line(*at, DayResult.NEW, words, "", day, kind, note)
    if (before.kind, before.note) == (kind, note):
        return Line(*at, DayResult.SAME, words, "", day, kind, note)
    return Line(*at, DayResult.CHANGED, words, f"原为{before.kind.label}（{before.note}）", day, kind, note)


def _moved(written: dict[dt.date, Line]) -> list[tuple[ServiceDays, ServiceDays]]:
    moved = []
    for year in sorted({day.year for day in written}):
        now, own = queries.calendar(year, year), queries.overrides(year, year)
        then = Calendar(
            {**now.exceptions, **{day: line.kind for day, line in written.items()}},
            {**now.names, **{day: line.note for day, line in written.items()}},
        )
        moved += service_days.changed(service_days.of_year(year, now, own), service_days.of_year(year, then, own))
    return moved
