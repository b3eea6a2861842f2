"""Who may come along: everybody of the cast in each of their offices, the resident of a wish, a stranger, time."""

from collections.abc import Iterator

from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts import acting, queries
from portal.accounts.models import Appointment, User
from portal.actors import SYSTEM, Actor, resident_of
from portal.extensions import db

STRANGER = resident_of(999_999)


def everybody() -> list[User]:
    """All logins, in the order they were made."""
    return list(db.session.scalars(db.select(User).order_by(User.id)))


def in_office() -> Iterator[Actor]:
    """Each login in each appointment that is in force today."""
    held = db.select(Appointment).where(queries.in_force(clock.today())).order_by(Appointment.id)
    shown = (*queries.SCOPE, Appointment.user)
    for appointment in db.session.scalars(held.options(*map(joinedload, shown))):
        yield acting.actor_of(appointment.user, appointment)


def around(kind: str, row) -> list[Actor]:
    """Everybody who might act on a case: all offices and members, time, and for a wish its resident."""
    residents = [resident_of(row.id)] if kind == "wishes" else []
    return [*in_office(), SYSTEM, *residents]
