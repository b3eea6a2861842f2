"""Who holds the offices of a unit, community or supervisor, as pages of other rooms show them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock, web
from portal.accounts import queries
from portal.accounts.models import Appointment, User
from portal.actors import Role
from portal.extensions import db
from portal.people.models import Community, Member, Supervisor, Unit

_SCOPES = {Supervisor: Appointment.supervisor_id, Unit: Appointment.unit_id, Community: Appointment.community_id}


@dataclass(frozen=True)
class Officer:
    """One person in one office; `user_id` only where this reader may open the login."""

    name: str
    role: Role
    office: str
    main: bool
    user_id: int | None


def officers_of(place: Supervisor | Unit | Community) -> list[Officer]:
    """The people who hold an office of this place today (not its members), the main ones first."""
    held = (_SCOPES[type(place)] == place.id, Appointment.role != Role.MEMBER, queries.in_force(clock.today()))
    shown = (joinedload(Appointment.user), *map(joinedload, queries.SCOPE))
    rows = select(Appointment).where(*held).options(*shown).order_by(Appointment.main.desc(), Appointment.id)
    appointments = db.session.scalars(rows).all()
    open_to = _seen([appointment.user_id for appointment in appointments])
    return [
        Officer(a.user.name, a.role, a.office_name, a.main, a.user_id if a.user_id in open_to else None)
        for a in appointments
    ]


def login_of(member: Member) -> User | None:
    """The login of a member, when there is one that this reader may open."""
    return db.session.scalar(queries.visible_to(web.me()).where(User.member_id == member.id))


def _seen(ids: list[int]) -> set[int]:
    return set(db.session.scalars(queries.visible_to(web.me()).where(User.id.in_(ids)).with_only_columns(User.id)))
