"""Units and teams as helpers: who may come for one, what it has in hand, what waits where its members live.

A unit acts by its liaison, a team by the member who leads it.  [二(三)3] [二(二)3]
"""

import datetime as dt

from sqlalchemy import ColumnElement, Date, Select, String, exists, func, null, select, type_coerce
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member, MemberStatus
from portal.registrations.models import CURRENT, Registration
from portal.scheme.models import SchemeYear
from portal.teams import queries as teams
from portal.teams.models import Team
from portal.wishes.ladder import Patience
from portal.wishes.models import Claim, ClaimState, Wish, WishState

MOST = 50


def may_come(unit_id: int | None) -> list[tuple[int, str]]:
    """The members of a unit who are registered, as (id, name): those who may come for it."""
    return _registered(*_of(unit_id))


def may_come_for_team(team_id: int) -> list[tuple[int, str]]:
    """The members of a team who are registered, as (id, name): those who may come for it."""
    return _registered(teams.is_in(team_id, Member.id))


def _registered(*which: ColumnElement[bool]) -> list[tuple[int, str]]:
    registered = exists().where(Registration.member_id == Member.id, Registration.state.in_(CURRENT))
    rows = select(Member.id, Member.name).where(*which, registered).order_by(Member.pinyin, Member.id)
    return [(key, name) for key, name in db.session.execute(rows)]


def are_theirs(by: Actor) -> ColumnElement[bool]:
    """The condition that a claim is that of the liaison's unit, or of a team that the member leads."""
    return Claim.unit_id == by.unit_id if by.is_in(Role.LIAISON) else Claim.team_id.in_(teams.led_by(by.member_id))


def in_hand(by: Actor) -> list[Claim]:
    """The open claims of this person's unit or teams, the one due first on top."""
    due_first = _claims(by, ClaimState.OPEN).join(Claim.wish).order_by(Wish.finish_by, Claim.id)
    return list(db.session.scalars(due_first))


def helped(by: Actor) -> list[Claim]:
    """The claims that this person's unit or teams carried through, the latest first."""
    return list(db.session.scalars(_claims(by, ClaimState.FINISHED).order_by(Claim.id.desc()).limit(MOST)))


def of_team(team: Team) -> list[Claim]:
    """What a team has in hand of the wall, the one due first on top; those who see the team may read of it."""
    rows = select(Claim).where(Claim.team_id == team.id, Claim.state == ClaimState.OPEN).join(Claim.wish)
    due_first = rows.where(Wish.on_wall.is_(True)).order_by(Wish.finish_by, Claim.id)
    return list(db.session.scalars(due_first.options(joinedload(Claim.wish))))


def long_waiting(by: Actor, patience: Patience) -> list[Wish]:
    """The wishes of the wall that have waited long where members of the unit or team live, the oldest first."""
    rows = are_long_waiting(by, patience).options(joinedload(Wish.community))
    return list(db.session.scalars(rows.order_by(Wish.published_at, Wish.id).limit(MOST)))


def count_long_waiting(by: Actor, patience: Patience) -> tuple[int, dt.datetime | None]:
    """How many these are, and since when the oldest has waited."""
    found = are_long_waiting(by, patience).with_only_columns(func.count(), func.min(Wish.published_at))
    count, oldest = db.session.execute(found).one()
    return count, oldest


def are_long_waiting(by: Actor, patience: Patience) -> Select:
    """The same as a list to be counted."""
    waits = (Wish.on_wall.is_(True), Wish.state == WishState.PUBLISHED, Wish.community_id.in_(_homes(by)))
    return select(Wish).where(*waits, Wish.published_at < patience.since)


def waiting_for_leader(by: Actor, today: dt.date) -> Select:
    """Since when each wish of the wall waits in the communities of the teams that a member leads, with the days of the
    year after which that is long; in the columns of `queries.due_of`, so that a desk asks for both at once.
    """
    days = select(SchemeYear.wish_teams_days).where(SchemeYear.year == today.year).scalar_subquery()
    nothing = (type_coerce(null(), String), type_coerce(null(), String), type_coerce(null(), Date))
    waits = (Wish.on_wall.is_(True), Wish.state == WishState.PUBLISHED, Wish.community_id.in_(_homes(by)))
    return select(*nothing, Wish.published_at, days).where(*waits)


def _homes(by: Actor) -> Select:
    if by.is_in(Role.LIAISON):
        return select(Member.community_id).where(*_of(by.unit_id))
    return select(Team.community_id).where(Team.id.in_(teams.led_by(by.member_id)))


def _claims(by: Actor, state: ClaimState) -> Select:
    rows = select(Claim).where(are_theirs(by), Claim.state == state)
    return rows.options(joinedload(Claim.wish).joinedload(Wish.community), joinedload(Claim.team))


def _of(unit_id: int | None) -> tuple:
    return Member.unit_id == unit_id, Member.status == MemberStatus.ACTIVE
