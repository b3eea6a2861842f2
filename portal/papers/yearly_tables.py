"""What stands on tables 6 and 7: the cells of a table, counted now or as it was handed in, and the foot.

Both take plain values: a `Table` and who stands below it. So a table that nobody has handed in prints as a draft, up to
its day, and one that was handed in prints as it was, whatever happened since.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select

from portal import clock, numbers
from portal.actors import Actor, Role
from portal.extensions import db
from portal.filters import day
from portal.papers.catalogue import Gathered, paper
from portal.people.models import Community, Supervisor, Unit
from portal.reports import content, freezing, queries, registers
from portal.reports.content import Foot
from portal.reports.models import Report, ReportKind
from portal.reports.tables import Column, Row, Table, groups

KINDS = {6: "service-table", 7: "registration-table"}
NAMES = {"units": "单位", "supervisors": "主管党组织", "communities": "社区"}
# Told in a line below: the sheet has no room for what only the communities' side lists.
BELOW = ("away", "away_hours", "guests", "guest_hours")
# Each body prints its own from its page; whoever collects them prints many.
COLLECTORS = (Role.COUNTY,)
UNPROVED = "本表尚未上报，无编号、无校验码，不得用印"


@dataclass(frozen=True, kw_only=True)
class PrintedTable(Gathered):
    """A table as it goes on paper."""

    row: Report | None
    table: Table
    foot: Foot


@dataclass(frozen=True, kw_only=True)
class PrintedRegister(Gathered):
    """The register of one community as it goes on paper: these `lines`, after so many on the pages `before` them.

    `total` is how many there are in all. With a register of thousands each part of it is a sheet (`in_parts`).
    """

    row: Report | None
    community: str
    lines: tuple[registers.Line, ...]
    until: dt.date
    foot: Foot
    total: int
    before: int = 0
    in_parts: bool = False


def foot_of(by: Actor, until: dt.date) -> Foot:
    """The foot of what this person prints: the own body's, from what is known of it."""
    body = _body_of(by)
    if body is None:
        return Foot(by.office or by.role.label, "", "", by.name, "", until.isoformat())
    deputy = body.receptionist if isinstance(body, Community) else body.deputy
    return Foot(body.name, body.head or "", deputy or "", by.name, body.phone or "", until.isoformat())


def _body_of(by: Actor) -> Supervisor | Unit | Community | None:
    if by.is_in(Role.CLERK):
        return db.session.get(Community, by.community_id)
    if by.is_in(Role.LIAISON):
        return db.session.get(Unit, by.unit_id)
    return db.session.get(Supervisor, by.supervisor_id) if by.supervisor_id else None


def town_reports_seen_by(by: Actor) -> Select:
    """The reports that have a table 7: those of the county town, among those whose papers this person may see."""
    return queries.visible_to(by).where(Report.kind == ReportKind.LEAD)


def of_reports(number: int) -> Callable[[Sequence[Report], int, Actor], list[PrintedTable]]:
    """How table 6 or 7 of reports is fetched: as it was handed in, else as it stands now."""

    def gather(rows: Sequence[Report], _year: int, by: Actor) -> list[PrintedTable]:
        return [_of_report(row, number, by) for row in rows]

    return gather


def _of_report(row: Report, number: int, by: Actor) -> PrintedTable:
    kind = KINDS[number]
    said = freezing.read(row.standing) if row.standing else content.live(row, by.name, clock.today())
    issued = numbers.latest(kind, row.id) if row.standing else None
    return PrintedTable(row=row, year=row.year, issued=issued, table=said.table(number), foot=said.foot)


@paper(
    "6", "在职党员进社区服务群众情况汇总表", kind="service-table", who=queries.visible_to, gather=of_reports(6),
    offices=COLLECTORS, yearly=False,
)  # fmt: skip
def service_table(printed: PrintedTable, full: bool) -> dict:
    """The yearly table of service, a line a unit, a body or a community, with its total.  [附件6] [四]"""
    return _sheet(printed) | {"reconciled": _reconciled(printed.table)}


@paper(
    "7", "在职党员进社区报到情况汇总表", kind="registration-table", who=town_reports_seen_by,
    gather=of_reports(7), offices=COLLECTORS, yearly=False,
)  # fmt: skip
def registration_table(printed: PrintedTable | PrintedRegister, full: bool) -> dict:
    """Who reported in, totals by community, and the register of each.  [附件7] [四]"""
    if isinstance(printed, PrintedRegister):
        return _foot(printed, printed.until) | {
            "part": "乙",
            "heads": [label for label, _ in registers.HEADS],
            "rows": [(str(place), *line.cells) for place, line in enumerate(printed.lines, printed.before + 1)],
            "community": printed.community,
            "count": f"{printed.total}人",
            "in_parts": printed.in_parts,
            "begins": not printed.before,
            "ends": printed.before + len(printed.lines) == printed.total,
        }
    return _sheet(printed) | {"part": "甲"}


def _sheet(printed: PrintedTable) -> dict:
    table = printed.table
    columns = tuple(column for column in table.columns if column.key not in BELOW)
    return _foot(printed, dt.date.fromisoformat(table.until)) | {
        "first": NAMES.get(table.by, "范围"),
        "keys": [column.key for column in columns],
        "over": _over(columns),
        "under": [column.label for column in columns if column.group],
        "rows": [_line(str(place), row, columns) for place, row in enumerate(table.rows, 1)],
        "total": _line("", table.total, columns),
        "shared": "、".join(dict.fromkeys(_plain(column) for column in columns if table.shared(column.key))),
    }


def _over(columns: tuple[Column, ...]) -> list[tuple[str, int, int]]:
    """The upper line of headings: label, how many columns and how many lines it takes."""
    starts = {first: (label, count, 1) for label, first, count in groups(columns)}
    return [
        starts.get(place, (column.label, 1, 2))
        for place, column in enumerate(columns)
        if not column.group or place in starts
    ]


def _plain(column: Column) -> str:
    """The heading without what its numbers are counted in: 帮扶家庭（户） → 帮扶家庭."""
    return (column.group or column.label).partition("（")[0]


def _line(place: str, row: Row, columns: tuple[Column, ...]) -> tuple[str, ...]:
    cells = (str(row.cells.get("remarks") or "") if each.key == "remarks" else row.shown(each.key) for each in columns)
    return place, row.name, *cells


def _reconciled(table: Table) -> str | None:
    """What was done outside the home communities, so that both sides' sums can be compared."""
    cells = table.total.cells
    if "away" not in cells:
        return None
    away, guests = (f"{cells[key]}人次、{table.total.shown(f'{hours}')}小时"
                    for key, hours in (("away", "away_hours"), ("guests", "guest_hours")))  # fmt: skip
    return f"服务按党员居住的社区计，其中在外社区服务{away}；另有外社区党员来服务{guests}。"


def _foot(printed: PrintedTable | PrintedRegister, until: dt.date) -> dict:
    foot = printed.foot
    return {
        "issuer": foot.body,
        "unproved": UNPROVED,
        "filed_as": f"{printed.year}年 截至{day(until)}",
        "year": f"{printed.year}年",
        "until": f"截至{day(until)}",
        "head": foot.head,
        "deputy": foot.deputy,
        "compiled_by": foot.compiled_by,
        "phone": foot.phone,
        "day": day(until),
    }
