"""Urging (催办) with one click: members who have not reported, and units that have such members; once a day each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from portal import audit, clock
from portal.actors import Actor, Role
from portal.errors import NotYours
from portal.extensions import db
from portal.people.models import Member, Unit, UnitKind
from portal.registrations.models import Urge

ABOVE_UNITS = (Role.DEPARTMENT, Role.TOWN, Role.COMMITTEE, Role.COUNTY)


@dataclass(frozen=True)
class Urged:
    """How many were urged now, and how many had been urged today already."""

    now: int
    already: int
    noun: str

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        if not self.now:
            return "今天已催办过，明天可以再次催办。" if self.already else "没有需要催办的对象。"
        rest = f"；另有 {self.already} {self.noun}今天已催办过" if self.already else ""
        return f"已催办 {self.now} {self.noun}{rest}。"


def may_urge_unit(unit: Unit, by: Actor) -> bool:
    """Whether this person urges this unit: its supervisor, the work committee (机关), 城关镇 and the county."""
    match by.role:
        case Role.DEPARTMENT | Role.TOWN:
            return by.supervisor_id == unit.supervisor_id
        case Role.COMMITTEE:
            return unit.kind is UnitKind.OFFICE
        case _:
            return by.is_in(Role.COUNTY)


def urge_members(members: Iterable[Member], by: Actor) -> Urged:
    """A liaison urges members of the unit who have not reported; at most once a day each.  [二(三)2]"""
    members = list(members)
    if any(not by.is_in(Role.LIAISON) or by.unit_id != member.unit_id for member in members):
        raise NotYours("只能催办本单位的在职党员。")
    return _urge([(member.unit_id, member.id) for member in members], by, "人")


def urge_units(units: Iterable[Unit], by: Actor) -> Urged:
    """Supervisor, work committee or county urge units whose members have not all reported.  [二(三)2]"""
    units = list(units)
    if not all(may_urge_unit(unit, by) for unit in units):
        raise NotYours("只能催办本级管理的单位。")
    return _urge([(unit.id, None) for unit in units], by, "个单位")


def _urge(targets: list[tuple[int, int | None]], by: Actor, noun: str) -> Urged:
    """Write a row for each target that has none today; of two at once one is kept, by the unique index."""
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    now, made = clock.now(), 0
    for unit_id, member_id in targets:
        row = insert(Urge).values(
            unit_id=unit_id, member_id=member_id, day=clock.local(now).date(), at=now,
            by_appointment_id=by.appointment_id, by_name=by.shown,
        )  # fmt: skip
        made += db.session.scalar(row.on_conflict_do_nothing().returning(Urge.id)) is not None
    if made:
        audit.write(by, "registrations.urge", reason=f"催办 {made} {noun}")
    return Urged(made, len(targets) - made, noun)


def last_of_member(member_id: int | None) -> Urge | None:
    """The latest urging of a member, or None."""
    return db.session.scalar(select(Urge).where(Urge.member_id == member_id).order_by(Urge.day.desc()).limit(1))


def last_of_unit(unit_id: int | None) -> Urge | None:
    """The latest urging of a unit as a whole, or None."""
    only = (Urge.unit_id == unit_id, Urge.member_id.is_(None))
    return db.session.scalar(select(Urge).where(*only).order_by(Urge.day.desc()).limit(1))


def last_by_unit(unit_ids: list[int | None]) -> dict[int, dt.date]:
    """The day on which each of these units was last urged."""
    return _last_days(Urge.unit_id, Urge.unit_id.in_(unit_ids), Urge.member_id.is_(None))


def last_by_member(member_ids: list[int]) -> dict[int, dt.date]:
    """The day on which each of these members was last urged."""
    return _last_days(Urge.member_id, Urge.member_id.in_(member_ids))


def _last_days(target, *conditions) -> dict[int, dt.date]:
    found = select(target, func.max(Urge.day)).where(*conditions).group_by(target)
    return dict(iter(db.session.execute(found)))
