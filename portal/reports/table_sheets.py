"""Tables 6 and 7 as .xlsx: the same filters as on the page, merged headings, typed cells, no formula whatever."""

import io

from portal import audit, clock, web
from portal.doors import for_roles
from portal.extensions import reading
from portal.reports import behind, registers
from portal.reports.scopes import By
from portal.reports.table_filter import filter_form, read
from portal.reports.table_routes import NUMBER, READERS, bp, cell_asked
from portal.reports.tables import Column, Row, Table, groups
from portal.sheet_writing import head_format, new_book, print_on_a4, writing

HEADS = {By.UNITS.value: "单位", By.SUPERVISORS.value: "主管党组织", By.COMMUNITIES.value: "社区"}
NAME_WIDTH, WIDTH, WORDS_WIDTH = 30, 8, 20


@bp.route(f"/{NUMBER}/export", methods=["POST"])
@for_roles(*READERS)
def export(table: str):
    """The table of the page as .xlsx; noted in the audit trail."""
    by, chosen = web.me(), read(filter_form(), web.me())
    with reading():
        found = chosen.table(int(table))
    audit.write(by, "reports.export", reason=f"导出附件{table} {chosen.by.label} {len(found.rows)} 行")
    web.keep()
    return web.download(book(found, by.office or by.role.label), f"附件{table}{clock.today():%Y%m%d}.xlsx")


@bp.route(f"/{NUMBER}/behind/export", methods=["POST"])
@for_roles(*READERS)
def export_behind(table: str):
    """The list behind a number as .xlsx; noted in the audit trail."""
    chosen, cell = cell_asked(int(table))
    with reading():
        found = behind.all_of(cell)
    name = f"{cell.tally.group}{cell.tally.label}"
    audit.write(web.me(), "reports.export", reason=f"导出附件{table}明细 {name} {len(found)} 行")
    web.keep()
    lines = [(place, each.label, each.note, each.amount) for place, each in enumerate(found, 1)]
    heads = (("序号", 8), ("名称", 30), ("说明", 60), ("计入", 8))
    title = f"{name}明细（{chosen.year}年，截至{chosen.day:%-m月%-d日}）"
    return web.download(new_book("明细", heads, lines, title), f"附件{table}明细{clock.today():%Y%m%d}.xlsx")


@bp.route("/register/<row:community>/export", methods=["POST"])
@for_roles(*READERS)
def export_register(community: int):
    """The register of one community as .xlsx; noted in the audit trail."""
    found, today = web.find(registers.communities(web.me()), community), clock.today()
    name, key = found.name, found.id
    with reading():
        lines = [(place, *line.values) for place, line in enumerate(registers.lines(key), 1)]
    audit.write(web.me(), "reports.export", reason=f"导出附件7名册 {name} {len(lines)} 行")
    web.keep()
    title = f"{name} 在职党员进社区报到情况汇总表（二）（截至{today:%Y年%-m月%-d日}）"
    return web.download(
        new_book("附件7", (("序号", 6), *registers.HEADS), lines, title), f"附件7{name}{today:%Y%m%d}.xlsx"
    )


def book(table: Table, body: str) -> bytes:
    """A table as .xlsx: title, body and day, two lines of headings, the rows, the total."""
    buffer = io.BytesIO()
    with writing(buffer) as workbook:
        sheet = workbook.add_worksheet(f"附件{table.number}")
        print_on_a4(sheet, 3)
        sheet.repeat_rows(0, 3)
        sheet.freeze_panes(4, 2)
        head, formats = head_format(workbook), Formats(workbook)
        last = len(table.columns) + 1
        sheet.merge_range(0, 0, 0, last, f"{table.year}年{table.title}", formats.title)
        until = f"{int(table.until[:4])}年{int(table.until[5:7])}月{int(table.until[8:])}日"
        sheet.merge_range(1, 0, 1, last, f"填报单位：{body}　　截至：{until}", formats.under)
        _heads(sheet, table, head)
        for line, row in enumerate((*table.rows, table.total), 4):
            _row(sheet, line, "" if row is table.total else line - 3, row, table.columns, formats)
    return buffer.getvalue()


class Formats:
    """How the cells of a table look."""

    def __init__(self, workbook):
        """Made once a workbook."""
        line = {"border": 1, "border_color": "#c8ccd1", "valign": "vcenter"}
        self.title = workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.under = workbook.add_format({"align": "left"})
        self.words = workbook.add_format({**line, "text_wrap": True})
        self.number = workbook.add_format({**line, "align": "right"})
        self.rate = workbook.add_format({**line, "align": "right", "num_format": "0.0%"})


def _heads(sheet, table: Table, head) -> None:
    """Two lines: the headings that several columns share are merged over them, all others downwards."""
    for place, (label, width) in enumerate((("序号", 5), (HEADS.get(table.by, "单位"), NAME_WIDTH))):
        sheet.merge_range(2, place, 3, place, label, head)
        sheet.set_column(place, place, width)
    for place, column in enumerate(table.columns, 2):
        sheet.set_column(place, place, WORDS_WIDTH if column.kind == "words" else WIDTH)
        if not column.group:
            sheet.merge_range(2, place, 3, place, column.label, head)
        else:
            sheet.write_string(3, place, column.label, head)
    for group, first, count in groups(table.columns):
        if count > 1:
            sheet.merge_range(2, first + 2, 2, first + 1 + count, group, head)
        else:
            sheet.write_string(2, first + 2, group, head)


def _row(sheet, line: int, place: int | str, row: Row, columns: tuple[Column, ...], formats: Formats) -> None:
    if isinstance(place, int):
        sheet.write_number(line, 0, place, formats.number)
    else:
        sheet.write_blank(line, 0, None, formats.words)
    sheet.write_string(line, 1, row.name, formats.words)
    for at, column in enumerate(columns, 2):
        value = row.cells.get(column.key)
        if value is None:
            sheet.write_blank(line, at, None, formats.words)
        elif isinstance(value, str):
            sheet.write_string(line, at, value, formats.words)
        else:
            sheet.write_number(line, at, value, formats.rate if column.kind == "rate" else formats.number)
