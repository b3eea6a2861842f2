"""What a month of the calendar shows: service days, days off, activities, and what is a member's own.  [二(二)3]"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import case, exists, func, literal, or_, select

from portal.activities.models import Activity, ActivityState, SignUp, SignUpState
from portal.extensions import db
from portal.labels import Category
from portal.menu.month import Month
from portal.menu.taken_on import Own, Sort
from portal.scheme import queries as scheme
from portal.scheme.models import CalendarDay, DayKind
from portal.scheme.service_days import ServiceDays

PER_DAY, MOST_OF_A_DAY = 4, 200
SHOWN = (ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.SETTLED)
MINE = (SignUpState.SIGNED_UP, SignUpState.WAITLISTED, SignUpState.ATTENDED)
_activity, _sign_up = Activity.__table__.c, SignUp.__table__.c
SHOWS_DAY = {Sort.INVITATION, Sort.ASKED, Sort.WISH, Sort.VISIT, Sort.PLEDGE, Sort.SUGGESTION}


@dataclass(frozen=True)
class Event:
    """An activity as the calendar shows it to everybody; whether it is mine, to the member alone."""

    number: str
    title: str
    category: Category
    day: dt.date
    starts: dt.time
    place: str
    state: ActivityState
    mine: bool

    @property
    def is_over(self) -> bool:
        """Whether it has taken place."""
        return self.state is not ActivityState.PUBLISHED


@dataclass
class Day:
    """What is on one day: activities, of which some only are shown, and what of mine is due."""

    date: dt.date
    service: ServiceDays | None = None
    off: CalendarDay | None = None
    events: list[Event] = field(default_factory=list)
    total: int = 0
    due: list[Own] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many activities of the day are not shown."""
        return self.total - len(self.events)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on it that anybody would look for."""
        return not (self.service or self.off or self.events or self.due)

    @property
    def works(self) -> bool:
        """Whether it is a weekend on which people work all the same (调休上班)."""
        return self.off is not None and self.off.kind is DayKind.WORKDAY


def of(month: Month, community: int | None, home: int | None, member: int | None, own: Iterable[Own]) -> dict:
    """The days of a month by their dates; in each, my activities first, then those of my home."""
    days = {day: Day(day) for week in month.weeks for day in week if day}
    for service in scheme.service_days_of(month.year):
        for day in filter(service.includes, days):
            days[day].service = service
    for off in scheme.days_of(month.year):
        if off.day in days:
            days[off.day].off = off
    for one in own:
        if one.day in days and one.sort in SHOWS_DAY:
            days[one.day].due.append(one)
    for event, total in _some(month, community, home, member):
        days[event.day].events.append(event)
        days[event.day].total = total
    return days


def of_day(day: dt.date, community: int | None, member: int | None) -> list[Event]:
    """Everything that is on one day, in the order of time."""
    rows = _events(member, day, day, community).order_by(_activity.starts, _activity.id).limit(MOST_OF_A_DAY)
    return [Event(*row) for row in _ask(rows)]


def by_week(month: Month, days: dict[dt.date, Day]) -> list[list[Day | None]]:
    """The days in the rows of a table."""
    return [[days[day] if day else None for day in week] for week in month.weeks]


def _some(month: Month, community: int | None, home: int | None, member: int | None):
    at_home = case((or_(_activity.community_id == home, _activity.community_id.is_(None)), 0), else_=1)
    order = (_is_mine(member).desc(), at_home, _activity.starts, _activity.id)
    turn = func.row_number().over(partition_by=_activity.day, order_by=order).label("turn")
    total = func.count().over(partition_by=_activity.day).label("total")
    rows = _events(member, month.first, month.last, community).add_columns(turn, total).subquery()
    some = select(rows).where(rows.c.turn <= PER_DAY).order_by(rows.c.day, rows.c.turn)
    for *event, _turn, number in _ask(some):
        yield Event(*event), number


def _events(member: int | None, first: dt.date, last: dt.date, community: int | None):
    rows = select(
        _activity.number, _activity.title, _activity.category, _activity.day, _activity.starts, _activity.place,
        _activity.state, _is_mine(member).label("mine"),
    ).where(_activity.state.in_(SHOWN), _activity.day.between(first, last))  # fmt: skip
    theirs = or_(_activity.community_id == community, _activity.community_id.is_(None))
    return rows.where(theirs) if community else rows


def _is_mine(member: int | None):
    if member is None:
        return literal(0)
    mine = (_sign_up.activity_id == _activity.id, _sign_up.member_id == member, _sign_up.state.in_(MINE))
    return case((exists().where(*mine), 1), else_=0)


def _ask(rows):
    return db.session.connection().execute(rows)
