"""Who could stand in where places are free and nobody waits: members of the teams that are asked, or fit.  [二(二)3]

Never in an order of hours or counts of service.
"""

from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select

from portal.activities import holds, inviting, rights
from portal.activities.models import Activity, Invitation, SignUp, SignUpState
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member, Unit
from portal.registrations.queries import is_registered
from portal.teams import queries as teams
from portal.teams.models import Team, TeamMember, TeamState
from portal.wishes.candidates import is_available
from portal.wishes.fitting import abilities_of, in_words, of_card

MOST = 8


@dataclass(frozen=True)
class StandIn:
    """A member who could come, why, and whether they have been asked already."""

    id: int
    name: str
    unit: str
    team: str
    why: str = ""
    asked: bool = False


def wanted(activity: Activity) -> bool:
    """Whether somebody is missing: places are free, or somebody withdrew where everybody may come; nobody waits."""
    if not rights.takes_sign_ups(activity) or activity.waiting:
        return False
    if activity.capacity is None:
        return bool(activity.in_state(SignUpState.CANCELLED))
    return bool(activity.places_left or activity.held_back)


def proposed(activity: Activity, by: Actor) -> list[StandIn]:
    """Whom this person may ask by one click: a leader the own team, a clerk the teams that are asked or fit.

    Those whom more speaks for stand first, then by name; of cards nothing is said to a leader.
    """
    if not wanted(activity) or not inviting.may_ask(activity, by):
        return []
    rows = db.session.execute(_members(activity, by)).all()
    cards = {} if by.is_in(Role.MEMBER) else abilities_of([row.id for row in rows])
    asked = set(db.session.scalars(select(Invitation.member_id).where(Invitation.activity_id == activity.id)))
    text = f"{activity.title} {activity.detail}"
    found = {}
    for row in rows:
        reasons = of_card(cards[row.id], activity.category, text) if row.id in cards else {}
        one = StandIn(row.id, row.name, row.unit, row.team, in_words(reasons), row.id in asked)
        found.setdefault(row.id, (len(reasons), one))
    return [one for _, one in sorted(found.values(), key=lambda each: -each[0])][:MOST]


def _members(activity: Activity, by: Actor) -> Select:
    """The members of the teams in question who could come, by name."""
    rows = (
        select(Member.id, Member.name, Unit.name.label("unit"), Team.name.label("team"))
        .join(TeamMember, TeamMember.member_id == Member.id)
        .join(Team, Team.id == TeamMember.team_id)
        .join(Unit, Unit.id == Member.unit_id)
        .where(TeamMember.until.is_(None), Member.id != (by.self_member_id or 0), is_registered(Member.id))
        .where(is_available(), Member.id.not_in(select(SignUp.member_id).where(SignUp.activity_id == activity.id)))
    )
    asked = [each.team_id for each in holds.of(activity)]
    if by.is_in(Role.MEMBER):
        rows = rows.where(Team.id.in_(asked), Team.id.in_(teams.led_by(by.member_id)))
    else:
        alike = (Team.category == activity.category, Team.community_id == activity.community_id)
        rows = rows.where(Team.state == TeamState.ACTIVE, or_(Team.id.in_(asked), and_(*alike)))
    return rows.order_by(Member.pinyin, Member.id)
