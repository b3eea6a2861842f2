"""Which difficulties one may read (the member, and the office that holds them), and what others may count."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, false, func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import Appointment, User, UserState
from portal.accounts.queries import in_force
from portal.actors import Actor, Role
from portal.extensions import db
from portal.feedback.models import OPEN, Difficulty, DifficultyState, Side

HOLDERS = (Role.LIAISON, Role.CLERK)
S = DifficultyState
OFFICE = {
    Side.UNIT: (Role.LIAISON, Appointment.unit_id), Side.COMMUNITY: (Role.CLERK, Appointment.community_id),
}  # fmt: skip


def visible_to(by: Actor) -> Select:
    """One's own difficulties as a member; those that lie with the own office, never one's own there."""
    shown = (joinedload(Difficulty.member), joinedload(Difficulty.unit), joinedload(Difficulty.community))
    return select(Difficulty).where(_scope(by)).options(*shown)


def _scope(by: Actor) -> ColumnElement[bool]:
    apart = Difficulty.member_id.is_distinct_from(by.self_member_id)
    match by.role:
        case Role.MEMBER:
            return Difficulty.member_id == by.member_id
        case Role.LIAISON:
            return and_(Difficulty.held_by == Side.UNIT, Difficulty.unit_id == by.unit_id, apart)
        case Role.CLERK:
            return and_(Difficulty.held_by == Side.COMMUNITY, Difficulty.community_id == by.community_id, apart)
        case _:
            return false()


def listed(by: Actor, state: DifficultyState | None = None, late_on: dt.date | None = None) -> Select:
    """The list, of one state or all; `late_on` a day, only those whose answer was due before it."""
    rows = visible_to(by)
    if state:
        rows = rows.where(Difficulty.state == state)
    return rows.where(Difficulty.state.in_(OPEN), Difficulty.answer_by < late_on) if late_on else rows


def to_answer(by: Actor) -> Select:
    """The difficulties that wait for this person's office."""
    return visible_to(by).where(Difficulty.state.in_(OPEN) if by.is_in(*HOLDERS) else false())


def somebody_answers(side: Side, place_id: int | None, member_id: int) -> bool:
    """Whether anybody but this member holds the office of this unit or community today."""
    role, place = OFFICE[side]
    held = (Appointment.role == role, place == place_id, in_force(clock.today()), User.state == UserState.ACTIVE)
    rows = select(Appointment.id).join(Appointment.user).where(*held, User.member_id.is_distinct_from(member_id))
    return place_id is not None and db.session.scalar(rows.limit(1)) is not None


def open_of(member_id: int) -> list[Difficulty]:
    """A member's difficulties that nobody has answered yet."""
    rows = select(Difficulty).where(Difficulty.member_id == member_id, Difficulty.state.in_(OPEN))
    return list(db.session.scalars(rows.order_by(Difficulty.id)))


@dataclass(frozen=True)
class Counts:
    """How many were asked of units or of communities, and how they stand."""

    side: Side
    asked: int
    answered: int
    waiting: int
    late: int
    unsolved: int
    handed: int


def counts(year: int, today: dt.date) -> list[Counts]:
    """What the county may know of a year: numbers by who has to answer, nothing of anybody.  [三2]"""
    waits = Difficulty.state.in_(OPEN)
    sums = [
        func.sum(case((condition, 1), else_=0))
        for condition in (
            Difficulty.state == S.ANSWERED, waits, and_(waits, Difficulty.answer_by < today),
            Difficulty.unsolved_on.is_not(None), Difficulty.handed_on.is_not(None),
        )
    ]  # fmt: skip
    rows = select(Difficulty.held_by, func.count(), *sums).where(Difficulty.year == year).group_by(Difficulty.held_by)
    found = {row[0]: Counts(*row) for row in db.session.execute(rows)}
    return [found.get(side, Counts(side, 0, 0, 0, 0, 0, 0)) for side in Side]
