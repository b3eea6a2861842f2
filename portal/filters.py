"""What templates may call: dates, numbers and masks as people read them, and the moves that are open."""

import datetime as dt
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app, has_request_context, request, url_for
from flask_login import current_user
from jinja2 import StrictUndefined

from portal import clock, history, numbers, once
from portal.flow import flow_of
from portal.flow import open_moves as moves_open_to
from portal.labels import Category
from portal.web import address_of, move_address

NOTHING = "—"


def day(value: dt.date | dt.datetime | None) -> str:
    """A date as 2026年5月15日; — when there is none."""
    if value is None:
        return NOTHING
    if isinstance(value, dt.datetime):
        value = clock.local(value).date()
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: dt.datetime | None) -> str:
    """A time as 2026年5月15日 09:30; — when there is none."""
    return NOTHING if value is None else f"{day(value)} {clock.local(value):%H:%M}"


def hours(half_hours: int | None) -> str:
    """Half-hour steps as hours: 5 → 2.5."""
    if half_hours is None:
        return NOTHING
    return f"{half_hours / 2:.1f}".removesuffix(".0")


def percent(part: int, whole: int) -> str:
    """A rate as 97.5%; — of nothing."""
    return f"{part / whole:.1%}".replace(".0%", "%") if whole else NOTHING


def masked_phone(value: str | None) -> str:
    """A phone number with its middle hidden: 138****1234."""
    if not value:
        return NOTHING
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 11 else f"{'*' * (len(value) - 4)}{value[-4:]}"


def official(number: str, kind: str) -> str:
    """A number as a paper of this kind prints it: 凤进社信〔2026〕0012号."""
    return numbers.official_number(kind, number)


def or_nothing(value) -> str:
    """The value, or — when it is empty."""
    return NOTHING if value is None or value == "" else value


@cache
def asset(filename: str) -> str:
    """The address of a static file with its fingerprint, so that browsers may keep it for ever.

    Computed once a process: a page names a dozen files, and they change only with a new release.
    """
    content = (Path(current_app.static_folder or "") / filename).read_bytes()
    return url_for("static", filename=filename, v=hashlib.sha256(content).hexdigest()[:10])


def _elder() -> bool:
    return has_request_context() and request.cookies.get("elder") == "1"


def _context() -> dict:
    config = current_app.config
    return {
        "county_name": config["COUNTY_NAME"],
        "office_name": config["OFFICE_NAME"],
        "portal_name": config["SCHEME_NAME"],
        "slogan": config["SCHEME_SLOGAN"],
        "elder": _elder(),
        "today": clock.today(),
        "categories": Category,
    }


def open_moves(row):
    """The moves of this case that the signed-in person is offered now."""
    return moves_open_to(row, current_user)


def register(app: Flask) -> None:
    """Teach Jinja the house's filters; a name that nobody set is an error, never an empty cell."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        hours=hours,
        percent=percent,
        masked_phone=masked_phone,
        or_nothing=or_nothing,
        official=official,
    )
    app.jinja_env.globals.update(
        asset=asset, open_moves=open_moves, address_of=address_of, move_address=move_address, flow_of=flow_of,
        history_of=history.of, once=once.new_key,
    )  # fmt: skip
    app.context_processor(_context)
