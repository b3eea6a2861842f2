"""What the lists of inspections show: checklists, bodies to choose from, targets by name, how much was found where."""

from typing import Any

from sqlalchemy import Select, and_, case, func, select, true

from portal.actors import Actor
from portal.extensions import db
from portal.inspections.kinds import FindingState, TargetKind
from portal.inspections.models import UNSETTLED, Checklist, Finding, Inspection, Target
from portal.inspections.queries import targets_visible_to
from portal.people.models import Community, Supervisor, SupervisorKind, Unit


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


# What is still to be settled first, and of that what is to be mended soonest.
DUE = (case((Finding.state.in_(UNSETTLED), 0), else_=1), Finding.fix_by)


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
