"""Lists of households: what they are narrowed to, and how many there are of each kind in each community."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.households import missing, queries
from portal.households.kinds import HouseholdKind, Need
from portal.households.models import Household, HouseholdNeed, HouseholdState
from portal.people.models import Community, Grid
from portal.people.names import surname_of
from portal.people.queries import communities_of


@dataclass(frozen=True)
class Filters:
    """What a list of households is narrowed to; `missing` is the first day of a month without a visit."""

    state: HouseholdState | None = None
    kind: HouseholdKind | None = None
    need: Need | None = None
    grid_id: int | None = None
    community_id: int | None = None
    without: bool = False
    missing: dt.date | None = None
    words: str = ""


def filtered(by: Actor, filters: Filters) -> Select:
    """The households of a list, narrowed."""
    rows = queries.visible_to(by)
    for column, wanted in (
        (Household.state, filters.state), (Household.kind, filters.kind), (Household.grid_id, filters.grid_id),
        (Household.community_id, filters.community_id),
    ):  # fmt: skip
        if wanted is not None:
            rows = rows.where(column == wanted)
    if filters.need:
        rows = rows.where(
            exists().where(HouseholdNeed.household_id == Household.id, HouseholdNeed.need == filters.need)
        )
    if filters.without:
        rows = rows.where(queries.is_without_supporter(clock.today()))
    if filters.missing:
        rows = rows.where(missing.is_missing(filters.missing))
    return rows.where(_named(filters.words)) if filters.words else rows


def _named(words: str) -> ColumnElement[bool]:
    """A household by its number or by the family name, which is all that stands in clear."""
    surname = surname_of(words)
    return or_(Household.number == words, Household.shown_name == f"{surname}某某",
               Household.shown_name == f"{surname}·某某")  # fmt: skip


def counts(by: Actor) -> list[tuple[Community, dict[HouseholdKind, int]]]:
    """How many households are supported now in each community of a town or the county, by kind."""
    places = select(Community).order_by(Community.name)
    if by.is_in(Role.TOWN):
        places = places.where(Community.id.in_(communities_of(by.supervisor_id)))
    rows = select(Household.community_id, Household.kind, func.count()).where(Household.state == HouseholdState.ACTIVE)
    found: dict[int, dict[HouseholdKind, int]] = {}
    for community_id, kind, number in db.session.execute(rows.group_by(Household.community_id, Household.kind)):
        found.setdefault(community_id, {})[kind] = number
    return [(place, found.get(place.id, {})) for place in db.session.scalars(places)]


def grids_of(community_id: int | None) -> list[tuple[int, str]]:
    """The grids of a community as (id, name)."""
    rows = select(Grid.id, Grid.name).where(Grid.community_id == community_id).order_by(Grid.code)
    return [(key, name) for key, name in db.session.execute(rows)]
