"""Which reports and parts one may see, what waits in them, and what was frozen with them."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, and_, false, func, select, true
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community, Supervisor, SupervisorKind
from portal.reports.models import (
    HANDED_IN,
    UNSENT,
    PartState,
    Report,
    ReportKind,
    ReportPart,
    ReportState,
    RowWords,
    Snapshot,
    SnapshotState,
)
from portal.scheme import queries as scheme

BODIES = (Role.TOWN, Role.DEPARTMENT)


def visible_to(by: Actor) -> Select:
    """The reports of one's own body, those of the departments (县直机关工委), or all (county)."""
    shown = (joinedload(Report.supervisor), joinedload(Report.standing))
    return select(Report).join(Report.supervisor).where(_scope(by)).options(*shown)


def _scope(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.COUNTY:
            return true()
        case Role.TOWN | Role.DEPARTMENT:
            return Report.supervisor_id == by.supervisor_id
        case Role.COMMITTEE:
            return and_(Report.kind == ReportKind.OWN, Supervisor.kind == SupervisorKind.DEPARTMENT)
        case _:
            return false()


def listed(by: Actor, year: int, state: ReportState | None = None, late_on: dt.date | None = None) -> Select:
    """The reports of a year: of one state or all; `late_on` a day, only those not handed in that were due before."""
    rows = visible_to(by).where(Report.year == year)
    if state:
        rows = rows.where(Report.state == state)
    return rows.where(Report.state.in_(UNSENT), Report.due_on < late_on) if late_on else rows


def own(by: Actor, *states: ReportState) -> Select:
    """The reports of one's own body in these states, of all years that are open."""
    rows = visible_to(by).where(Report.state.in_(states), scheme.is_of_open_year(Report.year))
    return rows if by.is_in(*BODIES) else rows.where(false())


def parts(by: Actor) -> Select:
    """The parts that one's community confirms, or of which one's town's report (or any, county) is made."""
    match by.role:
        case Role.CLERK:
            mine: ColumnElement[bool] = ReportPart.community_id == by.community_id
        case Role.TOWN:
            mine = Report.supervisor_id == by.supervisor_id
        case Role.COUNTY:
            mine = true()
        case _:
            mine = false()
    shown = (
        joinedload(ReportPart.report).options(joinedload(Report.supervisor), joinedload(Report.standing)),
        joinedload(ReportPart.community),
    )
    return select(ReportPart).join(ReportPart.report).where(mine).options(*shown)


def parts_to_confirm(by: Actor) -> Select:
    """The parts that wait for a community, of reports not yet handed in."""
    open_year = scheme.is_of_open_year(Report.year)
    return parts(by).where(ReportPart.state == PartState.WAITING, Report.state.in_(UNSENT), open_year)


def parts_of(report: Report) -> list[ReportPart]:
    """The parts of a report, by the code of their community."""
    rows = select(ReportPart).join(ReportPart.community).where(ReportPart.report_id == report.id)
    shown = (joinedload(ReportPart.community), joinedload(ReportPart.report))
    return list(db.session.scalars(rows.options(*shown).order_by(Community.code)))


def years(by: Actor) -> list[int]:
    """The years of which one sees reports, the latest first."""
    found = visible_to(by).with_only_columns(Report.year, maintain_column_froms=True).distinct()
    return list(db.session.scalars(found.order_by(Report.year.desc())))


def words_of(report: Report) -> dict[tuple[int, str], str]:
    """The sender's words by table and row."""
    rows = select(RowWords.table, RowWords.row_key, RowWords.words).where(RowWords.report_id == report.id)
    return {(table, key): words for table, key, words in db.session.execute(rows)}


def words_on(report: Report, table: int) -> dict[str, str]:
    """The sender's words on one table, by row."""
    return {key: text for (number, key), text in words_of(report).items() if number == table}


def standing_of(report_id: int) -> Snapshot | None:
    """What stands as handed in, also while it is returned; None before the first time and after 撤回."""
    rows = select(Snapshot).where(Snapshot.report_id == report_id, Snapshot.state == SnapshotState.STANDING)
    return db.session.scalar(rows)


def snapshots_of(report: Report) -> list[Snapshot]:
    """All that was ever handed in with a report, the latest first."""
    laid = (Snapshot.report_id == report.id, Snapshot.state != SnapshotState.STAGED)
    return list(db.session.scalars(select(Snapshot).where(*laid).order_by(Snapshot.edition.desc())))


def snapshot_of(report: Report, edition: int | None) -> Snapshot | None:
    """What was handed in with a report at this turn, or None."""
    return next((each for each in snapshots_of(report) if each.edition == edition), None)


def staged(report_id: int, snapshot_id: int, by: Actor) -> Snapshot | None:
    """What this person has laid down for a report and not handed in yet."""
    rows = select(Snapshot).where(
        Snapshot.id == snapshot_id, Snapshot.report_id == report_id, Snapshot.state == SnapshotState.STAGED,
        Snapshot.by_user_id.is_not_distinct_from(by.user_id),
    )  # fmt: skip
    return db.session.scalar(rows)


def handed_in(year: int) -> list[Report]:
    """The reports of a year that stand as handed in, by the code of their body."""
    rows = select(Report).join(Report.supervisor).where(Report.year == year, Report.state.in_(HANDED_IN))
    shown = (joinedload(Report.supervisor), joinedload(Report.standing).undefer(Snapshot.tables_sealed))
    return list(db.session.scalars(rows.options(*shown).order_by(Supervisor.code, Report.kind)))


def last_years(report: Report) -> Report | None:
    """What the same body handed in for the year before, as far as it stands."""
    rows = select(Report).where(
        Report.year == report.year - 1, Report.supervisor_id == report.supervisor_id, Report.kind == report.kind,
        Report.state.in_(HANDED_IN),
    )  # fmt: skip
    return db.session.scalar(rows.options(joinedload(Report.standing), joinedload(Report.supervisor)))


def of_body(supervisor_id: int, year: int, kind: ReportKind) -> Report | None:
    """What a body hands in for a year, of this kind."""
    rows = select(Report).where(
        Report.supervisor_id == supervisor_id, Report.year == year, Report.kind == kind
    ).options(joinedload(Report.supervisor))  # fmt: skip
    return db.session.scalar(rows)


def count(rows: Select) -> int:
    """How many reports or parts a list has."""
    model = rows.column_descriptions[0]["entity"]
    ids = rows.with_only_columns(model.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def by_state(by: Actor, year: int) -> dict[ReportState, int]:
    """How many reports of a year stand where."""
    rows = listed(by, year).with_only_columns(Report.state, func.count(), maintain_column_froms=True)
    return dict(iter(db.session.execute(rows.group_by(Report.state))))
