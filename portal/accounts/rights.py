"""Who may see or act on whose data, in small functions that every room asks; never trust None == None."""

from portal.accounts.models import Appointment, AppointmentState, User
from portal.actors import Actor, Role
from portal.people.models import Member, UnitKind

OFFICES = (Role.COUNTY, Role.ADMIN)
# Roles that need a second person before they hold.
NEED_SECOND = (Role.COUNTY, Role.INSPECTOR)
# Which roles a person in one role gives to others; the scope is checked by `reaches`.
GIVES: dict[Role, tuple[Role, ...]] = {
    Role.COUNTY: (
        Role.MEMBER, Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE,
        Role.INSPECTOR, Role.COUNTY, Role.ADMIN,
    ),
    Role.ADMIN: (
        Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.INSPECTOR,
        Role.COUNTY, Role.ADMIN,
    ),
    Role.LIAISON: (Role.MEMBER,),
    Role.CLERK: (Role.GRID_WORKER,),
    Role.TOWN: (Role.CLERK, Role.LIAISON),
    Role.DEPARTMENT: (Role.LIAISON,),
}  # fmt: skip


def same(one: int | None, other: int | None) -> bool:
    """Whether two ids name the same row; nobody is never the same as nobody."""
    return one is not None and one == other


def may_read_member(member: Member, by: Actor) -> bool:
    """Whether this person may read a member's own card, records and evaluation.  [二(二)1]"""
    if by.is_self(member.id):
        return True
    match by.role:
        case Role.COUNTY:
            return True
        case Role.LIAISON:
            return same(member.unit_id, by.unit_id)
        case Role.CLERK:
            return same(member.community_id, by.community_id)
        case Role.DEPARTMENT:
            return same(member.unit.supervisor_id, by.supervisor_id)
        case Role.TOWN:
            lives_there = member.community is not None and same(member.community.town_id, by.supervisor_id)
            return lives_there or same(member.unit.supervisor_id, by.supervisor_id)
        case Role.COMMITTEE:
            return member.unit.kind is UnitKind.OFFICE
        case _:
            return False


def reaches(by: Actor, appointment: Appointment) -> bool:
    """Whether an appointment of this role and scope is in this person's hands (1.4)."""
    if appointment.role not in GIVES.get(by.role, ()):
        return False
    if by.role in OFFICES:
        return True
    unit, community = appointment.unit, appointment.community
    match appointment.role:
        case Role.MEMBER:
            member = appointment.user.member if appointment.user else None
            return member is not None and same(member.unit_id, by.unit_id)
        case Role.GRID_WORKER:
            return same(appointment.community_id, by.community_id)
        case Role.CLERK:
            return community is not None and same(community.town_id, by.supervisor_id)
        case Role.LIAISON:
            return unit is not None and same(unit.supervisor_id, by.supervisor_id)
        case _:
            return False


def may_reset(user: User, by: Actor) -> bool:
    """Whether this person may give a login a new one-time password: every office it holds is below theirs.

    Otherwise a liaison could reset, and then use, the login of a member who is a county officer too. The
    administrator resets nobody: the county does.
    """
    if same(user.id, by.user_id) or by.role is Role.ADMIN:
        return False
    held = [appointment for appointment in user.appointments if appointment.state is not AppointmentState.ENDED]
    return by.role is Role.COUNTY or (bool(held) and all(reaches(by, appointment) for appointment in held))


def may_administer(user: User, by: Actor) -> bool:
    """Whether this person may lock, open or rename a login: never one's own."""
    return not same(user.id, by.user_id) and (by.is_in(Role.ADMIN, Role.SYSTEM) or may_reset(user, by))


def may_appoint(user: User, by: Actor) -> bool:
    """Whether this person may give a login a further appointment: never to oneself."""
    return not same(user.id, by.user_id) and bool(GIVES.get(by.role))
