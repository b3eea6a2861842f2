"""The person signed in: an Actor that Flask-Login knows, loaded from the session in the database."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from flask import request
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal import clock, web
from portal.accounts.models import Appointment, AppointmentState, SignedInSession, User
from portal.actors import Actor, Role
from portal.extensions import db, login_manager

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=10)
SEEN_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn(UserMixin, Actor):
    """The acting person of a request: an Actor with the session and the switcher's choices."""

    token: str = ""
    session_id: int = 0
    username: str = ""
    must_change_password: bool = False

    @property
    def role_label(self) -> str:
        """The role in use, as the top bar shows it."""
        return self.role.label

    @property
    def office_name(self) -> str:
        """The office in use, as the top bar shows it."""
        return self.office

    @property
    def appointments(self) -> list[Appointment]:
        """The appointments in force of this login, for the switcher."""
        return appointments_of(self.user_id, clock.today())

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's random token."""
        return self.token


@dataclass(frozen=True)
class Visitor(AnonymousUserMixin, Actor):
    """Nobody in particular: a resident who looks at the public pages."""


def visitor() -> Visitor:
    """The visitor of this request."""
    return Visitor(role=Role.RESIDENT, name="居民", address=request.remote_addr or "")


def hash_token(token: str) -> str:
    """The hash under which a session's token is stored (hex)."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A random session token of 256 bits."""
    return secrets.token_urlsafe(32)


def appointments_of(user_id: int | None, today: dt.date) -> list[Appointment]:
    """The appointments of a login that are in force on this day, in the order they were given."""
    return list(
        db.session.scalars(
            select(Appointment)
            .where(Appointment.user_id == user_id, in_force(today))
            .options(
                joinedload(Appointment.supervisor), joinedload(Appointment.unit),
                joinedload(Appointment.community), joinedload(Appointment.grid),
            )
            .order_by(Appointment.id)
        )
    )  # fmt: skip


def in_force(today: dt.date):
    """The condition that an appointment holds on this day."""
    return (
        (Appointment.state == AppointmentState.ACTIVE)
        & (Appointment.starts_on <= today)
        & (Appointment.ends_on.is_(None) | (Appointment.ends_on >= today))
    )


def actor_values(user: User, appointment: Appointment | None, address: str = "") -> dict:
    """What an Actor knows of a login in one appointment (no appointment: nothing but the name)."""
    values: dict = {
        "user_id": user.id,
        "name": user.name,
        "self_member_id": user.member_id,
        "address": address,
    }
    if appointment is None:
        return values | {"role": Role.RESIDENT}
    office = appointment.grid or appointment.community or appointment.unit or appointment.supervisor
    if appointment.role == Role.MEMBER:
        values["member_id"] = user.member_id
    return values | {
        "role": appointment.role,
        "appointment_id": appointment.id,
        "office": office.name if office else "",
        "supervisor_id": appointment.supervisor_id,
        "unit_id": appointment.unit_id,
        "community_id": appointment.community_id,
        "grid_id": appointment.grid_id,
        "leads_county_town": bool(appointment.supervisor and appointment.supervisor.leads_county_town),
    }


def actor_of(user: User, appointment: Appointment | None) -> Actor:
    """A login in one appointment as an Actor, for commands and tests."""
    return Actor(**actor_values(user, appointment))


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    """The person of this session, or None when it is idle for too long, too old, locked or gone."""
    now = clock.now()
    session = db.session.scalar(
        select(SignedInSession)
        .where(
            SignedInSession.token_hash == hash_token(token),
            SignedInSession.seen_at > now - IDLE,
            SignedInSession.started_at > now - LONGEST,
        )
        .options(
            joinedload(SignedInSession.user),
            joinedload(SignedInSession.appointment).options(
                joinedload(Appointment.supervisor), joinedload(Appointment.unit),
                joinedload(Appointment.community), joinedload(Appointment.grid),
            ),
        )
    )  # fmt: skip
    if session is None or session.user.locked_at:
        return None
    person = _person(session, token)
    if now - session.seen_at >= SEEN_EVERY:
        seen = update(SignedInSession).where(SignedInSession.id == session.id).values(seen_at=now)
        web.write_apart(seen)
    return person


def _person(session: SignedInSession, token: str) -> SignedIn:
    user, appointment, today = session.user, session.appointment, clock.today()
    if appointment and not _still_holds(appointment, today):
        appointment = None
    return SignedIn(
        **actor_values(user, appointment, request.remote_addr or ""),
        token=token,
        session_id=session.id,
        username=user.username,
        must_change_password=user.must_change_password,
    )


def _still_holds(appointment: Appointment, today: dt.date) -> bool:
    begun = appointment.starts_on <= today
    return (
        begun
        and appointment.state == AppointmentState.ACTIVE
        and (appointment.ends_on is None or appointment.ends_on >= today)
    )


login_manager.anonymous_user = visitor
