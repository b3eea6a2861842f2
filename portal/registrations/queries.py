"""Which registrations one may see, who still needs a certificate, and how lists are filtered and paged."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, exists, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.accounts.models import Appointment, User
from portal.accounts.queries import in_force
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member, MemberStatus
from portal.people.queries import in_scope, in_unit_scope, named
from portal.registrations.models import CURRENT, IN_PROGRESS, Exemption, ExemptionState, Registration, RegistrationState


@dataclass(frozen=True)
class Filters:
    """What a list of registrations is narrowed to; the address holds it."""

    state: RegistrationState | None = None
    words: str = ""
    leading: bool = False
    unit_id: int | None = None
    community_id: int | None = None


def visible_to(by: Actor) -> Select:
    """The registrations that this person may see: own, of own unit, addressed to own community, of the scope above."""
    shown = (contains_eager(Registration.member), joinedload(Registration.unit), joinedload(Registration.community))
    return select(Registration).join(Registration.member).where(scope_of(by)).options(*shown)


def scope_of(by: Actor):
    """The condition that a registration lies in this person's scope."""
    return in_scope(by, Registration.member_id, Registration.unit_id, Registration.community_id)


def filtered(by: Actor, filters: Filters) -> Select:
    """The registrations of a list, narrowed."""
    rows = visible_to(by)
    if filters.state:
        rows = rows.where(Registration.state == filters.state)
    if filters.words:
        number = (Registration.number == filters.words[:16]) | (Registration.old_number == filters.words[:40])
        rows = rows.where(or_(named(Member, filters.words), number))
    if filters.leading:
        rows = rows.where(Member.leading.is_(True))
    if filters.unit_id:
        rows = rows.where(Registration.unit_id == filters.unit_id)
    if filters.community_id:
        rows = rows.where(Registration.community_id == filters.community_id)
    # The card comes along, since every line says whether it is filled.
    return rows.options(joinedload(Registration.card))


def counts_by_state(by: Actor) -> dict[RegistrationState, int]:
    """How many registrations of each state this person may see."""
    seen = select(Registration.state, func.count()).where(scope_of(by)).group_by(Registration.state)
    return dict(iter(db.session.execute(seen)))


def waiting(by: Actor) -> dict[RegistrationState, tuple[int, dt.date]]:
    """How many registrations of each state this person may see, and since which day the oldest stands there."""
    day = case(
        (Registration.state == RegistrationState.PRESENTED, Registration.presented_on),
        (Registration.state == RegistrationState.ACCEPTED, Registration.accepted_on),
        else_=Registration.issued_on,
    )
    seen = select(Registration.state, func.count(), func.min(day)).where(scope_of(by)).group_by(Registration.state)
    return {state: (count, oldest) for state, count, oldest in db.session.execute(seen)}


def current_of(member_id: int | None) -> Registration | None:
    """The registration by which a member is registered now, or None."""
    current = select(Registration).where(Registration.member_id == member_id, Registration.state.in_(CURRENT))
    return db.session.scalar(current.options(joinedload(Registration.community)))


def in_progress_of(member_id: int | None) -> Registration | None:
    """The member's registration on its way (certificate issued, presented or returned), or None."""
    return db.session.scalar(
        select(Registration).where(Registration.member_id == member_id, Registration.state.in_(IN_PROGRESS))
    )


def of_member(member_id: int | None) -> list[Registration]:
    """All registrations of a member, the latest first."""
    return list(
        db.session.scalars(
            select(Registration).where(Registration.member_id == member_id).order_by(Registration.id.desc())
        )
    )


def living_in_town():
    """The condition that a member must report: on a roster and living in the county town.  [一]"""
    return (Member.status == MemberStatus.ACTIVE) & Member.lives_in_town.is_(True)


def at_home():
    """The condition that a registration counts for its member: current, in the community where they live now."""
    return Registration.state.in_(CURRENT) & (Registration.community_id == Member.community_id)


def is_registered(member_id) -> ColumnElement[bool]:
    """The condition that the member of this column is registered now, in whatever community."""
    return exists().where(Registration.member_id == member_id, Registration.state.in_(CURRENT))


def is_received(member_id, community_id) -> ColumnElement[bool]:
    """The condition that the member of this column is registered now in the community of this one."""
    here = (Registration.member_id == member_id, Registration.community_id == community_id)
    return exists().where(*here, Registration.state.in_(CURRENT))


def is_exempt():
    """The condition that a member need not report, as the supervisor agreed."""
    return exists().where(Exemption.member_id == Member.id, Exemption.state == ExemptionState.AGREED)


def without_certificate(unit_id: int | None) -> Select:
    """The members of a unit who must report and have neither a certificate on its way nor reported, by name."""
    covered = Registration.state.in_(IN_PROGRESS) | at_home()
    return (
        select(Member)
        .where(Member.unit_id == unit_id, living_in_town())
        .where(~exists().where(Registration.member_id == Member.id, covered), ~is_exempt())
        .options(joinedload(Member.community))
        .order_by(Member.pinyin, Member.id)
    )


def liaisons() -> Select:
    """The ids of the members who are, by another appointment, liaisons of the unit they work for."""
    return (
        select(User.member_id)
        .join(Appointment, Appointment.user_id == User.id)
        .join(Member, Member.id == User.member_id)
        .where(Appointment.role == Role.LIAISON, Appointment.unit_id == Member.unit_id, in_force(clock.today()))
    )


def liaisons_among(member_ids: list[int]) -> set[int]:
    """Those of these members who are liaisons of the unit they work for."""
    return set(db.session.scalars(liaisons().where(User.member_id.in_(member_ids))))


def members_of(by: Actor) -> Select:
    """The members of the units for which this person works or which they supervise."""
    works_for = by.is_in(Role.LIAISON, Role.DEPARTMENT, Role.TOWN)
    mine = in_unit_scope(by, Member.unit_id) if works_for else false()
    return select(Member).where(mine).order_by(Member.pinyin, Member.id)


def count(rows: Select) -> int:
    """How many rows a list has."""
    model = rows.column_descriptions[0]["entity"]
    ids = rows.with_only_columns(model.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
