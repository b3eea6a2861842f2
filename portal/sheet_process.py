"""Opens a spreadsheet that somebody sent, in a process of its own with limits; run as a script by sheets.py.

It imports nothing of the portal and gets no setting and no key: a file that takes it over finds nothing there.
In: length of the order, the order as JSON, the file. Out: JSON (`read`) or an xlsx (`mark`); exit code 3 and one
word when the file can't be used, any other code when the process died.
"""

import datetime as dt
import io
import json
import resource
import struct
import sys

MEMORY = 1 << 30  # bytes of address space; 20,000 rows take about a quarter
SECONDS = 60  # of processor time
COLUMNS = 80  # more are cut off: no roster is that wide
CELL_LETTERS = 500
ALL_LETTERS = 20_000_000  # one long text shown in every cell would fill the memory of whoever reads it
TROUBLE = 3


class Trouble(Exception):
    """The file can't be used; one of the words that sheets.py has a sentence for."""


def read(data: bytes, max_rows: int) -> list[dict]:
    """The sheets of an xlsx or xls: name, hidden or not, cells by row from the first row of the sheet."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        hidden = {sheet.name: sheet.visible != calamine.SheetVisibleEnum.Visible for sheet in book.sheets_metadata}
        sheets: list[dict] = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > max_rows:
                raise Trouble("rows")
            rows = [row[:COLUMNS] for row in sheet.to_python(skip_empty_area=False)]
            sheets.append({"name": name, "hidden": hidden.get(name, False), "rows": _plain(rows)})
    except calamine.PasswordError:
        raise Trouble("password") from None
    except (calamine.CalamineError, calamine.WorksheetNotFound):
        raise Trouble("damaged") from None
    if sum(len(sheet["rows"]) for sheet in sheets) > max_rows:
        raise Trouble("rows")
    return sheets


def _plain(rows: list[list]) -> list[list]:
    """The cells as JSON has them; a date is a list of one text."""
    left = ALL_LETTERS
    for row in rows:
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                row[place] = cell[:CELL_LETTERS]
                left -= len(row[place])
            elif isinstance(cell, dt.date):
                row[place] = [f"{cell:%Y-%m-%d}"]
            elif not isinstance(cell, bool | int | float) or cell != cell or abs(cell) == float("inf"):
                row[place] = str(cell)
        if left < 0:
            raise Trouble("large")
    return rows


def mark(data: bytes, title: str, marks: list[dict]) -> bytes:
    """The same workbook with one column more: `marks` has for each sheet its head line and words by line."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.load_workbook(io.BytesIO(data))
    for marked in marks:
        sheet = book[marked["sheet"]]
        column = _clear_column(sheet, marked["head"], title)
        lines = {marked["head"]: title} | {int(line): words for line, words in marked["words"].items()}
        for line, words in lines.items():
            cell = _cell(sheet, line, column)
            cell.value, cell.data_type = words, "s"
            cell.font = Font(color="FFB3000A", bold=line == marked["head"])
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = 48
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _clear_column(sheet, head: int, title: str) -> int:
    """The column that bears this title from last time, emptied, or the first one behind all that is written."""
    last = 1
    for row in sheet.iter_rows(max_col=COLUMNS):
        for cell in row:
            if cell.value in (None, ""):
                continue
            last = max(last, cell.column)
            if cell.row == head and cell.value == title:
                for line in range(head + 1, sheet.max_row + 1):
                    _cell(sheet, line, cell.column).value = None
                return cell.column
    return last + 1


def _cell(sheet, line: int, column: int):
    """A cell that takes a value: merged cells are parted where they stand in the way."""
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row <= line <= merged.max_row and merged.min_col < column <= merged.max_col:
            sheet.unmerge_cells(str(merged))
    return sheet.cell(line, column)


def copy_marked(data: bytes, max_rows: int, title: str, marks: list[dict]) -> bytes:
    """A new xlsx with the cells of the file and the marks, for an xls or what openpyxl can't open."""
    import xlsxwriter

    words_of = {marked["sheet"]: marked for marked in marks}
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, options) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        red = book.add_format({"font_color": "#b3000a", "text_wrap": True})
        for sheet in read(data, max_rows):
            page = book.add_worksheet(sheet["name"][:31])
            width = 0
            for line, row in enumerate(sheet["rows"]):
                width = max(width, len(row))
                for column, cell in enumerate(row):
                    if isinstance(cell, list):
                        page.write_datetime(line, column, dt.datetime.fromisoformat(cell[0]), date)
                    elif cell != "":
                        page.write(line, column, cell)
            if marked := words_of.get(sheet["name"]):
                page.set_column(width, width, 48)
                for line, words in {marked["head"]: title, **marked["words"]}.items():
                    page.write_string(int(line) - 1, width, words, red)
    return written.getvalue()


def main() -> None:
    """Carry out the order that stands on the standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    (length,) = struct.unpack(">I", sys.stdin.buffer.read(4))
    order = json.loads(sys.stdin.buffer.read(length))
    data = sys.stdin.buffer.read()
    try:
        if order["do"] == "read":
            answer = json.dumps(read(data, order["max_rows"]), ensure_ascii=False).encode("utf-8", "replace")
        elif order["do"] == "mark":
            answer = mark(data, order["title"], order["marks"])
        else:
            answer = copy_marked(data, order["max_rows"], order["title"], order["marks"])
    except Trouble as trouble:
        sys.stdout.write(str(trouble))
        sys.exit(TROUBLE)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
