"""How logins are found by those who keep them: by name, pinyin, initials or username."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.accounts import queries
from portal.accounts.models import User, UserState
from portal.actors import Actor
from portal.finding import Kind, Line, Sought
from portal.people.queries import named


def _users(by: Actor, sought: Sought) -> Select | None:
    fits = or_(named(User, sought.words), User.username.startswith(sought.words.lower(), autoescape=True))
    return queries.visible_to(by).where(fits) if sought.is_text else None


def _line(key, name, username, state) -> Line:
    return Line(name, url_for("accounts.page", user=key), username, None if state is UserState.ACTIVE else state)


USERS = Kind(
    "users", "账号", "accounts.page", _users, (User.name, User.username, User.state),
    _line, (User.pinyin,),
)  # fmt: skip
