"""The person signed in: an Actor that Flask-Login knows, loaded from the session in the database."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from flask import request
from flask_login import AnonymousUserMixin, UserMixin
from sqlalchemy import Date, Row, ScalarSelect, bindparam, delete, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from portal import clock, faces, web
from portal.accounts.models import Appointment, SignedInSession, User, UserState
from portal.accounts.queries import appointments_of, in_force
from portal.accounts.tokens import hash_token
from portal.actors import Actor, Role
from portal.clock import Moment
from portal.extensions import db, login_manager
from portal.people.models import Community, Grid, Member, Supervisor, Unit

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=10)
SEEN_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn(UserMixin, Actor):
    """The acting person of a request: an Actor with the session, the switcher's choices and the unread messages."""

    token: str = ""
    session_id: int = 0
    username: str = ""
    must_change_password: bool = False
    offices_held: int = 0
    unread: int = 0

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
        """The appointments of this login that it may use here, for the switcher; none of a login with one only."""
        held = appointments_of(self.user_id, clock.today()) if self.offices_held > 1 else []
        return [appointment for appointment in held if faces.here().admits(appointment.role)]

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's random token."""
        return self.token


@dataclass(frozen=True)
class Visitor(AnonymousUserMixin, Actor):
    """Nobody in particular: a resident who looks at the public pages."""


def visitor() -> Visitor:
    """The visitor of this request."""
    return Visitor(role=Role.RESIDENT, name="居民", address=request.remote_addr or "")


_TODAY = bindparam("today", type_=Date)
_Held = aliased(Appointment)


def _one(column, *where):
    """A column of the one row that fits, as a part of the query of a session; NULL where none does."""
    return select(column).where(*where).correlate(Appointment, User).scalar_subquery()


_in_grid = (Grid.id == Appointment.grid_id, Community.id == Grid.community_id)
_at_home = (Member.id == User.member_id, Unit.id == Member.unit_id)
_offices = (
    _one(Community.name + Grid.name, *_in_grid),
    _one(Community.name, Community.id == Appointment.community_id),
    _one(Unit.name, Unit.id == Appointment.unit_id),
    _one(Supervisor.name, Supervisor.id == Appointment.supervisor_id),
)
# Built once, and plain columns instead of seven rows: every page of everyone signed in begins with this query.
# Three tables joined, the rest looked up one by one: PostgreSQL took 2 ms just to plan a join of eleven.
# The values are those of `acting.actor_values`.
_SESSION = (
    select(
        SignedInSession.id.label("session_id"),
        SignedInSession.seen_at,
        User.id.label("user_id"),
        User.name,
        User.username,
        func.coalesce(_one(Member.merged_into_id, Member.id == User.member_id), User.member_id).label("self_member_id"),
        User.must_change_password,
        Appointment.id.label("appointment_id"),
        Appointment.role,
        Appointment.supervisor_id,
        Appointment.unit_id,
        Appointment.community_id,
        Appointment.grid_id,
        func.coalesce(_one(Supervisor.leads_county_town, Supervisor.id == Appointment.supervisor_id), False).label(
            "leads_county_town"
        ),
        func.coalesce(*_offices, "").label("office"),
        _one(Member.unit_id, Member.id == User.member_id).label("home_unit_id"),
        _one(Unit.name, *_at_home).label("home_office"),
        _one(func.count(), _Held.user_id == User.id, in_force(_TODAY, _Held)).label("offices_held"),
    )
    .join(SignedInSession.user)
    .join(SignedInSession.appointment)
    .where(
        SignedInSession.token_hash == bindparam("token"),
        SignedInSession.seen_at > bindparam("seen", type_=Moment),
        SignedInSession.started_at > bindparam("started", type_=Moment),
        User.state == UserState.ACTIVE,
        in_force(_TODAY),
    )
)

_looked_up: dict[str, ScalarSelect] = {}
_whole = _SESSION


def looks_up(**columns: ScalarSelect) -> None:
    """Later rooms say what else is known of who is signed in (`unread`): looked up in the same query."""
    global _whole
    _looked_up.update(columns)
    _whole = _SESSION.add_columns(*(column.label(name) for name, column in _looked_up.items()))


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    """The person of this session; None when it is idle too long or too old, the login locked, the office ended, or
    when nobody acts in this role on this face.
    """
    now, face = clock.now(), faces.here()
    if not any(map(face.admits, Role)):
        return None
    asked = {"token": hash_token(token), "seen": now - IDLE, "started": now - LONGEST, "today": clock.today()}
    found = db.session.execute(_whole, asked).first()
    if found is None or not face.admits(found.role):
        return None
    if now - found.seen_at >= SEEN_EVERY:
        seen = update(SignedInSession).where(SignedInSession.id == found.session_id)
        with suppress(OperationalError):  # reads go on while nothing can be written
            web.write_apart(seen.values(seen_at=now))
    return _person(found, token)


def forget_ended_sessions(now: dt.datetime) -> None:
    """A sweep: sessions that are idle too long or too old are deleted, with the slips they never showed."""
    ended = (SignedInSession.seen_at <= now - IDLE) | (SignedInSession.started_at <= now - LONGEST)
    db.session.execute(delete(SignedInSession).where(ended))


def _person(found: Row, token: str) -> SignedIn:
    values = dict(found._mapping)
    home_unit, home_office = values.pop("home_unit_id"), values.pop("home_office")
    if found.role is Role.MEMBER and found.self_member_id:
        values |= {"member_id": found.self_member_id, "unit_id": home_unit, "office": home_office}
    del values["seen_at"]
    return SignedIn(**values, token=token, address=request.remote_addr or "")


login_manager.anonymous_user = visitor
