"""The ladder of a wish that nobody takes: its levels, and the days after which it goes on.  [二(二)2]

A thing has lain for n days on the n-th day after its own, from the first minute of that day: what everybody reads as
“满30天”. Days are those of the county's clock, not times of 24 hours.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, or_

from portal import clock
from portal.scheme import queries as scheme
from portal.scheme.models import SchemeYear
from portal.wishes.models import Level, Wish, WishState

LEVELS = tuple(Level)  # from the grid upwards


def above(level: Level) -> Level | None:
    """The next level up; None above the county."""
    return LEVELS[LEVELS.index(level) + 1] if level is not LEVELS[-1] else None


def below(level: Level) -> Level:
    """The level to which a town or the county hands back."""
    return LEVELS[max(LEVELS.index(level) - 1, 0)]


def climbs(wish: Wish) -> bool:
    """Whether a wish may go up: before the review from its grid only, afterwards from the community and the town."""
    if wish.state is WishState.SUBMITTED:
        return wish.level is Level.GRID
    return above(wish.level) is not None


def lain_since(today: dt.date, days: int) -> dt.datetime:
    """The moment before which a thing must have begun to have lain for so many days today."""
    return clock.start_of(today - dt.timedelta(days=days - 1))


def unreviewed(today: dt.date, year: SchemeYear):
    """The condition that a wish has lain without a review for longer than the working days of the year."""
    since = clock.start_of(scheme.before(today, year.wish_review_workdays))
    return and_(Wish.state == WishState.SUBMITTED, Wish.submitted_at < since)


def due_for_community(today: dt.date, year: SchemeYear):
    """The condition that a wish goes from its grid to the community: nobody reviewed it in time."""
    return and_(unreviewed(today, year), Wish.level == Level.GRID)


def due_for_town(today: dt.date, year: SchemeYear):
    """The condition that a wish goes from its community to the town: nobody claimed it for the days of the year.

    The days begin anew when it is handed back.
    """
    since = lain_since(today, year.wish_town_days)
    handed_back = or_(Wish.level_at.is_(None), Wish.level_at < since)
    return and_(_waits_at(Level.COMMUNITY), Wish.published_at < since, handed_back)


def due_for_county(today: dt.date, year: SchemeYear):
    """The condition that a wish goes from the town to the county: it lay there for the days of the year."""
    return and_(_waits_at(Level.TOWN), Wish.level_at < lain_since(today, year.wish_county_days))


def overdue_above(today: dt.date, year: SchemeYear):
    """The condition that a wish has lain at the town or the county for longer than the days of the year."""
    since = lain_since(today, year.wish_county_days)
    return and_(or_(_waits_at(Level.TOWN), _waits_at(Level.COUNTY)), Wish.level_at < since)


def _waits_at(level: Level):
    return and_(Wish.state == WishState.PUBLISHED, Wish.level == level)


@dataclass(frozen=True)
class Patience:
    """How long the wall waits before it says so: wishes published before `since` have waited `days` days or more."""

    days: int
    since: dt.datetime


def patience(today: dt.date) -> Patience:
    """The days after which a wish unclaimed is marked on the wall and stands on the liaisons' desks."""
    days = scheme.year_of(today).wish_teams_days
    return Patience(days, lain_since(today, days))
