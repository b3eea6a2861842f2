"""How activities are found: by number, or by the words of the title or place."""

from flask import url_for
from sqlalchemy import ColumnElement, Select, or_

from portal.activities import queries
from portal.activities.models import Activity
from portal.actors import Actor
from portal.filters import day
from portal.finding import Kind, Line, Sought, joined
from portal.people.models import Community
from portal.search import contains


def _activities(by: Actor, sought: Sought) -> Select | None:
    if not (sought.is_text or sought.numbers_of()):
        return None
    fits: list[ColumnElement[bool]] = [Activity.number.in_(sought.numbers_of())]
    if sought.is_text:
        fits += [contains(Activity.title, sought.words), contains(Activity.place, sought.words)]
    return queries.visible_to(by).outerjoin(Activity.community).where(or_(*fits))


def _line(_key, number, title, on, community, state) -> Line:
    told = joined(number, day(on), community or "全县")
    return Line(title, url_for("activities.page", activity=number), told, state)


ACTIVITIES = Kind(
    "activities", "志愿服务活动", "activities.page", _activities,
    (Activity.number, Activity.title, Activity.day, Community.name, Activity.state), _line, newest_first=True,
    best=lambda by, _sought: queries.is_near(by),
)  # fmt: skip
