"""Calendar files: one activity, a community's activities, and what is a member's own.  [二(二)3]"""

import datetime as dt
from dataclasses import replace

from sqlalchemy import Select, or_, select

from portal import clock
from portal.activities.models import Activity, SignUp
from portal.extensions import db
from portal.ics import Event
from portal.menu.calendar_days import MINE, SHOWN
from portal.menu.month import ONE_DAY
from portal.menu.offers import COUNTY_WIDE
from portal.menu.taken_on import Own, Sort
from portal.people.models import Community

BACK, AHEAD, MOST = 31 * ONE_DAY, 366 * ONE_DAY, 500
_UID = "activity-"
_activity = Activity.__table__.c
_ROWS = (
    select(
        _activity.number, _activity.title, _activity.place, _activity.day, _activity.starts, _activity.ends,
        Community.name.label("organiser"),
    )
    .join_from(Activity.__table__, Community.__table__, Community.id == _activity.community_id, isouter=True)
    .where(_activity.state.in_(SHOWN))
    .order_by(_activity.day, _activity.starts, _activity.id)
    .limit(MOST)
)  # fmt: skip


def of_activity(number: str) -> list[Event]:
    """The one activity of this number, if everybody may know of it."""
    return _events(_ROWS.where(_activity.number == number))


def of_community(community_id: int, today: dt.date) -> list[Event]:
    """A community's activities of the last month and the coming year, with those of the whole county."""
    theirs = or_(_activity.community_id == community_id, _activity.community_id.is_(None))
    return _events(_ROWS.where(theirs, _activity.day.between(today - BACK, today + AHEAD)))


def of_member(member_id: int | None, own: list[Own], today: dt.date) -> list[Event]:
    """A member's activities of the last month and the coming year, and the days by which something is due."""
    signed = select(SignUp.activity_id).where(SignUp.member_id == member_id, SignUp.state.in_(MINE))
    mine = _ROWS.where(_activity.id.in_(signed), _activity.day.between(today - BACK, today + AHEAD))
    waits = {one.number for one in own if one.sort is Sort.WAITING}
    events = [
        replace(one, title=f"{one.title}（候补）") if one.uid[len(_UID) :] in waits else one for one in _events(mine)
    ]
    return [*events, *(_due(one) for one in own if one.day and one.sort not in (Sort.ACTIVITY, Sort.WAITING))]


def _events(rows: Select) -> list[Event]:
    return [
        Event(
            uid=f"{_UID}{row.number}", title=row.title, place=row.place, starts=_moment(row.day, row.starts),
            ends=_moment(row.day, row.ends), words=f"{row.organiser or COUNTY_WIDE}志愿服务活动",
        )
        for row in db.session.connection().execute(rows)
    ]  # fmt: skip


def _due(own: Own) -> Event:
    day = own.day or dt.date.max
    return Event(uid=own.key, title=f"{own.sort.label}：{own.title}", starts=day, ends=day,
                 words=own.told)  # fmt: skip


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return clock.moment_of(f"{day.isoformat()}T{time.isoformat()}")
