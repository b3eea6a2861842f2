"""A year's reports are opened: one for each body above units, and 城关镇's for the county town with its parts.  [四]"""

import datetime as dt

from sqlalchemy import Select, exists, select, update

from portal import clock, numbers, years
from portal.actors import SYSTEM, Actor, Role
from portal.errors import NotYours
from portal.extensions import db
from portal.people.models import Community, Supervisor, SupervisorKind, Unit
from portal.reports import confirming, workflow
from portal.reports.models import PartState, Report, ReportKind, ReportPart, ReportState
from portal.scheme import queries as scheme

BEFORE = dt.timedelta(days=30)  # so long before the deadline a year's reports are opened by themselves
HANDS_IN = (SupervisorKind.TOWN, SupervisorKind.DEPARTMENT, SupervisorKind.PARK)


def opens_on(year: int) -> dt.date:
    """The day on which a year's reports are opened."""
    return scheme.year_of(dt.date(year, 1, 1)).yearly_report_by - BEFORE


def open_year(year: int, by: Actor) -> int:
    """Open what is not open yet of a year's reports; how many that were.

    Time does so by itself; the county office may do so earlier.
    """
    if not by.is_in(Role.SYSTEM, Role.COUNTY):
        raise NotYours("年度上报只能由县委组织部提前开始。")
    years.check(year)
    due = scheme.year_of(dt.date(year, 1, 1)).yearly_report_by
    lacking = [(body, kind) for kind in ReportKind for body in db.session.scalars(_without(year, kind))]
    for body, kind in lacking:
        serial = numbers.draw("report", year)
        row = Report(
            state=ReportState.OPEN, number=numbers.address_number(year, serial), year=year, serial=serial, kind=kind,
            supervisor=body, due_on=due,
        )  # fmt: skip
        db.session.add(row)
        workflow.flow.opened(row, by, "open", "开始上报")
    _open_parts(year, by)
    return len(lacking)


def _without(year: int, kind: ReportKind) -> Select:
    """The bodies that hand in such a report and have none open for this year."""
    of_year = exists().where(Report.supervisor_id == Supervisor.id, Report.year == year, Report.kind == kind)
    rows = select(Supervisor).where(Supervisor.kind.in_(HANDS_IN), ~of_year).order_by(Supervisor.code)
    if kind is ReportKind.LEAD:
        return rows.where(Supervisor.leads_county_town)
    return rows.where(exists().where(Unit.supervisor_id == Supervisor.id))


def _open_parts(year: int, by: Actor) -> None:
    """A part for each community of the leading town that has none."""
    has_one = exists().where(ReportPart.report_id == Report.id, ReportPart.community_id == Community.id)
    rows = (
        select(Report, Community)
        .join(Community, Community.town_id == Report.supervisor_id)
        .where(Report.year == year, Report.kind == ReportKind.LEAD, Report.state.in_(workflow.UNSENT), ~has_one)
    )
    for report, community in db.session.execute(rows.order_by(Community.code)).all():
        part = ReportPart(state=PartState.WAITING, report=report, community=community)
        db.session.add(part)
        confirming.flow.opened(part, by, "open", "开始核对")


def open_due(now: dt.datetime) -> None:
    """A sweep: from thirty days before the deadline on, the year's reports are open."""
    today = clock.local(now).date()
    if today >= opens_on(today.year):
        open_year(today.year, SYSTEM)


def follow_the_year(now: dt.datetime) -> None:
    """A sweep: when the county moves the year's deadline, what is not handed in yet is due by the new one."""
    year = clock.local(now).date().year
    due = scheme.year_of(dt.date(year, 1, 1)).yearly_report_by
    waits = (Report.year == year, Report.edition == 0, Report.due_on != due)
    db.session.execute(update(Report).where(*waits).values(due_on=due))
