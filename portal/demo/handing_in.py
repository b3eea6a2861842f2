"""Yearly reports of the demonstration: last year's all accepted, this year's in every state, frozen as the moves do.

Only some bodies hand in where the county is large: to count and freeze a whole county twice takes longer than all
the rest of the demonstration.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from portal import clock, numbers
from portal.actors import Actor, Role
from portal.demo import summing_up
from portal.demo.county import County
from portal.demo.scale import SMALL
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.extensions import db
from portal.numbers import Counter, PaperState
from portal.people.models import Community, Supervisor, SupervisorKind, Unit
from portal.reports import confirming, content, freezing, workflow
from portal.reports.models import (
    PartState,
    Report,
    ReportKind,
    ReportPart,
    ReportState,
    Snapshot,
    SnapshotRow,
    SnapshotState,
)

S = ReportState
# How this year's reports stand, body by body; 城关镇's for the county town waits for its communities.
TURNS = (S.OPEN, S.SUBMITTED, S.ACCEPTED, S.RETURNED, S.SUBMITTED, S.OPEN)
FEW = 3  # bodies that hand in where the county is large
RETURNED_FOR = "请核对下属单位的报到人数，补齐回执后重新上报"


@dataclass
class _Book:
    """What is written while this lasts, and how far the numbers are drawn."""

    county: County
    telling: Telling = field(default_factory=Telling)
    reports: list[dict[str, Any]] = field(default_factory=list)
    parts: list[dict] = field(default_factory=list)
    serials: dict[tuple[str, int], int] = field(default_factory=dict)

    def draw(self, kind: str, year: int) -> int:
        """The next number of a kind."""
        self.serials[kind, year] = self.serials.get((kind, year), 0) + 1
        return self.serials[kind, year]


def settle(county: County) -> None:
    """Write both years' reports, then freeze what was handed in."""
    book = _Book(county)
    for year in (county.year - 1, county.year):
        _open(book, year)
    write(Report, book.reports)
    write(ReportPart, book.parts)
    db.session.flush()
    for row in book.reports:
        _go_on(book, db.session.get_one(Report, row["id"]), _state_of(book, row))
    write(Counter, [{"kind": kind, "year": year, "last": last} for (kind, year), last in book.serials.items()])
    book.telling.write()
    db.session.flush()


def _open(book: _Book, year: int) -> None:
    """A year's reports as time opens them, all of them open."""
    day, has_units = _moment(book, year, 31, 10), select(Unit.supervisor_id)
    bodies = select(Supervisor).where(
        Supervisor.kind != SupervisorKind.WORK_COMMITTEE, Supervisor.id.in_(has_units) | Supervisor.leads_county_town
    )
    rows = list(db.session.scalars(bodies.order_by(Supervisor.code)))
    if book.county.scale is not SMALL and year < book.county.year:
        rows = [body for body in rows if not body.leads_county_town][:FEW]
    wanted = [(body, ReportKind.OWN) for body in rows] + [
        (body, ReportKind.LEAD) for body in rows if body.leads_county_town
    ]
    for body, kind in wanted:
        serial = book.draw("report", year)
        row: dict[str, Any] = {
            "id": book.county.ids.next(Report), "state": S.OPEN, "number": numbers.address_number(year, serial),
            "year": year, "serial": serial, "kind": kind, "supervisor_id": body.id, "due_on": dt.date(year, 11, 30),
            "edition": 0, "urged_on": None, "version": 1,
        }  # fmt: skip
        book.reports.append(row)
        book.telling.tell(Report, row["id"], day, "open", "开始上报", (None, S.OPEN), "系统", Role.SYSTEM)
        if kind is ReportKind.LEAD:
            _open_parts(book, row, day)


def _open_parts(book: _Book, report: dict, at: dt.datetime) -> None:
    places = select(Community.id).where(Community.town_id == report["supervisor_id"]).order_by(Community.code)
    for community_id in db.session.scalars(places):
        part: dict[str, Any] = {
            "id": book.county.ids.next(ReportPart), "state": PartState.WAITING, "report_id": report["id"],
            "community_id": community_id, "figures": None, "confirmed_at": None, "confirmed_by": None,
            "urged_on": None, "version": 1,
        }  # fmt: skip
        book.parts.append(part)
        waits = (None, PartState.WAITING)
        book.telling.tell(ReportPart, part["id"], at, "open", "开始核对", waits, "系统", Role.SYSTEM)


