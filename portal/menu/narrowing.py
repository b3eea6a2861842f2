"""What the menu (志愿者活动菜单) is narrowed to by its address, and the conditions that this means.  [二(二)2]"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, false, or_, true

from portal import search
from portal.labels import Category, Labelled
from portal.menu.month import ONE_DAY, Month
from portal.menu.offers import ACTIVITY, POST, opened, upcoming
from portal.scheme.service_days import ServiceDays
from portal.wishes.models import Wish, WishState

WISH = Wish.__table__.c


class Kind(Labelled):
    """The three kinds of things on the menu."""

    ACTIVITY = "activity", "志愿服务活动"
    POST = "post", "服务岗位"
    WISH = "wish", "微心愿"


class When(Labelled):
    """From when to when."""

    WEEK = "week", "本周"
    MONTH = "month", "本月"
    SERVICE_DAY = "service_day", "服务日"


class Part(Labelled):
    """The parts of the board, from top to bottom."""

    SERVICE_DAY = "service_day", "服务日活动"
    WEEK = "week", "本周活动"
    MONTH = "month", "本月活动"
    LATER = "later", "以后的活动"
    POSTS = "post", "常设服务岗位"
    WISHES = "wish", "等人来办的心愿"


OF_ACTIVITIES = (Part.SERVICE_DAY, Part.WEEK, Part.MONTH, Part.LATER)


@dataclass(frozen=True)
class Filters:
    """What the menu is narrowed to; `known` are people who are signed in: in which grid a wish is told is for them."""

    category: Category | None = None
    community: int | None = None
    grid: int | None = None
    kind: Kind | None = None
    when: When | None = None
    words: str = ""
    known: bool = False

    def shows(self, kind: Kind) -> bool:
        """Whether things of this kind are asked for; a post has no day, a wish no grid for the public."""
        never = self.when if kind is Kind.POST else (self.grid and not self.known) if kind is Kind.WISH else None
        return self.kind in (None, kind) and not never


@dataclass(frozen=True)
class Days:
    """The days that the board speaks of: today, and the next service days."""

    today: dt.date
    service: ServiceDays

    @property
    def sunday(self) -> dt.date:
        """The end of this week."""
        return self.today + ONE_DAY * (6 - self.today.weekday())

    @property
    def end_of_month(self) -> dt.date:
        """The end of this month."""
        return Month(self.today.year, self.today.month).last


def activities(filters: Filters, days: Days) -> list[ColumnElement[bool]]:
    """The conditions on activities; those of the whole county are of every community too."""
    if not filters.shows(Kind.ACTIVITY):
        return [false()]
    found = [*upcoming(days.today), *_shared(ACTIVITY, filters, ACTIVITY.title, ACTIVITY.place)]
    if filters.community:
        found.append(or_(ACTIVITY.community_id == filters.community, ACTIVITY.community_id.is_(None)))
    if filters.when is When.SERVICE_DAY:
        found.append(is_on_service_day(days))
    elif filters.when:
        found.append(ACTIVITY.day <= (days.sunday if filters.when is When.WEEK else days.end_of_month))
    return found


def posts(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions on posts."""
    if not filters.shows(Kind.POST):
        return [false()]
    found = [*opened(), *_shared(POST, filters, POST.title, POST.place)]
    return [*found, POST.community_id == filters.community] if filters.community else found


def wishes(filters: Filters, days: Days) -> list[ColumnElement[bool]]:
    """The conditions on wishes of the wall that still take helpers; a week means those wanted by its end."""
    if not filters.shows(Kind.WISH):
        return [false()]
    takes = (WISH.on_wall == true(), WISH.full == false(), WISH.state.in_((WishState.PUBLISHED, WishState.CLAIMED)))
    found = [*takes, *_shared(WISH, filters, WISH.title)]
    if filters.community:
        found.append(WISH.community_id == filters.community)
    if filters.when is When.SERVICE_DAY:
        found.append(WISH.wanted_by.between(days.service.first, days.service.last))
    elif filters.when:
        end = days.sunday if filters.when is When.WEEK else days.end_of_month
        found.append(WISH.wanted_by.between(days.today, end))
    return found


def is_on_service_day(days: Days) -> ColumnElement[bool]:
    """The condition that an activity belongs to the next service days."""
    on_the_day = ACTIVITY.day.between(days.service.first, days.service.last)
    return and_(ACTIVITY.service_day == true(), on_the_day)


def part_of(days: Days):
    """The part of the board on which an activity stands."""
    parts = (
        (is_on_service_day(days), Part.SERVICE_DAY),
        (ACTIVITY.day <= days.sunday, Part.WEEK),
        (ACTIVITY.day <= days.end_of_month, Part.MONTH),
    )
    return case(*((condition, part.value) for condition, part in parts), else_=Part.LATER.value)


def _shared(table, filters: Filters, *texts) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.category:
        found.append(table.category == filters.category)
    if filters.grid:
        found.append(table.grid_id == filters.grid)
    if filters.words:
        named = or_(*(search.contains(text, filters.words) for text in texts))
        found.append(or_(named, table.number == filters.words))
    return found
