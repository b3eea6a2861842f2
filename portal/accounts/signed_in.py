"""The person signed in: an Actor that Flask-Login knows, loaded from the session in the database."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from flask import request
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from portal import clock, web
from portal.accounts.acting import actor_values
from portal.accounts.models import Appointment, SignedInSession, User, UserState
from portal.accounts.queries import SCOPE, appointments_of, in_force
from portal.accounts.tokens import hash_token
from portal.actors import Actor, Role
from portal.extensions import db, login_manager
from portal.people.models import Member

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
    def keeps_organisations(self) -> bool:
        """Whether this role keeps supervisors, units and communities."""
        return self.role in (Role.COUNTY, Role.ADMIN)

    @property
    def gives_member_logins(self) -> bool:
        """Whether this role opens logins for members."""
        return self.role in (Role.LIAISON, Role.COUNTY)

    @property
    def has_second_factor(self) -> bool:
        """Whether this role is offered a second factor."""
        return self.role in (Role.COUNTY, Role.ADMIN)

    @cached_property
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


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    """The person of this session; None when it is idle too long or too old, the login locked, the office ended."""
    now = clock.now()
    session = db.session.scalar(
        select(SignedInSession)
        .join(SignedInSession.user)
        .join(SignedInSession.appointment)
        .where(
            SignedInSession.token_hash == hash_token(token),
            SignedInSession.seen_at > now - IDLE,
            SignedInSession.started_at > now - LONGEST,
            User.state == UserState.ACTIVE,
            in_force(clock.today()),
        )
        .options(
            joinedload(SignedInSession.user).joinedload(User.member).joinedload(Member.unit),
            joinedload(SignedInSession.appointment).options(*map(joinedload, SCOPE)),
        )
    )
    if session is None:
        return None
    person = _person(session, token)
    if now - session.seen_at >= SEEN_EVERY:
        web.write_apart(update(SignedInSession).where(SignedInSession.id == session.id).values(seen_at=now))
    return person


def forget_ended_sessions(now: dt.datetime) -> None:
    """A sweep: sessions that are idle too long or too old are deleted, with the slips they never showed."""
    ended = (SignedInSession.seen_at <= now - IDLE) | (SignedInSession.started_at <= now - LONGEST)
    db.session.execute(delete(SignedInSession).where(ended))


def _person(session: SignedInSession, token: str) -> SignedIn:
    return SignedIn(
        **actor_values(session.user, session.appointment, request.remote_addr or ""),
        token=token,
        session_id=session.id,
        username=session.user.username,
        must_change_password=session.user.must_change_password,
    )


login_manager.anonymous_user = visitor