def _state_of(book: _Book, row: dict) -> ReportState:
    """Where a report is to stand."""
    this_year = row["year"] == book.county.year
    if row["kind"] is ReportKind.LEAD:
        return S.OPEN if this_year else S.ACCEPTED
    if not this_year:
        return S.ACCEPTED
    place = [each["id"] for each in book.reports if each["year"] == row["year"]].index(row["id"])
    return S.OPEN if book.county.scale is not SMALL and place > FEW else TURNS[place % len(TURNS)]


def _go_on(book: _Book, report: Report, state: ReportState) -> None:
    """Lead a report to where it stands."""
    year, body = report.year, report.supervisor
    office = Role.TOWN if body.kind is SupervisorKind.TOWN else Role.DEPARTMENT
    sender = Actor(office, body.deputy or body.head or "组织委员", office=body.name, supervisor_id=body.id)
    if report.kind is ReportKind.LEAD:
        _confirm(book, report, everybody=state is not S.OPEN)
    if state is S.OPEN:
        return
    at = _moment(book, year, 20, 15)
    steps: list[tuple] = [(S.OPEN, S.SUBMITTED, "submit", "上报", sender.shown, office, None)]
    _freeze(book, report, sender, at)
    county = f"县委组织部 {book.county.users['county'][1]}"
    if state is S.ACCEPTED:
        steps.append((S.SUBMITTED, state, "accept", "接收", county, Role.COUNTY, None))
    if state is S.RETURNED:
        steps.append((S.SUBMITTED, state, "send_back", "退回", county, Role.COUNTY, RETURNED_FOR))
        _cancel(report, sender)
    report.state, report.edition, report.version = state, 1, 1 + len(steps)
    for number, (before, after, verb, label, who, role, reason) in enumerate(steps):
        step_at = min(at + dt.timedelta(days=3 * number), clock.now())
        book.telling.tell(Report, report.id, step_at, verb, label, (before, after), who, role, reason)


def _freeze(book: _Book, report: Report, sender: Actor, at: dt.datetime) -> None:
    laid = freezing.packed(report, sender, at)
    key = book.county.ids.next(Snapshot)
    standing = {"id": key, "state": SnapshotState.STANDING, "edition": 1} | laid.snapshot
    db.session.execute(insert(Snapshot.__table__), [standing])
    if laid.rows:
        db.session.execute(insert(SnapshotRow.__table__), [row | {"snapshot_id": key} for row in laid.rows])
    for kind in workflow.PAPERS[report.kind]:
        serial = book.draw(kind, report.year)
        numbers.issue(kind, report.year, serial, 1, report.id, "", report.supervisor.name).issued_at = at
    summing_up.freeze(report, key, sender, at)


def _cancel(report: Report, by: Actor) -> None:
    db.session.flush()
    for kind in workflow.PAPERS[report.kind]:
        numbers.set_aside(kind, report.id, PaperState.CANCELLED)
    summing_up.cancel(report, by)


def _confirm(book: _Book, report: Report, everybody: bool) -> None:
    """The communities confirm their part; of this year's, the first one has not yet."""
    at = _moment(book, report.year, 18, 10)
    figures = content.counted(report, clock.local(at).date())
    for part in report.parts[0 if everybody else 1 :]:
        _, name = book.county.clerks[part.community_id][0]
        who = f"{part.community.name} {name}"
        part.state, part.confirmed_at, part.confirmed_by = PartState.CONFIRMED, at, who
        part.figures, part.version = confirming.figures_of(figures, part.community_id), 2
        step = (PartState.WAITING, PartState.CONFIRMED)
        book.telling.tell(ReportPart, part.id, at, "confirm", "本社区数据已核对", step, who, Role.CLERK)


def _moment(book: _Book, year: int, day: int, hour: int) -> dt.datetime:
    """A moment of the weeks of handing in, never later than now; October where the day is its last.

    Before the end of November this year's were begun earlier by the county, so many days before today.
    """
    if year == book.county.year and clock.today() < dt.date(year, 11, 25):
        ago = {31: 40, 18: 22, 20: 20}[day]
        return min(clock.start_of(book.county.days_ago(ago)) + dt.timedelta(hours=hour), clock.now())
    month = 10 if day == 31 else 11
    return min(clock.start_of(dt.date(year, month, day)) + dt.timedelta(hours=hour), clock.now())
