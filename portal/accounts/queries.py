"""Which logins and appointments there are, and which of them one may see."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import BindParameter, Select, exists, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.accounts.lockout import locked_out
from portal.accounts.models import Appointment, AppointmentState, LoginTries, SignedInSession, User, UserState
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member, MemberStatus
from portal.people.queries import communities_of, units_of

SCOPE = (Appointment.supervisor, Appointment.unit, Appointment.community, Appointment.grid)


def in_force(today: dt.date | BindParameter[dt.date], appointment=Appointment):
    """The condition that an appointment holds on this day."""
    return (
        (appointment.state == AppointmentState.ACTIVE)
        & (appointment.starts_on <= today)
        & (appointment.ends_on.is_(None) | (appointment.ends_on >= today))
    )


def appointments_of(user_id: int | None, today: dt.date) -> list[Appointment]:
    """The appointments of a login that are in force on this day, in the order they were given."""
    held = select(Appointment).where(Appointment.user_id == user_id, in_force(today)).order_by(Appointment.id)
    return list(db.session.scalars(held.options(*map(joinedload, SCOPE))))


def visible_to(by: Actor) -> Select:
    """The logins that this person may see: all for county and admin, else those that hold an office below."""
    shown = selectinload(User.appointments).options(*map(joinedload, SCOPE))
    rows = select(User).options(shown, joinedload(User.member))
    if by.is_in(Role.COUNTY, Role.ADMIN):
        return rows
    return rows.where(User.id.in_(select(Appointment.user_id).where(_below(by))))


def appointments_visible_to(by: Actor) -> Select:
    """The appointments of the logins that this person may see."""
    return select(Appointment).where(Appointment.user_id.in_(visible_to(by).with_only_columns(User.id)))


def _below(by: Actor):
    """The condition that an appointment is of an office below this person's, whatever its state."""
    liaisons = (Appointment.role == Role.LIAISON) & Appointment.unit_id.in_(units_of(by.supervisor_id))
    match by.role:
        case Role.LIAISON:
            members = select(User.id).join(User.member).where(Member.unit_id == by.unit_id)
            return (Appointment.role == Role.MEMBER) & Appointment.user_id.in_(members)
        case Role.CLERK:
            return (Appointment.role == Role.GRID_WORKER) & (Appointment.community_id == by.community_id)
        case Role.TOWN:
            below = Appointment.community_id.in_(communities_of(by.supervisor_id))
            return or_(liaisons, (Appointment.role == Role.CLERK) & below)
        case Role.DEPARTMENT:
            return liaisons
        case _:
            return false()


def waiting_for_second_person(by: Actor) -> Select:
    """The proposed appointments that this person may approve."""
    return (
        select(Appointment)
        .where(
            Appointment.state == AppointmentState.PROPOSED,
            Appointment.user_id != by.user_id,
            Appointment.proposed_by_id.is_distinct_from(by.user_id),
            true() if by.is_in(Role.COUNTY, Role.ADMIN) else false(),
        )
        .options(joinedload(Appointment.user), *map(joinedload, SCOPE))
        .order_by(Appointment.id)
    )


def locked() -> Select:
    """The ids of the logins that are locked out at some address now."""
    return select(LoginTries.user_id).where(locked_out())


def members_without_login(unit_id: int | None) -> Select:
    """The members of a unit who have no login yet, by name."""
    has_one = exists().where(User.member_id == Member.id)
    of_unit = (Member.unit_id == unit_id, Member.status == MemberStatus.ACTIVE)
    return select(Member).where(*of_unit, ~has_one).order_by(Member.pinyin, Member.id)


def able_members() -> Select:
    """The ids of the members who can act for themselves: a login in use, with an appointment as a member today."""
    held = (Appointment.role == Role.MEMBER, in_force(clock.today()), User.state == UserState.ACTIVE)
    return select(User.member_id).join(User.appointments).where(User.member_id.is_not(None), *held)


def members_with_login(member_ids: Collection[int]) -> set[int]:
    """Those of these members who can act for themselves."""
    return set(db.session.scalars(able_members().where(User.member_id.in_(member_ids))))


def user_named(username: str) -> User | None:
    """The login of this name, however it is typed, or None."""
    return db.session.scalar(select(User).where(User.username == username.strip().lower()))


def may_sign_in(user: User, today: dt.date) -> bool:
    """Whether this login is not locked and holds an office today."""
    return user.state is UserState.ACTIVE and bool(appointments_of(user.id, today))


def sessions_of(user_id: int | None) -> list[SignedInSession]:
    """The signed-in browsers of a login, the latest seen first."""
    rows = select(SignedInSession).where(SignedInSession.user_id == user_id)
    return list(db.session.scalars(rows.order_by(SignedInSession.seen_at.desc())))
