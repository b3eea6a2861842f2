"""The handover sheet (交接单) of an office: whose it is, who may print it, and its open cases with their dates.

To-dos belong to the office and not to the person, so nothing is handed over in the portal itself: whoever comes next
finds all of it on the desk. The sheet is for the two people and their superior to look through and sign.
"""

import datetime as dt
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import Appointment, AppointmentState
from portal.actors import Actor, Role
from portal.desks import handover_clerk, handover_liaison
from portal.desks.open_cases import Section
from portal.extensions import db
from portal.people.models import Community, Unit

RECENT = dt.timedelta(days=90)  # so long after its end, a person may still be handing the office over
PRINTERS = (Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)
ROLES = {Community: Role.CLERK, Unit: Role.LIAISON}


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet: sections with something open, and the titles of those where nothing is."""

    sections: list[Section]
    nothing: list[str]

    @property
    def count(self) -> int:
        """How many cases are handed over."""
        return sum(len(section.rows) for section in self.sections)


def sheet_of(place: Community | Unit, today: dt.date) -> Sheet:
    """The open cases of a community's clerks, or of a unit's liaisons."""
    if isinstance(place, Community):
        office = Actor(Role.CLERK, place.name, community_id=place.id)
        sections = handover_clerk.sections(office, today)
    else:
        office = Actor(Role.LIAISON, place.name, unit_id=place.id)
        sections = handover_liaison.sections(office)
    return Sheet([one for one in sections if one.rows], [one.title for one in sections if not one.rows])


def holders(place: Community | Unit) -> list[Appointment]:
    """Who holds the office, and who has just left it, the latest first."""
    of_place = Appointment.community_id if isinstance(place, Community) else Appointment.unit_id
    recent = (Appointment.state == AppointmentState.ENDED) & (Appointment.ends_on >= clock.today() - RECENT)
    rows = select(Appointment).where(
        of_place == place.id, Appointment.role == ROLES[type(place)],
        (Appointment.state == AppointmentState.ACTIVE) | recent,
    )  # fmt: skip
    return list(db.session.scalars(rows.options(joinedload(Appointment.user)).order_by(Appointment.id.desc())))


def likely(held: list[Appointment], by: Actor) -> tuple[int | None, int | None]:
    """Who probably hands over and who takes over: who left last, else oneself; the newest of the others in office."""
    left = [one for one in held if one.state is AppointmentState.ENDED]
    giver = max(left, key=lambda one: (one.ends_on, one.id)).id if left else by.appointment_id
    takers = [one.id for one in held if one.state is AppointmentState.ACTIVE and one.id != giver]
    known = {one.id for one in held}
    return giver if giver in known else None, next(iter(takers), None) if giver in known else None


def address_for(place: Community | Unit | None, by: Actor) -> str:
    """Where this person prints the handover sheet of a place's office; '' where there is none, or it is not theirs."""
    if not by.is_in(*PRINTERS) or not isinstance(place, Community | Unit):
        return ""
    return url_for("desks.handover_page", kind=place.__tablename__, place=place.id)


def own_address(by: Actor) -> str:
    """Where a clerk or a liaison prints the sheet of the own office; '' for everybody else."""
    match by.role:
        case Role.CLERK:
            return url_for("desks.handover_page", kind=Community.__tablename__, place=by.community_id)
        case Role.LIAISON:
            return url_for("desks.handover_page", kind=Unit.__tablename__, place=by.unit_id)
        case _:
            return ""
