"""Signing in and out, switching the appointment in use."""

from sqlalchemy import delete, select

from portal import audit, clock
from portal.accounts.models import Appointment, SignedInSession, User
from portal.accounts.signed_in import actor_of, appointments_of, hash_token, new_token
from portal.actors import Actor, at_address
from portal.errors import NotYours
from portal.extensions import db


def sign_in(user: User, address: str) -> str:
    """Open a new session for this login; returns its token, which is stored only as a hash."""
    today = clock.today()
    held = appointments_of(user.id, today)
    chosen = next((a for a in held if a.id == user.last_appointment_id), held[0] if held else None)
    token = new_token()
    now = clock.now()
    db.session.add(
        SignedInSession(
            token_hash=hash_token(token),
            user_id=user.id,
            appointment_id=chosen.id if chosen else None,
            started_at=now,
            seen_at=now,
            address=address,
        )
    )
    audit.write(at_address(actor_of(user, chosen), address), "accounts.sign_in", user)
    return token


def sign_out(by: Actor, session_id: int) -> None:
    """Close a session."""
    db.session.execute(delete(SignedInSession).where(SignedInSession.id == session_id))
    audit.write(by, "accounts.sign_out")


def switch(by: Actor, session_id: int, appointment_id: int) -> Appointment:
    """Use another of one's own appointments from now on."""
    held = {appointment.id: appointment for appointment in appointments_of(by.user_id, clock.today())}
    if appointment_id not in held:
        raise NotYours("您没有这个身份，或该身份已结束。")
    session = db.session.scalars(select(SignedInSession).where(SignedInSession.id == session_id)).one()
    session.appointment_id = appointment_id
    session.user.last_appointment_id = appointment_id
    audit.write(by, "accounts.switch", held[appointment_id])
    return held[appointment_id]
