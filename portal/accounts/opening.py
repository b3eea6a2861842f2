"""Opening logins: one with its first appointment, or one for each of many members of a unit."""

from collections.abc import Iterable

from flask import abort, url_for
from flask_login import current_user

from portal import clock, web
from portal.accounts import passwords, queries, scopes, workflow
from portal.accounts.forms import NewLoginForm
from portal.accounts.models import Appointment
from portal.accounts.workflow import Slip, suggested_username
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people import queries as people
from portal.people.models import Member

AT_ONCE = 50  # hashing a password takes a twentieth of a second


def member_asked(by: Actor, typed: str) -> Member:
    """The member in the address for whom a login is opened; 404 for a foreign one as for none."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        abort(404)
    return web.find(people.visible_to(by), int(typed))


def form_for(role: Role, by: Actor, member: Member | None) -> NewLoginForm:
    """The form of a new login in this role; a member's name is the roster's, and their user name is suggested."""
    first = {"starts_on": clock.today(), "username": suggested_username(member.name) if member else None}
    form = NewLoginForm(data=first)
    scopes.prepare(form, role, by)
    if member:
        del form["name"]
    return form


def open_one(by: Actor, role: Role, form: NewLoginForm, password_hash: str, member_id: int | None) -> Appointment:
    """Open the login and give it its first appointment."""
    member = web.find(people.visible_to(by), member_id) if member_id else None
    name = member.name if member else form["name"].data
    user = workflow.open_login(by, form.username.data, name, password_hash, member)
    dates = {"starts_on": form.starts_on.data, "ends_on": form.ends_on.data}
    return workflow.appoint(by, user, role=role, **scopes.scope_of(form), **dates)


def ticked(typed: Iterable[str]) -> list[int]:
    """The ids that were ticked, as many as are opened at once."""
    ids = dict.fromkeys(int(each) for each in typed if each.isascii() and each.isdigit() and len(each) <= 9)
    return list(ids)[:AT_ONCE]


def first_passwords(ids: list[int]) -> list[tuple[int, str, str]]:
    """For each of these members a one-time password and its hash."""
    made = [(member_id, passwords.first_password()) for member_id in ids]
    return [(member_id, password, passwords.hash_password(password)) for member_id, password in made]


def open_many(by: Actor, made: list[tuple[int, str, str]]) -> list[Slip]:
    """Open logins for members without one, each given as (member, password, its hash); others are passed over."""
    without = {member.id: member for member in db.session.scalars(queries.members_without_login(by.unit_id))}
    slips = []
    for member_id, password, password_hash in made:
        if member := without.pop(member_id, None):
            user = workflow.open_login(by, suggested_username(member.name), member.name, password_hash, member)
            workflow.appoint(by, user, role=Role.MEMBER, starts_on=clock.today())
            slips.append(Slip(member.name, member.unit.name, user.username, password))
    return slips


def show_once(slips: list[Slip]):
    """Lead to the page that shows these one-time passwords once."""
    workflow.keep_slips(current_user.session_id, slips)
    return web.done(url_for("accounts.slips"))
