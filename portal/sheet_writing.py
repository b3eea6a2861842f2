"""Spreadsheets that the portal writes: real .xlsx whose texts are text, never a formula or an address.

`new_book(name, heads, rows)` → one table, ready to print; `writing(buffer)` for a workbook of several sheets.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import xlsxwriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet tells a formula in a CSV
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def new_book(name: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence], title: str = "") -> bytes:
    """One table as .xlsx: `heads` are labels and widths, text stays text, head frozen, A4 landscape.

    Rows are written as they come, so that any number of them needs the same memory.
    """
    buffer = io.BytesIO()
    with writing(buffer, constant_memory=True) as book:
        sheet = book.add_worksheet(name)
        top = 1 if title else 0
        if title:
            sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
        print_on_a4(sheet, top)
        head = head_format(book)
        for column, (label, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, label, head)
        date, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
        for line, row in enumerate(rows, top + 1):
            for column, value in enumerate(row):
                _write(sheet, line, column, value, moment if isinstance(value, dt.datetime) else date)
    return buffer.getvalue()


def new_csv(heads: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """The same table as CSV that Excel and WPS open as Chinese: days as 2026-05-15, no text that reads as a formula."""
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer)
    lines.writerow(map(_plain, heads))
    lines.writerows([_plain(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _plain(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


@contextmanager
def writing(buffer: io.BytesIO, constant_memory: bool = False) -> Iterator[xlsxwriter.Workbook]:
    """A workbook that takes every text as text, never as a formula or an address."""
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, safe | {"constant_memory": constant_memory}) as book:
        yield book


def head_format(book: xlsxwriter.Workbook):
    """How the head of a table looks."""
    return book.add_format({"bold": True, "bg_color": "#f5f6f8", "border": 1, "border_color": "#c8ccd1",
                            "align": "center", "valign": "vcenter", "text_wrap": True})  # fmt: skip


def print_on_a4(sheet, head_line: int) -> None:
    """A4 landscape, one page wide, the head (counted from 0) frozen and repeated on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.repeat_rows(head_line)
    sheet.freeze_panes(head_line + 1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _write(sheet, line: int, column: int, value, date) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, column, "是" if value else "否")
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, column, value, date)
    else:
        sheet.write_string(line, column, str(value))
