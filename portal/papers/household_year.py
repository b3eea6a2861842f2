"""Whose household cards one may print, and what is fetched for many of them at once: the visits of a year."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.orm import selectinload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.households import queries as households
from portal.households.counting import stands
from portal.households.models import Household, HouseholdState, Visit, VisitPerson
from portal.papers import queries
from portal.papers.catalogue import OfYear

KIND = "household-card"
KEEPERS = (Role.CLERK, Role.GRID_WORKER)


@dataclass(frozen=True, kw_only=True)
class VisitsOfYear(OfYear):
    """A household, with its visits of one year; `unit_id`: as far as the liaison of this unit reads it."""

    row: Household
    visits: list[Visit]
    unit_id: int | None


def seen_by(by: Actor, year: int) -> Select:
    """The households whose whole card this person may see: those of the own community or grid, open in that year."""
    return _open_in(year, _among(by, *KEEPERS))


def unit_copies_seen_by(by: Actor, year: int) -> Select:
    """The households of which this person may print the unit's copy: the community, and the supporters' unit."""
    return _open_in(year, _among(by, *KEEPERS, Role.LIAISON))


def gather(rows: Sequence[Household], year: int, by: Actor) -> list[VisitsOfYear]:
    """The cards of one year of these households, in their order; as many queries for fifty as for one.

    Clear for an open case only: a closed file is looked at on its page, with a reason.
    """
    issued = queries.issued_of_year(KIND, year, [row.id for row in rows])
    visits = _visits([row.id for row in rows], year)
    unit_id = by.unit_id if by.is_in(Role.LIAISON) else None
    return [
        VisitsOfYear(
            row=row,
            year=year,
            issued=issued[row.id][0],
            replaced=issued[row.id][1],
            clear=row.state is HouseholdState.ACTIVE,
            visits=visits[row.id],
            unit_id=unit_id,
        )
        for row in rows
    ]


def _visits(household_ids: list[int], year: int) -> dict[int, list[Visit]]:
    of_year = Visit.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31))
    rows = select(Visit).where(Visit.household_id.in_(household_ids), of_year, stands())
    people = selectinload(Visit.people).joinedload(VisitPerson.member)
    found = defaultdict(list)
    for visit in db.session.scalars(rows.options(people).order_by(Visit.day, Visit.starts, Visit.id)):
        found[visit.household_id].append(visit)
    return found


def _among(by: Actor, *roles: Role) -> Select:
    if by.is_in(Role.SYSTEM):  # the operator's command prints for everybody
        return households.visible_to(replace(by, role=Role.COUNTY))
    return households.visible_to(by).where(true() if by.is_in(*roles) else false())


def _open_in(year: int, rows: Select) -> Select:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    opened = (Household.opened_on <= last, or_(Household.closed_on.is_(None), Household.closed_on >= first))
    return rows.where(*opened).options(selectinload(Household.people))
