"""The figures beside an office's to-dos; each leads to the list behind it."""

import datetime as dt

from flask import url_for

from portal import filters
from portal.actors import Actor, Role
from portal.desks.own_page import own_page
from portal.desks.todo import todos
from portal.registrations import rates
from portal.registrations.rates import Standing
from portal.wishes import waiting
from portal.wishes.models import WishState

Figure = tuple[object, str, str, str]
WISH_OFFICES = (Role.CLERK, Role.TOWN, Role.COUNTY)


def figures(by: Actor, today: dt.date) -> list[Figure]:
    """(number, unit, label, address) of what this office answers for."""
    shown: list[Figure] = []
    if groupings := rates.groupings(by):
        shown += _reported(by, groupings[0])
    if by.is_in(*WISH_OFFICES):
        shown += _wishes(by)
    return shown


def _reported(by: Actor, grouping: rates.Grouping) -> list[Figure]:
    total = rates.table(by, grouping).total
    should, reported = total[Standing.SHOULD], total[Standing.REPORTED]
    return [
        (filters.percent(reported, should), "", "报到率", url_for("registrations.rates_page", by=grouping.value)),
        (reported, "人", f"已报到（应报到 {should} 人）", _people(grouping, Standing.REPORTED)),
        (should - reported, "人", "还没有报到", _people(grouping, Standing.MISSING)),
    ]


def _people(grouping: rates.Grouping, standing: Standing) -> str:
    return url_for("registrations.people", by=grouping.value, standing=standing.value)


def _wishes(by: Actor) -> list[Figure]:
    counts = waiting.by_state(by)
    return [
        (counts.get(state, 0), "条", label, url_for("wishes.cases", state=state.value))
        for state, label in (
            (WishState.PUBLISHED, "微心愿待认领"),
            (WishState.CLAIMED, "微心愿办理中"),
            (WishState.CONFIRMED, "微心愿已实现"),
        )
    ]


def of(by: Actor, today: dt.date) -> dict:
    """What the desk's template shows: plain values, so that they may be kept."""
    return {
        "todos": todos(by, today),
        "figures": figures(by, today),
        "own": own_page(by, today.year) if by.is_in(Role.MEMBER) else None,
        "year": today.year,
    }
