"""Who is part of a body that is inspected, and so neither inspects it nor judges its answers.

The actor is never the subject: a person belongs to the bodies whose offices they hold, to the unit they work in, and
to what stands right above these.
"""

from dataclasses import dataclass, field

from sqlalchemy import select

from portal import clock
from portal.accounts.models import Appointment, User
from portal.accounts.queries import in_force
from portal.extensions import db
from portal.inspections.models import Target
from portal.people.models import Community, Member, Unit


@dataclass
class Places:
    """The bodies to which a person belongs: `held` are the supervisors whose office they hold, `above` those over
    their unit or community.
    """

    units: set[int] = field(default_factory=set)
    communities: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    above: set[int] = field(default_factory=set)

    def include(self, target: Target) -> bool:
        """Whether this body is one's own, or below the office one holds, or above the place one works in."""
        if target.unit:
            return target.unit_id in self.units or target.unit.supervisor_id in self.held
        if target.community:
            return target.community_id in self.communities or target.community.town_id in self.held
        return target.supervisor_id in self.held | self.above


def places_of(user_id: int | None) -> Places:
    """The bodies to which the person of this login belongs today, in two queries."""
    places = Places()
    if user_id is None:
        return places
    held = select(
        Appointment.unit_id, Unit.supervisor_id, Appointment.community_id, Community.town_id, Appointment.supervisor_id
    )
    held = held.outerjoin(Unit, Unit.id == Appointment.unit_id)
    held = held.outerjoin(Community, Community.id == Appointment.community_id)
    held = held.where(Appointment.user_id == user_id, in_force(clock.today()))
    for unit, over_unit, community, town, body in db.session.execute(held):
        _add(places, unit, over_unit, community, town)
        places.held |= {body} - {None}
    works = select(Member.unit_id, Unit.supervisor_id).join(Unit, Unit.id == Member.unit_id)
    works = works.join(User, User.member_id == Member.id).where(User.id == user_id)
    for unit, over_unit in db.session.execute(works):
        _add(places, unit, over_unit, None, None)
    return places


def is_part_of(user_id: int | None, target: Target) -> bool:
    """Whether the person of this login belongs to an inspected body."""
    return places_of(user_id).include(target)


def _add(places: Places, unit, over_unit, community, town) -> None:
    places.units |= {unit} - {None}
    places.communities |= {community} - {None}
    places.above |= {over_unit, town} - {None}
