"""Holding an activity again: on another day, on many days, or on the next service day.

A copy is a draft: everything is taken over but the day, who came, and the wishes that were taken up.  [二(二)3]
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import Select, select

from portal import clock
from portal.activities import queries, repeating, rights
from portal.activities.models import Activity, ActivityState
from portal.activities.repeating import Planned, Repeat
from portal.activities.workflow import Facts, draft
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.scheme import queries as scheme
from portal.scheme import service_days
from portal.scheme.service_days import ServiceDays

S = ActivityState
NAMES = tuple(field.name for field in fields(Facts))
FARTHEST = dt.timedelta(days=366)


def again(activity: Activity, by: Actor, days: Sequence[dt.date]) -> list[Activity]:
    """The organiser has it drafted for each of these days: all of them, or none. Raises NotYours, RuleBroken.

    [二(二)3]
    """
    if not rights.organiser(activity, by):
        raise NotYours(f"活动只能由{rights.organiser.label}再办。")
    if not days or len(days) > repeating.MOST:
        raise RuleBroken(f"请选择 1 到 {repeating.MOST} 个日期。")
    known = scheme.calendar(min(days).year, max(days).year)
    set_ = scheme.overrides(min(days).year, max(days).year)
    made = []
    for day in sorted(set(days)):
        on_service_day = service_days.of_quarter(*service_days.quarter_of(day), known, set_).includes(day)
        made.append(draft(by, on(activity, day, on_service_day), copied_from_id=activity.id))
    return made


def on(activity: Activity, day: dt.date, service_day: bool) -> Facts:
    """What is said of an activity, for another day; the last day for signing up stays as long before it."""
    taken = {name: getattr(activity, name) for name in NAMES}
    before = activity.day - activity.sign_up_by if activity.sign_up_by else None
    last = day - before if before is not None else None
    return Facts(**(taken | {"day": day, "sign_up_by": last, "service_day": service_day, "urgent": False}))


def next_service_day(activity: Activity) -> dt.date:
    """The next service day on which it can be held again: Saturday or Sunday as it was, after today and its own day."""
    return repeating.on_service_day(following(max(clock.today(), activity.day)), activity.day)


def following(day: dt.date) -> ServiceDays:
    """The service days that come after this day, those that it is one of left aside."""
    known, set_ = scheme.calendar(day.year, day.year + 1), scheme.overrides(day.year, day.year + 1)
    found = service_days.following(day, known, set_)
    return service_days.following(found.last + dt.timedelta(days=1), known, set_) if found.includes(day) else found


def planned(repeat: Repeat | None, first: dt.date, until: dt.date) -> list[Planned]:
    """The days on which it would be held. Raises RuleBroken where they are too many or too far away."""
    farthest = clock.today() + FARTHEST
    if first < clock.today():
        raise RuleBroken("日期不能早于今天。")
    if max(first, until) > farthest:
        raise RuleBroken(f"最远只能排到{farthest:%Y年%-m月%-d日}。")
    years = range(first.year, until.year + 1)
    of_service = [each for year in years for each in scheme.service_days_of(year)]
    found = repeating.planned(repeat, first, until, of_service)
    if len(found) > repeating.MOST:
        raise RuleBroken(f"一次最多排 {repeating.MOST} 次，请把截止日提前。")
    if not found:
        raise RuleBroken("这段时间里没有志愿服务日，请把截止日推后。")
    return found


def already(activity: Activity, days: Sequence[dt.date]) -> dict[dt.date, Activity]:
    """What the same office has on these days under the same name, but what was cancelled: by day."""
    same = (Activity.title == activity.title, Activity.day.in_(days), Activity.state != S.CANCELLED)
    rows = select(Activity).where(Activity.community_id.is_not_distinct_from(activity.community_id), *same)
    return {row.day: row for row in db.session.scalars(rows.order_by(Activity.id))}


def last_service_day(by: Actor) -> list[Activity]:
    """What this office held on its last service day, by time: all of that quarter."""
    held = queries.rows().where(queries.is_organised_by(by), Activity.service_day.is_(True), Activity.state.in_(OVER))
    latest = db.session.scalar(held.with_only_columns(Activity.day).order_by(Activity.day.desc()).limit(1))
    if latest is None:
        return []
    year, quarter = service_days.quarter_of(latest)
    first = dt.date(year, 3 * quarter - 2, 1)
    return list(db.session.scalars(held.where(Activity.day.between(first, latest)).order_by(*queries.IN_TIME)))


OVER = (S.HELD, S.SETTLED)


def drafts(by: Actor) -> Select:
    """The drafts of this office, the next day on top."""
    return queries.rows().where(queries.is_organised_by(by), Activity.state == S.DRAFT).order_by(*queries.IN_TIME)
