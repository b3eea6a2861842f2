"""Doors: who may come to a route at all.  A route without a door answers 500 and fails the suite."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_login import current_user

from portal.actors import Role
from portal.errors import NotYours
from portal.extensions import db, set_may_write
from portal.logs import log

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
UPLOAD_BYTES = 12 * 1024 * 1024
View = TypeVar("View", bound=Callable)


@dataclass(frozen=True)
class Door:
    """Who may come: everybody, everyone signed in, or the people of some roles.

    `first` lets in a login that must change its one-time password before anything else; `hidden` answers a
    stranger's POST as if there were nothing here.
    """

    public: bool = False
    roles: tuple[Role, ...] = ()
    first: bool = False
    hidden: bool = False

    @property
    def words(self) -> str:
        """The door in words, for `routes policy` and refusals."""
        if self.public:
            return "public"
        return "、".join(role.label for role in self.roles) or "signed in"


def public(view: View) -> View:
    """Everybody may come."""
    return _with_door(view, Door(public=True))


def signed_in(view: View) -> View:
    """Everyone who is signed in may come."""
    return _with_door(view, Door())


def signed_in_first(view: View) -> View:
    """Everyone signed in may come, even before the one-time password was changed."""
    return _with_door(view, Door(first=True))


def hidden_from_strangers(view: View) -> View:
    """Everyone signed in may come; to a stranger's POST there is nothing here (a resident's moves go another way)."""
    return _with_door(view, Door(hidden=True))


def for_roles(*roles: Role) -> Callable[[View], View]:
    """People acting in one of these roles may come."""
    return lambda view: _with_door(view, Door(roles=roles))


def takes_uploads(view: View) -> View:
    """This route takes files, so its body may be larger than the ordinary limit."""
    view.takes_uploads = True  # type: ignore[attr-defined]
    return view


def door_of(endpoint: str) -> Door | None:
    """The door of an endpoint, or None when nobody declared one."""
    return getattr(current_app.view_functions[endpoint], "door", None)


def guard():
    """Before each request: limit the body, decide whether it may write, and look who stands at the door."""
    set_may_write(request.method not in SAFE_METHODS)
    if request.endpoint is None:
        return None
    if getattr(current_app.view_functions[request.endpoint], "takes_uploads", False):
        request.max_content_length = UPLOAD_BYTES
    door = door_of(request.endpoint)
    if door is None:
        log.error("route without a door", endpoint=request.endpoint)
        abort(500)
    return None if door.public else _let_in(door)


def leave(_error=None) -> None:
    """After each request: no transaction stays open, and what runs next may write again."""
    if db.session.registry.has():  # a page from memory asked the database nothing
        db.session.rollback()
    set_may_write(True)


def register(app: Flask) -> None:
    """Put the guard in front of every request; the library's own static route is public."""
    app.view_functions["static"].door = Door(public=True)
    app.before_request(guard)
    app.teardown_request(leave)


def _let_in(door: Door):
    if not current_user.is_authenticated:
        if request.method in SAFE_METHODS:
            return redirect(url_for("accounts.login", next=_here()))
        # Whose session has just ended is no stranger: the form comes back with its text.
        abort(404 if door.hidden and "_user_id" not in session else 401)
    if current_user.must_change_password and not door.first:
        return redirect(url_for("accounts.password"))
    if door.roles and current_user.role not in door.roles:
        raise NotYours(f"这个页面由{door.words}使用。如您兼有该身份，请先在页面右上角切换身份。")
    return None


def _here() -> str:
    return request.full_path if request.query_string else request.path


def _with_door(view, door: Door):
    view.door = door
    return view
