"""What a page of a household holds for whoever reads it: the whole case, what a supporter needs, or the unit's part."""

import datetime as dt
from typing import Any

from portal import clock
from portal.actors import Actor, Role
from portal.flow import open_moves
from portal.households import looks, missing, queries, rights, visiting
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit

OPENS_FILES = (Role.CLERK, Role.GRID_WORKER, Role.COUNTY)


def page(household: Household, by: Actor, clear: bool, typed_year: str | None) -> dict[str, Any]:
    """All that the page of one household shows to this person."""
    today = clock.today()
    year = _year(household, typed_year, today)
    own = household.support_of(by.member_id) is not None
    whole = by.is_in(*OPENS_FILES) or own
    found = queries.visits_of(household.id, year) if whole or by.is_in(Role.LIAISON) else []
    visits = [visit for visit in found if whole or _of_unit(visit, by)]
    return {
        "household": household, "file": looks.file_of(household, by, clear, today), "whole": whole,
        "supports": _supports(household, by, own), "former": _former(household) if by.is_in(*OPENS_FILES) else [],
        "visits": visits, "came": {visit.id: _who_came(visit, None if whole else by.unit_id) for visit in visits},
        "opens_visits": not by.is_in(Role.COUNTY, Role.LIAISON), "year": year, "years": _years(household, today),
        "months": missing.of_households([household.id], year, today)[household.id] if whole else [],
        "enters": rights.enters(household, by), "proposes": _proposes(household, by),
        "records": household.state is HouseholdState.ACTIVE and visiting.may_record(household, by),
    }  # fmt: skip


def _supports(household: Household, by: Actor, own: bool) -> list[tuple[Support, list]]:
    """The supports that last or wait, as far as this person reads them, each with the moves that are open."""
    if by.is_in(Role.LIAISON):
        shown = [each for each in household.active_supports if each.member.unit_id == by.unit_id]
    elif by.is_in(Role.MEMBER) and not own:
        shown = [each for each in household.live_supports if each.member_id == by.member_id]
    elif by.is_in(Role.MEMBER):
        shown = household.active_supports
    else:
        waiting = [each for each in household.live_supports if each.state is SupportState.PROPOSED]
        shown = household.active_supports + waiting
    return [(each, open_moves(each, by)) for each in shown]


def _former(household: Household) -> list[Support]:
    """The supports that lasted once, the latest first."""
    ended = [each for each in household.supports if each.state is SupportState.ENDED and each.since is not None]
    return ended[::-1]


def _proposes(household: Household, by: Actor) -> bool:
    return household.state is HouseholdState.ACTIVE and bool(rights.clerk_of(household, by))


def _of_unit(visit: Visit, by: Actor) -> bool:
    """Whether a member of this liaison's unit came."""
    return any(person.member.unit_id == by.unit_id for person in visit.people)


def _who_came(visit: Visit, unit_id: int | None) -> str:
    """Who came, for a liaison the own members only."""
    members = [person.member for person in visit.people]
    return "、".join(member.name for member in members if unit_id is None or member.unit_id == unit_id)


def _years(household: Household, today: dt.date) -> list[int]:
    """The years that the page may show, the latest first."""
    first = (household.opened_on or household.entered_on).year
    last = (household.closed_on or today).year
    return list(range(last, first - 1, -1))


def _year(household: Household, typed: str | None, today: dt.date) -> int:
    years = _years(household, today)
    return next((year for year in years if str(year) == typed), years[0])


def mine(by: Actor) -> dict[str, Any]:
    """A member's own: households supported now with their twelve months, those proposed, those of before."""
    today = clock.today()
    found = queries.supports_of(by.member_id)
    now = [each for each in found if each.state is SupportState.ACTIVE]
    return {
        "now": now, "asked": [each for each in found if each.state is SupportState.PROPOSED],
        "before": [each for each in found if each.state is SupportState.ENDED and each.since is not None],
        "year": today.year,
        "months": missing.of_households([each.household_id for each in now], today.year, today) if now else {},
    }  # fmt: skip
