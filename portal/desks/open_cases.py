"""A section of the handover sheet: cases of one kind that are open, each with its dates; no phone, no address."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.filters import NOTHING
from portal.inspections import queries as inspections
from portal.inspections.models import Finding
from portal.pairings import queries as pairings
from portal.pairings.models import (
    ActionState,
    ContactPoint,
    ContactPointState,
    JointAction,
    Pairing,
    PairingProject,
    PairingState,
    ProjectState,
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One table of the sheet; a row has as many cells as there are heads."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def section(title: str, heads: str, rows: Iterable[tuple[Any, ...]]) -> Section:
    """A section with its cells as words; `heads` are parted by blanks."""
    return Section(title, tuple(heads.split()), [tuple(map(_words, row)) for row in rows])


def _words(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, dt.datetime):
        value = clock.local(value).date()
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else str(value)


def of_inspections(by: Actor) -> list[Section]:
    """What an inspection found at the own body that still has to be mended and answered."""
    rows = db.session.scalars(inspections.to_answer(by).order_by(Finding.fix_by, Finding.id))
    lines = ((row.inspection.title, row.words, row.state.label, row.fix_by) for row in rows)
    return [section("督查发现的问题待整改", "督查 问题 状态 整改期限", lines)]


def of_pairings(by: Actor) -> list[Section]:
    """What is open between the office and those it is paired with."""
    other = _other_of(by)
    asked = pairings.visible_to(by).where(Pairing.state == PairingState.PROPOSED).order_by(Pairing.id)
    planned = pairings.projects(by).where(PairingProject.state == ProjectState.PLANNED).order_by(PairingProject.due_on)
    told = pairings.actions(by).where(JointAction.state == ActionState.RECORDED).order_by(JointAction.held_on)
    found = [
        section("结对共建待同意", "对方 提出日期 提出人",
                ((other(row), row.proposed_on, row.proposed_by) for row in db.session.scalars(asked))),
        section("共建项目未完成", "对方 项目 责任人 时限",
                ((other(row.pairing), row.what, row.responsible, row.due_on) for row in db.session.scalars(planned))),
        section("共同活动待确认", "对方 活动 日期 登记人",
                ((other(row.pairing), row.what, row.held_on, row.recorded_by) for row in db.session.scalars(told))),
    ]  # fmt: skip
    if by.is_in(Role.CLERK):
        points = pairings.contact_points(by).where(ContactPoint.state == ContactPointState.PROPOSED)
        rows = db.session.scalars(points.order_by(ContactPoint.id))
        found.append(section("领导联系点待同意", "姓名 提出日期 提出人",
                             ((row.member.name, row.proposed_on, row.proposed_by) for row in rows)))  # fmt: skip
    return found


def _other_of(by: Actor):
    return lambda row: row.unit.name if by.is_in(Role.CLERK) else row.community.name
