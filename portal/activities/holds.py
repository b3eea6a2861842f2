"""Places kept for invited teams until a day: who may take them, and how many nobody else gets.  [二(二)3]

Whoever asks has taken the activity's row for the transaction.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.activities.models import Activity, Invitation
from portal.extensions import db
from portal.teams.models import TeamMember


def keeps_for(activity: Activity, member_id: int) -> bool:
    """Whether a place is kept for one of this member's teams, which is still free."""
    if not activity.held_back:
        return False
    kept = _unused(activity)
    mine = select(TeamMember.team_id).where(TeamMember.member_id == member_id, TeamMember.until.is_(None))
    return any(kept.get(team_id, 0) for team_id in db.session.scalars(mine.where(TeamMember.team_id.in_(kept))))


def count(activity: Activity) -> None:
    """Say how many places are kept now; never more than are free."""
    if activity.capacity is None:
        activity.held_back = 0
        return
    taken = sum(each.place is not None for each in activity.sign_ups)
    activity.held_back = min(sum(_unused(activity).values()), max(activity.capacity - taken, 0))
    db.session.flush()


def of(activity: Activity) -> list[Invitation]:
    """The teams that are invited, in the order in which they were."""
    rows = select(Invitation).where(Invitation.activity_id == activity.id, Invitation.team_id.is_not(None))
    return list(db.session.scalars(rows.options(joinedload(Invitation.team)).order_by(Invitation.id)))


def _unused(activity: Activity) -> dict[int, int]:
    """How many of the places kept for each team nobody of the team has taken yet."""
    held = {each.team_id: each.held for each in of(activity) if _lasts(each)}
    if not held:
        return {}
    coming = {each.member_id for each in activity.sign_ups if each.place is not None}
    used = _members_among(held, coming)
    return {team_id: max(many - used.count(team_id), 0) for team_id, many in held.items() if team_id is not None}


def _lasts(invitation: Invitation) -> bool:
    return bool(invitation.held) and invitation.until is not None and invitation.until >= clock.today()


def _members_among(team_ids: Iterable[int | None], member_ids: Iterable[int]) -> list[int]:
    """The team of each membership of these members in these teams."""
    rows = select(TeamMember.team_id).where(TeamMember.team_id.in_(team_ids), TeamMember.until.is_(None))
    return list(db.session.scalars(rows.where(TeamMember.member_id.in_(member_ids))))
