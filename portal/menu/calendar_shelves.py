"""What the page of the calendar shows, and to whom."""

import datetime as dt
from typing import Any

from flask import request, url_for

from portal import clock
from portal.actors import Actor, Role
from portal.menu import calendar_days, own
from portal.menu.forms import CalendarFilters
from portal.menu.month import Month, month_of
from portal.text import read_day
from portal.wishes import queries as wishes
from portal.wishes import wall, wall_cache

KNOWN = ("month", "community", "day")


def page_key() -> tuple:
    """What the calendar of a visitor depends on."""
    return ("calendar", request.cookies.get("elder"), clock.today(), *(request.args.get(name, "") for name in KNOWN))


def of(by: Actor) -> dict[str, Any]:
    """The month of the address, under its filter, as this person may see it."""
    month, day = _month_and_day()
    form = CalendarFilters()
    form.community.offer(wall_cache.recent("communities", wall.communities))
    community, member = form.community.data, by.member_id if by.is_in(Role.MEMBER) else None
    home = wishes.helper_of(by).home or by.community_id
    mine = own.of(by, clock.today()) if member else []
    days = calendar_days.of(month, community, community or home, member, mine)
    return {
        "form": form, "month": month, "weeks": calendar_days.by_week(month, days), "home": home,
        "day": day,
        "of_day": calendar_days.of_day(day, community, member) if day else [],
        "before": _address(month.before, community), "after": _address(month.after, community),
        "day_address": lambda one: _address(month, community, day=one.isoformat(), _anchor="day"),
    }  # fmt: skip


def _month_and_day() -> tuple[Month, dt.date | None]:
    """The month, and the day of it that is looked at closely, if any."""
    month = month_of(request.args.get("month"), clock.today())
    day = read_day(request.args.get("day", "")[:10])
    return month, day if day and (day.year, day.month) == (month.year, month.month) else None


def _address(month: Month | None, community: int | None, **more: Any) -> str:
    if month is None:
        return ""
    kept: dict[str, Any] = {"community": community} if community else {}
    return url_for("menu.calendar", month=month.address, **kept, **more)
