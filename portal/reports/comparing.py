"""One table beside another: this year beside the last, what was handed in beside what is counted now."""

import datetime as dt
from dataclasses import dataclass, replace

from portal.reports import content, freezing, frozen, queries, tables
from portal.reports.counting import WHOLE
from portal.reports.frozen import Source
from portal.reports.models import Report, ReportKind
from portal.reports.scopes import By, Scope
from portal.reports.tables import Cell, Column, Row, Table
from portal.reports.tallies import Kind


@dataclass(frozen=True)
class Line:
    """One column of a row in two tables: what it was, what it is, and by how much that differs ("" where it can't)."""

    label: str
    unit: str
    then: str
    now: str
    difference: str


@dataclass(frozen=True)
class Beside:
    """A row of a table beside the same row of another one; `source` says where the other one is from."""

    name: str
    source: str
    lines: list[Line]


@dataclass(frozen=True)
class Differing:
    """What a body handed in of one row that is counted otherwise now."""

    report: Report
    row: str
    lines: list[Line]


@dataclass(frozen=True)
class Whole:
    """The county's table put together from what was handed in, beside the one counted now.

    `sources` are the tables that it is put together from, each with its report.
    """

    then: Table
    now: Table
    differing: list[Differing]
    sources: list[tuple[Report, Source]]


def with_last_year(report: Report, table: Table, row_key: int) -> Beside:
    """A row of a report's table beside the year before: as it was handed in then, else as it is counted now."""
    before = queries.last_years(report)
    frozen = freezing.read(before.standing) if before and before.standing else None
    then = frozen.table(table.number) if frozen else None
    source = f"{report.year - 1}年上报数" if then else f"{report.year - 1}年（未上报，按现有记录统计）"
    if then is None:
        by, scope = content.scope_of(report)
        then = tables.table(table.number, by, scope, report.year - 1, dt.date(report.year - 1, 12, 31))
    now_row = row_of(table, row_key)
    return Beside(now_row.name, source, lines(table, now_row, row_of(then, row_key, now_row.name)))


def lines(table: Table, now: Row, then: Row | None) -> list[Line]:
    """All numbers of a row beside those of another one."""
    columns = (column for column in table.columns if column.kind != Kind.WORDS.value)
    return [_line(column, now, then) for column in columns if now.cells.get(column.key) is not None or then is None]


def whole_of(year: int, kind: ReportKind, number: int, today: dt.date) -> Whole:
    """The county's table 6 by bodies (or the county town's 6 or 7 by communities): handed in, and counted now."""
    now = tables.table(number, _by(kind), Scope(), year, _until(year, today))
    then, sources = handed_in(year, kind, number, today)
    differing = []
    for report, source in sources:
        for row in _rows_of(report, source.table):
            if other := [line for line in lines(now, row_of(now, row.key), row) if line.then != line.now]:
                differing.append(Differing(report, row.name, other))
    return Whole(then, now, differing, sources)


def handed_in(year: int, kind: ReportKind, number: int, today: dt.date) -> tuple[Table, list[tuple[Report, Source]]]:
    """The table put together from what the bodies handed in, and each body's own with its report."""
    sources = []
    for report in queries.handed_in(year):
        table = freezing.read(report.standing).table(number) if report.kind is kind and report.standing else None
        if report.standing and table:
            name = report.supervisor.name if kind is ReportKind.OWN else ""
            sources.append((report, Source(report.standing, table, WHOLE, name)))
    rows = tuple(row for report, source in sources for row in _rows_of(report, source.table))
    whole = tables.of_rows(number, _by(kind), year, _until(year, today), rows, Row(WHOLE, "合计", {}))
    total = Row(WHOLE, "合计", _total(whole, [source for _, source in sources]))
    return replace(whole, total=total), sources


def _by(kind: ReportKind) -> By:
    return By.COMMUNITIES if kind is ReportKind.LEAD else By.SUPERVISORS


def _until(year: int, today: dt.date) -> dt.date:
    return min(today, dt.date(year, 12, 31))


def _rows_of(report: Report, table: Table) -> list[Row]:
    """What a body's table gives to the county's: its total, or each community's row."""
    if report.kind is ReportKind.LEAD:
        return list(table.rows)
    return [Row(report.supervisor_id, report.supervisor.name, table.total.cells)]


def _total(table: Table, sources: list[Source]) -> dict[str, Cell]:
    """The total of these rows; what several share it counts once, from the lists that were handed in."""
    once = frozen.unions(sources, [column for column in table.columns if column.kind == Kind.DISTINCT.value])
    total: dict[str, Cell] = {}
    for column in table.columns:
        numbers = [row.cells.get(column.key) for row in table.rows]
        counted = [number for number in numbers if isinstance(number, int | float)]
        adds = column.kind in (Kind.ADDITIVE.value, Kind.DISTINCT.value) and counted
        total[column.key] = once.get(column.key, sum(counted)) if adds else None
    reported, should = total.get("reported"), total.get("should")
    if isinstance(reported, int) and isinstance(should, int) and should:
        total["rate"] = reported / should
    return total


def row_of(table: Table, key: int, name: str = "") -> Row:
    """The row of this key; one without numbers where the table has none."""
    rows = (table.total, *table.rows)
    return next((row for row in rows if row.key == key), Row(key, name, {}))


def _line(column: Column, now: Row, then: Row | None) -> Line:
    before = then.shown(column.key) if then and column.key in then.cells else "—"
    return Line(column.name, column.unit, before, now.shown(column.key), _difference(column, now, then))


def _difference(column: Column, now: Row, then: Row | None) -> str:
    one, other = now.cells.get(column.key), then.cells.get(column.key) if then else None
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return ""
    if one == other:
        return "持平"
    if column.kind == Kind.RATE.value:
        return f"{(one - other) * 100:+.1f} 个百分点"
    return f"{one - other:+g}"
