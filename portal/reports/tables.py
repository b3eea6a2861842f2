"""Tables 6 and 7 as plain values: what the page, the spreadsheet and the paper show, and a snapshot keeps."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from portal.extensions import db
from portal.filters import NOTHING, percent
from portal.people.models import Community, Supervisor, SupervisorKind, Unit, UnitKind
from portal.people.queries import communities_of
from portal.reports import counting
from portal.reports.counting import NOWHERE, WHOLE, Numbers
from portal.reports.scopes import By, Period, Scope
from portal.reports.tallies import TITLES, Kind, Tally, columns_of

Cell = int | float | str | None


def number_words(value: Cell) -> str:
    """A number as people read it: 12, 12.5; words as they are."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Column:
    """One column: key, label, the heading above it, how its rows add up (a value of `Kind`), what it counts in."""

    key: str
    label: str
    kind: str
    group: str = ""
    unit: str = ""

    @property
    def name(self) -> str:
        """The label with its heading: 服务（人次）."""
        return f"{self.group}（{self.label}）" if self.group else self.label


@dataclass(frozen=True)
class Row:
    """One line: whose it is (0: no community yet, or the county; -1: everything), a plain value for each column.

    None is what this side does not count; a rate is a fraction, hours are hours in steps of a half.
    """

    key: int
    name: str
    cells: dict[str, Cell]

    def shown(self, key: str) -> str:
        """A cell as people read it; — where nothing is counted."""
        value = self.cells.get(key)
        if key == "rate":
            return percent(self.cells["reported"] or 0, self.cells["should"] or 0)  # type: ignore[arg-type]
        return NOTHING if value in (None, "") else number_words(value)


@dataclass(frozen=True)
class Table:
    """A table counted up to a day (ISO): what its rows are by (a value of `By`), columns, rows, the total row."""

    number: int
    title: str
    by: str
    year: int
    until: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row

    def shared(self, key: str) -> int:
        """How many times too often the rows together count what several share; 0 where they add up to the total."""
        numbers = [row.cells.get(key) for row in self.rows]
        whole = self.total.cells.get(key)
        if self.column(key).kind != Kind.DISTINCT.value or not isinstance(whole, int):
            return 0
        return sum(number for number in numbers if isinstance(number, int)) - whole

    def column(self, key: str) -> Column:
        """The column of this key."""
        return next(column for column in self.columns if column.key == key)

    def plain(self) -> dict:
        """Everything as JSON has it."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict) -> "Table":
        """The table that `plain` told."""
        rows = tuple(Row(**row) for row in plain["rows"])
        columns = tuple(Column(**column) for column in plain["columns"])
        return cls(**plain | {"rows": rows, "columns": columns, "total": Row(**plain["total"])})


def six(by: By | str, scope: Scope, year: int, day: dt.date) -> Table:
    """Table 6 (在职党员进社区服务群众情况汇总表) of a year up to a day.  [附件6] [四]"""
    return table(6, by, scope, year, day)


def seven(scope: Scope, year: int, day: dt.date, by: By | str = By.COMMUNITIES) -> Table:
    """Table 7, the totals (在职党员进社区报到情况汇总表), by community.  [附件7] [四]"""
    return table(7, by, scope, year, day)


def table(number: int, by: By | str, scope: Scope, year: int, day: dt.date) -> Table:
    """Table 6 or 7, counted now, in a fixed number of queries; a day of the year to come counts as its last day."""
    grouping, period = by if isinstance(by, By) else By(by), Period.of(year, day)
    tallies = columns_of(number, grouping)
    found = counting.numbers(tallies, grouping, scope, period)
    rows = tuple(_row(key, name, tallies, grouping, found) for key, name in names(grouping, scope, _counted(found)))
    total = _row(WHOLE, "合计", tallies, grouping, found)
    return of_rows(number, grouping, year, period.until, rows, total)


def of_rows(number: int, by: By, year: int, until: dt.date, rows: tuple[Row, ...], total: Row) -> Table:
    """Table 6 or 7 of these rows, under its headings."""
    tallies = columns_of(number, by)
    columns = tuple(Column(tally.key, tally.label, tally.kind.value, tally.group, tally.unit) for tally in tallies)
    return Table(number, TITLES[number], by.value, year, until.isoformat(), columns, rows, total)


def groups(columns: tuple[Column, ...]) -> list[tuple[str, int, int]]:
    """The headings that stand over several columns: each with the place of its first column and how many."""
    found: list[tuple[str, int, int]] = []
    for place, column in enumerate(columns):
        if not column.group:
            continue
        if found and found[-1][0] == column.group and found[-1][1] + found[-1][2] == place:
            group, first, count = found.pop()
            found.append((group, first, count + 1))
        else:
            found.append((column.group, place, 1))
    return found


def _row(key: int, name: str, tallies: tuple[Tally, ...], by: By, found: Numbers) -> Row:
    counted = found.get(key, {})
    return Row(key, name, {tally.key: _cell(tally, by, counted) for tally in tallies})


def _cell(tally: Tally, by: By, counted: dict[str, int]) -> Cell:
    if tally.of:
        part, whole = (counted.get(key, 0) for key in tally.of)
        return part / whole if whole else None
    if tally.book is None or not tally.counted_by(by):
        return None
    number = counted.get(tally.key, 0)
    return number / 2 if tally.halves else number


def _counted(found: Numbers) -> set[int]:
    return {key for key, cells in found.items() if key != WHOLE and any(cells.values())}


def names(by: By, scope: Scope, counted: set[int]) -> list[tuple[int, str]]:
    """Key and name of each row: all that lie in the scope, and those that only the things counted name.

    So a unit that has gone over to another body since keeps its line where its services of the year were done.
    """
    if by is By.COUNTY:
        return [(NOWHERE, "全县")]
    models: dict[By, Any] = {By.UNITS: Unit, By.SUPERVISORS: Supervisor, By.COMMUNITIES: Community}
    model = models[by]
    rows = select(model.id, model.name).where(_belongs(by, scope) | model.id.in_(counted)).order_by(model.code)
    found = [(key, name) for key, name in db.session.execute(rows)]
    return [*found, (NOWHERE, "未定社区")] if by is By.COMMUNITIES and NOWHERE in counted else found


def _belongs(by: By, scope: Scope) -> ColumnElement[bool]:
    if by is By.COMMUNITIES:
        if scope.community_id is not None:
            return Community.id == scope.community_id
        return Community.id.in_(communities_of(scope.town_id)) if scope.town_id is not None else Community.id > 0
    if by is By.SUPERVISORS:
        if scope.offices:
            return Supervisor.id.in_(select(Unit.supervisor_id).where(Unit.kind == UnitKind.OFFICE))
        return Supervisor.kind != SupervisorKind.WORK_COMMITTEE
    if scope.unit_id is not None:
        return Unit.id == scope.unit_id
    if scope.supervisor_id is not None:
        return Unit.supervisor_id == scope.supervisor_id
    return Unit.kind == UnitKind.OFFICE if scope.offices else Unit.id > 0
