"""Which inspections, targets, findings and result notices one may see, and what waits for whom."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.inspections.kinds import FindingState, InspectionState, NoticeState, TargetKind
from portal.inspections.models import (
    SENT,
    TO_MEND,
    UNSETTLED,
    Checklist,
    Finding,
    Inspection,
    Inspector,
    ResultNotice,
    Target,
)
from portal.inspections.rights import BRANCHES
from portal.people.models import Community, Supervisor, SupervisorKind, Unit, UnitKind
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


def checklists(active: bool = True) -> Select:
    """The templates by title, those in use only or all."""
    return select(Checklist).where(Checklist.active.is_(True) if active else true()).order_by(Checklist.title)


def candidates(kind: TargetKind, body_id: int | None = None, words: str = "") -> Select:
    """The bodies of a kind that may be chosen as targets, as rows of (id, name): below a supervisor, by name."""
    departments = Supervisor.kind.in_((SupervisorKind.DEPARTMENT, SupervisorKind.PARK))
    offered: dict[TargetKind, tuple[Any, Any]] = {
        TargetKind.UNIT: (Unit, Unit.supervisor_id == body_id if body_id else true()),
        TargetKind.COMMUNITY: (Community, Community.town_id == body_id if body_id else true()),
        TargetKind.TOWN: (Supervisor, Supervisor.kind == SupervisorKind.TOWN),
        TargetKind.DEPARTMENT: (Supervisor, departments),
    }
    model, condition = offered[kind]
    rows = select(model.id, model.name).where(condition)
    if words:
        rows = rows.where(model.name.contains(words, autoescape=True))
    return rows.order_by(model.name, model.id)


NAME = func.coalesce(Unit.name, Community.name, Supervisor.name)


# Whatever is to be mended soonest first.
DUE = Finding.fix_by


def targets_of(inspection: Inspection, by: Actor, unvisited: bool = False) -> Select:
    """The targets of an inspection that this person sees, to be paged by `NAME`; those nobody visited yet only."""
    rows = targets_visible_to(by).where(Target.inspection_id == inspection.id)
    rows = rows.outerjoin(Unit, Unit.id == Target.unit_id).outerjoin(Community, Community.id == Target.community_id)
    rows = rows.outerjoin(Supervisor, Supervisor.id == Target.supervisor_id)
    return rows.where(Target.visited_on.is_(None)) if unvisited else rows


def findings_at(target_ids: list[int]) -> dict[int, tuple[int, int]]:
    """By target: how many findings it has (withdrawn ones left out), and how many of them are unsettled."""
    rows = select(Finding.target_id, func.count(), func.count().filter(Finding.state.in_(UNSETTLED)))
    rows = rows.where(Finding.target_id.in_(target_ids), Finding.state != FindingState.WITHDRAWN)
    return {key: (found, left) for key, found, left in db.session.execute(rows.group_by(Finding.target_id))}


def numbers_of(inspection_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    """By inspection: how many targets it has, how many findings (withdrawn ones left out), how many are unsettled."""
    stands = and_(Finding.target_id == Target.id, Finding.state != FindingState.WITHDRAWN)
    unsettled = func.count(Finding.id).filter(Finding.state.in_(UNSETTLED))
    rows = select(Target.inspection_id, func.count(Target.id.distinct()), func.count(Finding.id), unsettled)
    rows = rows.outerjoin(Finding, stands).where(Target.inspection_id.in_(inspection_ids))
    return {key: (targets, found, left) for key, targets, found, left in
            db.session.execute(rows.group_by(Target.inspection_id))}  # fmt: skip


def count(rows: Select) -> int:
    """How many rows a list has."""
    model = rows.column_descriptions[0]["entity"]
    return db.session.scalar(select(func.count()).select_from(
        rows.with_only_columns(model.id).order_by(None).subquery()
    )) or 0  # fmt: skip
