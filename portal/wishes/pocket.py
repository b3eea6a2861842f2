"""What a resident's browser carries for a short time: the slip's secret, the wish being followed, one look."""

import datetime as dt
import secrets

from flask import session

from portal import clock, cookie_seal
from portal.text import clean

FOLLOWED_FOR = dt.timedelta(minutes=20)
LOOK_FOR = dt.timedelta(minutes=2)
_PURPOSE = "follow"


def slip_secret() -> str:
    """The secret of this browser from which query codes are derived; '' before a form was opened."""
    return clean(str(session.get("slip", "")))


def open_slip() -> None:
    """Give this browser a secret for the slip of the form that it opens."""
    if not session.get("slip"):
        session["slip"] = secrets.token_hex(16)


def clear_slip() -> None:
    """Let the slips of this browser be shown no more."""
    session.pop("slip", None)


def follow(number: str, code: str) -> None:
    """Remember, sealed, the wish that this browser follows, for twenty minutes."""
    until = int((clock.now() + FOLLOWED_FOR).timestamp())
    session["follow"] = cookie_seal.seal(f"{number} {code} {until}", _PURPOSE)


def followed() -> tuple[str, str] | None:
    """Number and code of the wish that this browser follows, or None."""
    try:
        kept = cookie_seal.unseal(session.get("follow", ""), _PURPOSE)
    except ValueError:
        return None
    number, code, until = kept.split(" ")
    return (number, code) if clock.now().timestamp() < int(until) else None


def leave() -> None:
    """Forget the wish that was followed."""
    session.pop("follow", None)


def allow_look(number: str) -> None:
    """Let the next page of this wish show once what was looked up."""
    session["look"] = [number, int((clock.now() + LOOK_FOR).timestamp())]


def take_look(number: str) -> bool:
    """Whether this page may show what was looked up; true once."""
    kept = session.get("look")
    if not kept or kept[0] != number:
        return False
    session.pop("look")
    return clock.now().timestamp() < kept[1]
