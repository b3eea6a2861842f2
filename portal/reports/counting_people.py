"""Who is counted: the members who must report and where they stand; teams; who holds a post."""

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.people.models import Member, Unit, UnitLevel
from portal.posts.holding import not_given_up, served_on
from portal.posts.models import Post, PostClaim
from portal.registrations.models import (
    CURRENT,
    IN_PROGRESS,
    EndKind,
    Exemption,
    ExemptionState,
    Registration,
    RegistrationState,
    TransferRequest,
    TransferState,
)
from portal.registrations.queries import living_in_town
from portal.reports.scopes import Period, one_if
from portal.teams.models import Team, TeamMember

S = RegistrationState
_Home, _Way = aliased(Registration), aliased(Registration)  # registered; a certificate on its way


def unit_on(period: Period):
    """The unit in which a member is on the day 截至: today's, unless a change of unit came after that day."""
    if period.until >= clock.today():
        return Member.unit_id
    asked = TransferRequest
    first = select(asked.from_unit_id).where(
        asked.member_id == Member.id, asked.state == TransferState.RELEASED, asked.decided_on > period.until
    )
    return func.coalesce(first.order_by(asked.decided_on, asked.id).limit(1).scalar_subquery(), Member.unit_id)


def roster(period: Period) -> Select:
    """The members who live in the county town, a line each, and where each stands on the day.

    On today they are the people of registrations/rates.py, number for number. Of a day gone by: who was on the roster
    by then (`since`) and is still, and who was registered on that day, wherever they have gone since (moved, left,
    retired), at the unit and the community of that registration. Where else people lived, or who was exempt and is no
    more, nobody wrote down; so the roster of a day gone by is told as the present one tells it.
    """
    day, then = period.until, aliased(Registration, stood_on(period).subquery())
    unit = case((then.id.is_not(None), then.unit_id), else_=unit_on(period))
    community = case((then.id.is_not(None), then.community_id), else_=Member.community_id)
    on_roster = living_in_town() & (Member.since <= day)
    at_home = _Home.id.is_not(None) & _Home.community_id.is_not_distinct_from(Member.community_id)
    standings = _standings(then.id.is_not(None) | (on_roster & at_home), _in_team(community, period))
    return (
        select(
            unit.label("unit_id"), Unit.supervisor_id.label("supervisor_id"), community.label("community_id"),
            Member.id.label("thing_id"), *(one_if(condition).label(key) for key, condition in standings.items()),
        )
        .select_from(Member)
        .outerjoin(then, then.member_id == Member.id)
        .outerjoin(_Home, and_(_Home.member_id == Member.id, _Home.state.in_(CURRENT), _Home.accepted_on <= day))
        .outerjoin(_Way, and_(_Way.member_id == Member.id, _Way.state.in_(IN_PROGRESS), _Way.issued_on <= day))
        .outerjoin(Exemption, and_(Exemption.member_id == Member.id, Exemption.state == ExemptionState.AGREED,
                                   Exemption.decided_on <= day))
        .join(Unit, Unit.id == unit)
        .where(on_roster | then.id.is_not(None))
    )  # fmt: skip


def _standings(reported: ColumnElement[bool], in_team: ColumnElement[bool]) -> dict[str, ColumnElement[bool]]:
    exempt = Exemption.id.is_not(None)
    missing = ~reported & ~exempt
    return {
        "should": reported | ~exempt,
        "reported": reported,
        "missing": missing,
        "waiting": missing & (_Way.state == S.PRESENTED),
        "certified": missing & _Way.state.in_((S.ISSUED, S.RETURNED)),
        "uncertified": missing & _Way.id.is_(None),
        "exempt": ~reported & exempt,
        "in_teams": reported & in_team,
        **{f"level_{level.value}": reported & (Unit.level == level) for level in UnitLevel},
    }


def stood_on(period: Period) -> Select:
    """The registrations that stood on the day and ended after it, the last accepted of each member: of today, none."""
    R, later = Registration, aliased(Registration)
    ended = (R.state == S.ENDED, R.accepted_on <= period.until, R.ended_on > period.until)
    again = exists().where(
        later.member_id == R.member_id, later.accepted_on <= period.until, later.id > R.id,
        or_(later.state.in_(CURRENT), (later.state == S.ENDED) & (later.ended_on > period.until)),
    )  # fmt: skip
    return select(R).where(*ended, R.end_kind != EndKind.DUPLICATE, ~again)


def _in_team(community, period: Period) -> ColumnElement[bool]:
    here = (TeamMember.member_id == Member.id, Team.community_id == community)
    return exists().where(TeamMember.team_id == Team.id, *here, *_belongs(period))


def _belongs(period: Period) -> tuple:
    since, until = TeamMember.since, TeamMember.until
    return since <= period.until, or_(until.is_(None), until > period.until)


def teams(period: Period) -> Select:
    """The teams that have somebody on the day, a line a member: shared by the units whose members are in them."""
    unit = unit_on(period)
    return (
        select(
            unit.label("unit_id"), Unit.supervisor_id.label("supervisor_id"), Team.community_id.label("community_id"),
            Team.id.label("thing_id"), one_if(Team.id.is_not(None)).label("teams"),
        )
        .select_from(TeamMember)
        .join(Team, Team.id == TeamMember.team_id)
        .join(Member, Member.id == TeamMember.member_id)
        .join(Unit, Unit.id == unit)
        .where(*_belongs(period), or_(Team.ended_on.is_(None), Team.ended_on > period.until))
    )  # fmt: skip


def posts(period: Period) -> Select:
    """The members who held a post in the year up to the day, a line a claim; the person is the thing, counted once.

    By the rule of the five ones (posts/holding.py): one held on the day, or that ended in the year by moving house or
    with the post itself; what was given up, by its holder or by the new pledge, only by a service done on it.
    """
    C, unit = PostClaim, unit_on(period)
    of_year = or_(C.until.is_(None), C.until >= period.first)
    held = or_(not_given_up(period.until), served_on(period.first, period.until))
    return (
        select(
            unit.label("unit_id"), Unit.supervisor_id.label("supervisor_id"), Post.community_id.label("community_id"),
            Member.id.label("thing_id"), one_if(C.id.is_not(None)).label("posts"),
        )
        .select_from(C)
        .join(Post, Post.id == C.post_id)
        .join(Member, Member.id == C.member_id)
        .join(Unit, Unit.id == unit)
        .where(C.since <= period.until, of_year, held)
    )  # fmt: skip
