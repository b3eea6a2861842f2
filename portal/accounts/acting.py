"""A login in one of its appointments, as the Actor that rules and history lines know."""

from portal.accounts.models import Appointment, User
from portal.actors import Actor, Role


def actor_values(user: User, appointment: Appointment | None, address: str = "") -> dict:
    """What an Actor knows of a login in one appointment (no appointment: nothing but the name).

    A member's unit is the one on whose roster the member stands now, whatever it was at the appointment. A second
    login of one person is that person too, whichever row of the roster it was opened for.
    """
    self_id = user.member and (user.member.merged_into_id or user.member_id)
    values: dict = {"user_id": user.id, "name": user.name, "self_member_id": self_id, "address": address}
    if appointment is None:
        return values | {"role": Role.RESIDENT}
    values |= {
        "role": appointment.role,
        "appointment_id": appointment.id,
        "office": appointment.office_name,
        "supervisor_id": appointment.supervisor_id,
        "unit_id": appointment.unit_id,
        "community_id": appointment.community_id,
        "grid_id": appointment.grid_id,
        "leads_county_town": bool(appointment.supervisor and appointment.supervisor.leads_county_town),
    }
    if appointment.role is Role.MEMBER and user.member:
        unit = user.member.unit
        values |= {"member_id": user.member_id, "unit_id": unit.id, "office": unit.name}
    return values


def actor_of(user: User, appointment: Appointment | None) -> Actor:
    """A login in one appointment as an Actor, for commands and tests."""
    return Actor(**actor_values(user, appointment))
