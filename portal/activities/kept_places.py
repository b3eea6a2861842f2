"""When places kept for a team are everybody's again: its day is over, or the team is disbanded.  [二(二)3]"""

import datetime as dt

from sqlalchemy import Select, select

from portal import clock
from portal.activities import holds, places, rights
from portal.activities.models import Activity, ActivityState, Invitation
from portal.activities.workflow import fill_places, flow
from portal.actors import Actor
from portal.extensions import db
from portal.teams.models import Team

S = ActivityState


@flow.move("保留名额到期", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.system)
def free_held(activity, by):
    """Time gives the places that a team has not taken by its day to everybody; who waits moves up.  [二(二)3]"""
    places.fresh(activity)
    for invitation in holds.of(activity):
        if invitation.until is not None and invitation.until < clock.today():
            invitation.held, invitation.until = 0, None
    db.session.flush()
    holds.count(activity)
    fill_places(activity, by)


def let_go_of(team: Team, by: Actor) -> None:
    """What was kept for a team that is disbanded is everybody's at once.  [二(二)3]"""
    rows = select(Activity).where(Activity.state == S.PUBLISHED, Activity.id.in_(_kept_for(team)))
    for activity in db.session.scalars(rows.order_by(Activity.id).with_for_update(of=Activity)).all():
        places.fresh(activity)
        for invitation in (each for each in holds.of(activity) if each.team_id == team.id):
            invitation.held, invitation.until = 0, None
        db.session.flush()
        flow.noted(activity, by, "free_held", "放开保留名额", activity.state, f"{team.name}已解散")
        fill_places(activity, by)


def kept_for(team: Team) -> str:
    """What disbanding a team would do to the places kept for it, in one line."""
    rows = select(Activity.number).where(Activity.state == S.PUBLISHED, Activity.id.in_(_kept_for(team)))
    numbers = "、".join(db.session.scalars(rows.order_by(Activity.number)))
    return f"活动 {numbers} 为本队保留的名额放开。" if numbers else ""


def _kept_for(team: Team) -> Select:
    return select(Invitation.activity_id).where(Invitation.team_id == team.id, Invitation.held > 0)


def held_too_long(today: dt.date) -> Select:
    """The activities with places kept for a team past its day."""
    late = select(Invitation.activity_id).where(Invitation.held > 0, Invitation.until < today)
    return select(Activity).where(Activity.state == S.PUBLISHED, Activity.id.in_(late))
