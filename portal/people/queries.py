"""Which members, units and communities one may see, and how people are found by what is typed."""

from sqlalchemy import ColumnElement, Select, String, false, or_, select, true, type_coerce
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.people.members import phone_tail_index
from portal.people.models import Community, Member, Supervisor, Unit, UnitKind
from portal.text import half_width


def visible_to(by: Actor) -> Select:
    """The members whose own card this person may read: own, of own unit, of own community, of the scope above."""
    shown = (joinedload(Member.unit), joinedload(Member.community), joinedload(Member.grid))
    return select(Member).where(in_scope(by, Member.id, Member.unit_id, Member.community_id)).options(*shown)


def in_scope(by: Actor, member, unit, community) -> ColumnElement[bool]:
    """The condition that a row is this person's to see, told by the columns of its member, unit and community."""
    match by.role:
        case Role.MEMBER:
            return member == by.member_id
        case Role.CLERK:
            return community == by.community_id
        case Role.TOWN:
            return or_(in_unit_scope(by, unit), community.in_(communities_of(by.supervisor_id)))
        case _:
            return in_unit_scope(by, unit)


def in_unit_scope(by: Actor, unit) -> ColumnElement[bool]:
    """The condition that a row is of the own unit, of one below the own body, or of any (county)."""
    match by.role:
        case Role.LIAISON:
            return unit == by.unit_id
        case Role.DEPARTMENT | Role.TOWN:
            return unit.in_(units_of(by.supervisor_id))
        case Role.COMMITTEE:
            return unit.in_(select(Unit.id).where(Unit.kind == UnitKind.OFFICE))
        case Role.COUNTY:
            return true()
        case _:
            return false()


def units_of(supervisor_id: int | None) -> Select:
    """The ids of the units under a supervisor."""
    return select(Unit.id).where(Unit.supervisor_id == supervisor_id)


def communities_of(supervisor_id: int | None) -> Select:
    """The ids of the communities under a town."""
    return select(Community.id).where(Community.town_id == supervisor_id)


def supervisors(by: Actor) -> Select:
    """The bodies above units that this person sees: all for county and admin, else the own one."""
    rows = select(Supervisor)
    if by.is_in(Role.COUNTY, Role.ADMIN):
        return rows
    return rows.where(Supervisor.id == by.supervisor_id if by.supervisor_id else false())


def units(by: Actor) -> Select:
    """The units that this person sees: all for county and admin, else the own one or those of the own body."""
    rows = select(Unit).options(joinedload(Unit.supervisor))
    match by.role:
        case Role.COUNTY | Role.ADMIN:
            return rows
        case Role.DEPARTMENT | Role.TOWN:
            return rows.where(Unit.supervisor_id == by.supervisor_id)
        case Role.COMMITTEE:
            return rows.where(Unit.kind == UnitKind.OFFICE)
        case Role.LIAISON:
            return rows.where(Unit.id == by.unit_id)
        case _:
            return rows.where(false())


def communities(by: Actor) -> Select:
    """The communities that this person sees: all for county and admin, else the own one or those of the own town."""
    rows = select(Community).options(joinedload(Community.town))
    match by.role:
        case Role.COUNTY | Role.ADMIN:
            return rows
        case Role.TOWN:
            return rows.where(Community.town_id == by.supervisor_id)
        case Role.CLERK:
            return rows.where(Community.id == by.community_id)
        case _:
            return rows.where(false())


def named(model, typed: str):
    """The condition that a row with `name` and `pinyin` is found by what was typed: characters, pinyin or initials."""
    letters = half_width(typed).lower().replace(" ", "")
    # As a plain string: escaped, what was typed may be longer than the column takes.
    found = type_coerce(model.name, String).contains(typed, autoescape=True)
    if not (letters.isascii() and letters.isalnum()):
        return found
    begins = model.pinyin.startswith(letters, autoescape=True)
    return or_(found, begins, model.pinyin.contains(f" {letters}", autoescape=True))


def with_phone_tail(typed: str):
    """The condition that a member's phone ends in these four digits."""
    return Member.phone_tail_index == phone_tail_index(typed)
