"""Doors: who may come to a route at all, and on which faces it stands.

A route without a door answers 500 and fails the suite. On a face that a door does not name, the route's address can
be built but leads nowhere: it answers like any unknown address.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from flask import Flask, Request, abort, current_app, redirect, request, session, url_for
from flask_login import current_user

from portal.actors import Role
from portal.errors import NotYours
from portal.extensions import db, set_may_write
from portal.faces import EVERYWHERE, INSIDE, WITH_LOGIN, Face, here
from portal.logs import log

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
UPLOAD_BYTES = 12 * 1024 * 1024
View = TypeVar("View", bound=Callable)


@dataclass(frozen=True)
class Door:
    """Who may come: everybody, everyone signed in, or the people of some roles; and the faces on which this is so.

    A process that is all in one serves every route. `first` lets in a login that must change its one-time password
    before anything else; `hidden` answers a stranger's POST as if there were nothing here.
    """

    faces: tuple[Face, ...]
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

    def stands_on(self, face: Face) -> bool:
        """Whether a process of this face serves the route."""
        return face is Face.ALL or face in self.faces


def public(view: View) -> View:
    """Everybody may come, on every face."""
    return _with_door(view, Door(EVERYWHERE, public=True))


def entrance(view: View) -> View:
    """Everybody may come, on the faces where people sign in."""
    return _with_door(view, Door(WITH_LOGIN, public=True))


def signed_in(view: View) -> View:
    """Everyone who is signed in may come; members from the members' face too, unless the route is `inside`."""
    return _with_door(view, Door(WITH_LOGIN))


def signed_in_first(view: View) -> View:
    """Everyone signed in may come, even before the one-time password was changed."""
    return _with_door(view, Door(WITH_LOGIN, first=True))


def hidden_from_strangers(view: View) -> View:
    """Everyone signed in may come; to a stranger's POST there is nothing here (a resident's moves go another way)."""
    return _with_door(view, Door(WITH_LOGIN, hidden=True))


def for_roles(*roles: Role) -> Callable[[View], View]:
    """People acting in one of these roles may come; what members may open stands on the members' face too."""
    return lambda view: _with_door(view, Door(WITH_LOGIN if Role.MEMBER in roles else INSIDE, roles=roles))


def inside(view: View) -> View:
    """For offices' faces only, whomever the door below would let in: put it above the door."""
    return _with_door(view, replace(view.door, faces=INSIDE))  # type: ignore[attr-defined]


def takes_uploads(view: View) -> View:
    """This route takes files, so its body may be larger than the ordinary limit."""
    view.takes_uploads = True  # type: ignore[attr-defined]
    return view


def door_of(endpoint: str) -> Door | None:
    """The door of an endpoint, or None when nobody declared one."""
    return getattr(current_app.view_functions[endpoint], "door", None)


def serves(endpoint: str) -> bool:
    """Whether this process has the route and its face serves it."""
    door = door_of(endpoint) if endpoint in current_app.view_functions else None
    return door is not None and door.stands_on(here())


def may_open(endpoint: str) -> bool:
    """Whether this process serves the page and its door lets the present person in; for links."""
    door = door_of(endpoint)
    if door is None or not door.stands_on(here()):
        return False
    let_in = current_user.is_authenticated and (not door.roles or current_user.role in door.roles)
    return door.public or let_in


class Asked(Request):
    """A request whose form holds what has a name: a part of a body may have none, and nobody asks for it."""

    def _load_form_data(self) -> None:
        known = "form" in self.__dict__
        super()._load_form_data()
        if not known:
            named = [(name, text) for name, text in self.form.items(multi=True) if name]
            self.__dict__["form"] = self.parameter_storage_class(named)


class Portal(Flask):
    """The application of one face: an address that the face does not serve is built, but never found."""

    request_class = Asked

    def add_url_rule(self, rule, endpoint=None, view_func=None, provide_automatic_options=None, **options):
        """Add a route, or only its address where its door does not stand on this face."""
        door = getattr(view_func, "door", None)
        if door is not None and not door.stands_on(Face(self.config["FACE"])):
            options["build_only"] = True
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)


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
    app.view_functions["static"].door = Door(EVERYWHERE, public=True)
    app.jinja_env.globals["may_open"] = may_open
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
