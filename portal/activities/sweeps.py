"""What time does to activities: it ends them, and lets go who did not say that they come on the new day.  [二(二)3]"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Select, and_, or_, select

from portal import clock
from portal.activities import kept_places, signing, workflow
from portal.activities.models import Activity, ActivityState
from portal.actors import SYSTEM
from portal.errors import Refused
from portal.extensions import db
from portal.logs import log

AT_ONCE = 100  # activities of one tick, so that the write lock is not held for long; the next minute takes the rest
PUBLISHED = Activity.state == ActivityState.PUBLISHED


def end_held(now: dt.datetime) -> None:
    """End the activities whose time is over."""
    local = clock.local(now)
    ended_today = and_(Activity.day == local.date(), Activity.ends <= local.time())
    _each(select(Activity).where(PUBLISHED, or_(Activity.day < local.date(), ended_today)), workflow.hold)


def let_go_silent(now: dt.datetime) -> None:
    """Let go who was asked again after a postponement and said nothing until the day before."""
    today = clock.local(now).date()
    _each(select(Activity).where(PUBLISHED, Activity.renew_by < today, Activity.day >= today), signing.let_go)


def free_held_places(now: dt.datetime) -> None:
    """Give everybody the places that were kept for a team until a day that is over."""
    _each(kept_places.held_too_long(clock.local(now).date()), kept_places.free_held)


def _each(due: Select, move: Callable) -> None:
    for activity in db.session.scalars(due.order_by(Activity.id).limit(AT_ONCE)):
        try:
            with db.session.begin_nested():
                move(activity, SYSTEM)
        except Refused as refusal:
            log.warning("time could not move an activity", activity=activity.number, refusal=type(refusal).__name__)
