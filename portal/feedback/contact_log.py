"""Which entries of the contact log one may see, and who has had no contact in a quarter.  [三2]"""

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.feedback.models import Contact, ContactHow, ContactState
from portal.feedback.quarters import QuarterOf
from portal.people.models import Community, Unit
from portal.people.queries import communities_of, in_unit_scope
from portal.registrations.models import CURRENT, Registration

WRITERS = (Role.CLERK, Role.LIAISON)
READERS = (*WRITERS, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)
OFFICES = (*READERS, Role.GRID_WORKER)  # who may look up whom to call in a community


def visible_to(by: Actor) -> Select:
    """The contacts of the own unit or community, of those below the own body, or all (county)."""
    shown = (
        joinedload(Contact.unit), joinedload(Contact.community), joinedload(Contact.corrects),
        joinedload(Contact.corrected_by),
    )  # fmt: skip
    return select(Contact).where(_scope(by)).options(*shown)


def _scope(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.CLERK:
            return Contact.community_id == by.community_id if by.community_id else false()
        case Role.TOWN:
            below = Contact.community_id.in_(communities_of(by.supervisor_id))
            return or_(below, in_unit_scope(by, Contact.unit_id))
        case Role.LIAISON | Role.DEPARTMENT | Role.COMMITTEE:
            return in_unit_scope(by, Contact.unit_id)
        case Role.COUNTY:
            return true()
        case _:
            return false()


def listed(
    by: Actor, how: ContactHow | None = None, unit_id: int | None = None, community_id: int | None = None
) -> Select:
    """The log, narrowed to a way, a unit, a community."""
    rows = visible_to(by)
    if how:
        rows = rows.where(Contact.how == how)
    if unit_id:
        rows = rows.where(Contact.unit_id == unit_id)
    return rows.where(Contact.community_id == community_id) if community_id else rows


def units_to_choose(by: Actor) -> list[tuple[int, str]]:
    """The units with members registered in this person's scope, as (id, name), by name."""
    rows = select(Unit.id, Unit.name).where(_serves_in(by, Registration.unit_id == Unit.id)).order_by(Unit.name)
    return [(key, name) for key, name in db.session.execute(rows)]


def communities_to_choose(by: Actor) -> list[tuple[int, str]]:
    """The communities that a unit may be in contact with: all; those of the own scope for others; by name."""
    rows = select(Community.id, Community.name).order_by(Community.name)
    if not by.is_in(Role.LIAISON, Role.COUNTY):
        rows = rows.where(_serves_in(by, Registration.community_id == Community.id))
    return [(key, name) for key, name in db.session.execute(rows)]


def without_contact(by: Actor, of: QuarterOf) -> Select:
    """Who has had no contact in a quarter, though members are registered: communities for a liaison, else units."""
    in_quarter = and_(Contact.day.between(of.first, of.last), Contact.state == ContactState.RECORDED)
    if by.is_in(Role.LIAISON):
        touched = exists().where(Contact.community_id == Community.id, Contact.unit_id == by.unit_id, in_quarter)
        serves = _serves_in(by, Registration.community_id == Community.id)
        return select(Community).where(serves, ~touched).options(joinedload(Community.town))
    touched = exists().where(Contact.unit_id == Unit.id, _scope(by), in_quarter)
    serves = _serves_in(by, Registration.unit_id == Unit.id)
    return select(Unit).where(serves, ~touched).options(joinedload(Unit.supervisor))


def _serves_in(by: Actor, same: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether members of this unit (or community) are registered in the person's scope."""
    match by.role:
        case Role.CLERK:
            scope = Registration.community_id == by.community_id
        case Role.TOWN:
            below = Registration.community_id.in_(communities_of(by.supervisor_id))
            scope = or_(below, in_unit_scope(by, Registration.unit_id))
        case _:
            scope = in_unit_scope(by, Registration.unit_id)
    return exists().where(same, Registration.state.in_(CURRENT), scope)
