"""Which inspections, targets, findings and result notices one may see, and what waits for whom."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.inspections.kinds import FindingState, InspectionState, NoticeState
from portal.inspections.models import (
    SENT,
    TO_MEND,
    UNSETTLED,
    Finding,
    Inspection,
    Inspector,
    ResultNotice,
    Target,
)
from portal.inspections.rights import BRANCHES
from portal.people.models import Supervisor, SupervisorKind, Unit, UnitKind
from portal.people.queries import communities_of, units_of

BODIES = (SupervisorKind.TOWN, SupervisorKind.DEPARTMENT, SupervisorKind.PARK)


def visible_to(by: Actor) -> Select:
    """The inspections one may see: all (county), the one an inspector is bound to, those that reached the own body."""
    rows = select(Inspection)
    if by.is_in(Role.COUNTY):
        return rows
    if by.is_in(Role.INSPECTOR):
        bound = select(Inspector.inspection_id).where(Inspector.appointment_id == by.appointment_id)
        return rows.where(Inspection.id.in_(bound), Inspection.state != InspectionState.CANCELLED)
    reached = exists().where(Target.inspection_id == Inspection.id, _reaches(by))
    return rows.where(Inspection.state.in_(SENT), reached)


def targets_visible_to(by: Actor) -> Select:
    """The targets one may see, by the same rule: of an inspection those of the own scope only."""
    rows = select(Target).join(Target.inspection).options(joinedload(Target.inspection), *named())
    if by.is_in(Role.COUNTY, Role.INSPECTOR):
        return rows.where(Target.inspection_id.in_(visible_to(by).with_only_columns(Inspection.id)))
    return rows.where(Inspection.state.in_(SENT), _reaches(by))


def findings_visible_to(by: Actor) -> Select:
    """The findings one may see: those at the targets one may see; withdrawn ones the inspecting side only."""
    targets = targets_visible_to(by).with_only_columns(Target.id)
    rows = select(Finding).where(Finding.target_id.in_(targets))
    if not by.is_in(Role.COUNTY, Role.INSPECTOR):
        rows = rows.where(Finding.state != FindingState.WITHDRAWN)
    target = joinedload(Finding.target)
    return rows.options(target.joinedload(Target.inspection), *(target.options(each) for each in named()),
                        joinedload(Finding.item))  # fmt: skip


def notices_visible_to(by: Actor) -> Select:
    """The result notices one may read: the county's drafts, and for every branch what was published."""
    rows = select(ResultNotice).options(joinedload(ResultNotice.inspection))
    if by.is_in(Role.COUNTY):
        return rows
    if by.is_in(Role.INSPECTOR):
        bound = visible_to(by).with_only_columns(Inspection.id)
        return rows.where(ResultNotice.inspection_id.in_(bound), ResultNotice.state == NoticeState.PUBLISHED)
    return rows.where(ResultNotice.state == NoticeState.PUBLISHED) if by.is_in(*BRANCHES) else rows.where(false())


def named() -> tuple:
    """What a target is called by, loaded with it."""
    return (
        joinedload(Target.unit).joinedload(Unit.supervisor), joinedload(Target.community),
        joinedload(Target.supervisor),
    )  # fmt: skip


def _reaches(by: Actor) -> ColumnElement[bool]:
    """The condition that a target is the own body, or one below it (to be read; it answers itself)."""
    match by.role:
        case Role.LIAISON:
            return Target.unit_id == by.unit_id
        case Role.CLERK:
            return Target.community_id == by.community_id
        case Role.TOWN:
            below = Target.community_id.in_(communities_of(by.supervisor_id))
            return or_(below, _of_body(by))
        case Role.DEPARTMENT:
            return _of_body(by)
        case Role.COMMITTEE:
            offices = select(Unit.id).where(Unit.kind == UnitKind.OFFICE)
            bodies = select(Supervisor.id).where(Supervisor.kind == SupervisorKind.DEPARTMENT)
            return or_(Target.unit_id.in_(offices), Target.supervisor_id.in_(bodies))
        case _:
            return false()


def _of_body(by: Actor) -> ColumnElement[bool]:
    return or_(Target.supervisor_id == by.supervisor_id, Target.unit_id.in_(units_of(by.supervisor_id)))


def _own(by: Actor) -> ColumnElement[bool]:
    """The condition that a target is the own body itself, for which this office answers."""
    match by.role:
        case Role.LIAISON:
            return Target.unit_id == by.unit_id
        case Role.CLERK:
            return Target.community_id == by.community_id
        case Role.TOWN | Role.DEPARTMENT:
            return Target.supervisor_id == by.supervisor_id
        case _:
            return false()


def listed(by: Actor, state: InspectionState | None = None, year: int | None = None) -> Select:
    """The inspections of a list, of one state and year or all."""
    rows = visible_to(by)
    rows = rows.where(Inspection.state == state) if state else rows
    return rows.where(Inspection.year == year) if year else rows


def listed_findings(by: Actor, state: FindingState | None = None, late_on: dt.date | None = None) -> Select:
    """The findings of a list, sent ones only: of one state or all; `late_on` a day, those to be mended before it."""
    sent = select(Target.id).join(Target.inspection).where(Inspection.state.in_(SENT))
    rows = findings_visible_to(by).where(Finding.target_id.in_(sent))
    rows = rows.where(Finding.state == state) if state else rows
    return rows.where(Finding.state.in_(TO_MEND), Finding.fix_by < late_on) if late_on else rows


def to_answer(by: Actor) -> Select:
    """The findings that the own body has to mend and answer."""
    own = select(Target.id).where(_own(by))
    mine = Finding.found_by_user_id.is_distinct_from(by.user_id)
    return listed_findings(by).where(Finding.target_id.in_(own), Finding.state.in_(TO_MEND), mine)


def to_visit(by: Actor) -> Select:
    """The targets of the inspector's inspection under way that nobody has visited yet."""
    rows = targets_visible_to(by).where(Inspection.state == InspectionState.UNDERWAY, Target.visited_on.is_(None))
    return rows if by.is_in(Role.INSPECTOR) else rows.where(false())


def to_close() -> Select:
    """The inspections in which everything found is mended, so that they may be closed."""
    open_one = exists().where(Finding.target_id == Target.id, Target.inspection_id == Inspection.id,
                              Finding.state.in_(UNSETTLED))  # fmt: skip
    return select(Inspection).where(Inspection.state == InspectionState.ANSWERED, ~open_one)


def to_issue(today: dt.date) -> Select:
    """The inspections whose last day is over and whose findings nobody has sent out yet."""
    return select(Inspection).where(Inspection.state == InspectionState.UNDERWAY, Inspection.ends_on < today)


def count(rows: Select) -> int:
    """How many rows a list has."""
    model = rows.column_descriptions[0]["entity"]
    return db.session.scalar(select(func.count()).select_from(
        rows.with_only_columns(model.id).order_by(None).subquery()
    )) or 0  # fmt: skip
