"""Which entries of own work one may see, and which units and bodies have none of a kind."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member, MemberStatus, Supervisor, Unit
from portal.people.queries import in_unit_scope
from portal.work.models import OwnWork, WorkKind, WorkState

READERS = (Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)
ABOVE = (Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)
# What the notice asks of each body by name.  [二(三)1]
ASKED = (WorkKind.PLAN, WorkKind.MEETING, WorkKind.DISCUSSION)


def visible_to(by: Actor) -> Select:
    """The entries of the own unit, of the own body and the units below it, or all (county)."""
    shown = (joinedload(OwnWork.unit), joinedload(OwnWork.supervisor), joinedload(OwnWork.community))
    return select(OwnWork).where(_scope(by)).options(*shown)


def _scope(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.LIAISON:
            return OwnWork.unit_id == by.unit_id
        case Role.TOWN | Role.DEPARTMENT | Role.COMMITTEE:
            return or_(OwnWork.supervisor_id == by.supervisor_id, in_unit_scope(by, OwnWork.unit_id))
        case Role.COUNTY:
            return true()
        case _:
            return false()


def listed(
    by: Actor, kind: WorkKind | None = None, year: int | None = None, state: WorkState | None = None,
    unit_id: int | None = None,
) -> Select:  # fmt: skip
    """The list, narrowed to a kind, a year, a state, a unit."""
    rows = visible_to(by)
    if kind:
        rows = rows.where(OwnWork.kind == kind)
    if year:
        rows = rows.where(of_year(year))
    if state:
        rows = rows.where(OwnWork.state == state)
    if unit_id:
        rows = rows.where(OwnWork.unit_id == unit_id)
    return rows


def of_year(year: int) -> ColumnElement[bool]:
    """The condition that an entry counts to a year."""
    return OwnWork.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _has(owner: Any, key: Any, kind: WorkKind, year: int) -> ColumnElement[bool]:
    return exists().where(owner == key, OwnWork.kind == kind, of_year(year), OwnWork.state == WorkState.RECORDED)


def units_without(kind: WorkKind, year: int) -> Select:
    """The units with members on the roster that have nothing of a kind in a year."""
    has_members = exists().where(Member.unit_id == Unit.id, Member.status == MemberStatus.ACTIVE)
    return select(Unit).where(has_members, ~_has(OwnWork.unit_id, Unit.id, kind, year))


def supervisors_without(kind: WorkKind, year: int) -> Select:
    """The bodies above units without anything of a kind in a year; the work committee is asked too.  [二(三)1]"""
    return select(Supervisor).where(~_has(OwnWork.supervisor_id, Supervisor.id, kind, year))


def lacking(by: Actor, kind: WorkKind, year: int) -> Select:
    """The units of this person's scope that have nothing of a kind in a year: whom to urge."""
    rows = units_without(kind, year).options(joinedload(Unit.supervisor))
    return rows.where(in_unit_scope(by, Unit.id) if by.is_in(*ABOVE) else false())


def lacking_bodies(by: Actor, kind: WorkKind, year: int) -> list[Supervisor]:
    """The bodies without, for the county; for others the own one, where it has none."""
    rows = supervisors_without(kind, year)
    if not by.is_in(Role.COUNTY):
        rows = rows.where(Supervisor.id == by.supervisor_id if by.supervisor_id else false())
    return list(db.session.scalars(rows.order_by(Supervisor.kind, Supervisor.name)))


def own_lacking(by: Actor, year: int) -> list[WorkKind]:
    """What the notice asks for by name and the own unit or body has not written down in a year."""
    if by.is_in(Role.LIAISON):
        mine = OwnWork.unit_id == by.unit_id
    elif by.is_in(Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE):
        mine = OwnWork.supervisor_id == by.supervisor_id
    else:
        return []
    found = select(OwnWork.kind).where(mine, of_year(year), OwnWork.state == WorkState.RECORDED).distinct()
    have = set(db.session.scalars(found))
    return [kind for kind in ASKED if kind not in have]


def years(by: Actor) -> list[int]:
    """The years in which this person's scope has entries, the latest first."""
    first, last = db.session.execute(
        visible_to(by).with_only_columns(func.min(OwnWork.day), func.max(OwnWork.day)).order_by(None)
    ).one()
    return list(range(last.year, first.year - 1, -1)) if first else []


def count(rows: Select) -> int:
    """How many a list has."""
    model = rows.column_descriptions[0]["entity"]
    ids = rows.with_only_columns(model.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
