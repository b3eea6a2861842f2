"""Which wishes one may see, the lists that offices work from, and a member's own.  [二(二)2]"""

from dataclasses import dataclass

from sqlalchemy import Integer, Select, and_, bindparam, cast, exists, false, null, or_, select, type_coerce
from sqlalchemy.orm import joinedload, selectinload

from portal.actors import Actor, Role
from portal.clock import Moment
from portal.extensions import db
from portal.people.models import Grid, Member
from portal.people.queries import communities_of
from portal.registrations.models import CURRENT, Registration
from portal.teams import queries as teams
from portal.teams.models import Team
from portal.wishes.models import (
    RAISED,
    SHOWN,
    Claim,
    ClaimPerson,
    ClaimState,
    Level,
    Proposal,
    ProposalState,
    Wish,
    WishState,
)

S = WishState


def visible_to(by: Actor) -> Select:
    """The wishes that this person may open: those on the wall, and by role what the office or the helper handles."""
    claims = selectinload(Wish.claims)
    helpers = claims.options(
        joinedload(Claim.member).joinedload(Member.unit), joinedload(Claim.unit),
        joinedload(Claim.team).selectinload(Team.memberships),
        selectinload(Claim.people).joinedload(ClaimPerson.member),
    )  # fmt: skip
    asked = selectinload(Wish.proposals).joinedload(Proposal.member).joinedload(Member.unit)
    shown = (joinedload(Wish.community), joinedload(Wish.grid), helpers, asked)
    return seen(by).options(*shown)


def seen(by: Actor) -> Select:
    """The same wishes without those who help, to be compared with another one."""
    return select(Wish).where(or_(SHOWN, _own(by)))


def cases(by: Actor) -> Select:
    """The wishes that this office works on or answers for; nothing for other roles."""
    return cases_where(is_office_case(by))


def cases_where(of_office) -> Select:
    """The wishes that meet this condition, with what a list of cases shows of each."""
    return select(Wish).where(of_office).options(joinedload(Wish.community), joinedload(Wish.grid))


def _own(by: Actor):
    match by.role:
        case Role.MEMBER:
            invited = (Proposal.member_id == by.member_id, Proposal.state == ProposalState.OPEN)
            asked = exists().where(Proposal.wish_id == Wish.id, *invited)
            return or_(exists().where(Claim.wish_id == Wish.id, _helps(by)), asked)
        case Role.LIAISON:
            return exists().where(Claim.wish_id == Wish.id, Claim.unit_id == by.unit_id)
        case Role.CLERK | Role.GRID_WORKER:
            return is_office_case(by)
        case Role.TOWN:
            return and_(is_office_case(by), RAISED)
        case Role.COUNTY:
            return Wish.level == Level.COUNTY
        case _:
            return false()


def _comes(by: Actor):
    """The condition that this member holds a claim or comes for the unit or team that does."""
    came_for = select(ClaimPerson.claim_id).where(ClaimPerson.member_id == by.member_id)
    return or_(Claim.member_id == by.member_id, Claim.id.in_(came_for))


def _helps(by: Actor):
    """The condition that this member comes with a claim, or leads the team that holds it."""
    return or_(_comes(by), Claim.team_id.in_(teams.led_by(by.member_id)))


def is_office_case(by: Actor):
    """The condition that a wish is this office's: a clerk's community, a grid until review, all below a town, all."""
    submitted = Wish.state == S.SUBMITTED
    match by.role:
        case Role.CLERK:
            unplaced = and_(Wish.community_id.is_(None), submitted)
            return or_(Wish.community_id == by.community_id, unplaced)
        case Role.GRID_WORKER:
            return and_(Wish.grid_id == by.grid_id, submitted, Wish.level == Level.GRID)
        case Role.TOWN:
            return Wish.community_id.in_(communities_of(by.supervisor_id))
        case Role.COUNTY:
            return Wish.id.is_not(None)
        case _:
            return false()


def to_review(by: Actor, most: int) -> list[Wish]:
    """The wishes that wait for this office's review, oldest first."""
    if not by.is_in(Role.CLERK, Role.GRID_WORKER):
        return []
    rows = cases(by).where(Wish.state == S.SUBMITTED).order_by(Wish.submitted_at, Wish.id).limit(most)
    return list(db.session.scalars(rows))


def in_hand(by: Actor) -> list[Claim]:
    """The open claims that the member holds, comes for or answers for, the one due first on top."""
    mine = select(Claim).where(_helps(by), Claim.state == ClaimState.OPEN)
    due_first = mine.join(Claim.wish).order_by(Wish.finish_by, Claim.id)
    return list(db.session.scalars(due_first.options(_with_wish())))


def due_of(by: Actor) -> Select:
    """Number, title and last day of these wishes; without an invitation's end and a leader's days of patience."""
    nothing = (type_coerce(null(), Moment).label("until"), cast(null(), Integer).label("days"))
    rows = select(Wish.number, Wish.title, Wish.finish_by, *nothing).join(Claim)
    return rows.where(_helps(by), Claim.state == ClaimState.OPEN)


def helped(by: Actor, most: int = 50) -> list[Claim]:
    """The claims that the member carried through or came for, the latest first."""
    mine = select(Claim).where(_comes(by), Claim.state == ClaimState.FINISHED)
    return list(db.session.scalars(mine.order_by(Claim.id.desc()).limit(most).options(_with_wish())))


def _with_wish():
    return joinedload(Claim.wish).joinedload(Wish.community)


@dataclass(frozen=True)
class Helper:
    """What the wall must know of a member: the home community, whether they may claim, and the wishes they hold."""

    home: int | None = None
    registered: bool = False
    held: frozenset[int] = frozenset()


# Built once: every look of a member at the wall asks it.
_registered = exists().where(Registration.member_id == Member.id, Registration.state.in_(CURRENT))
_HELPER = (
    select(Member.community_id, _registered.label("registered"), Claim.wish_id)
    .outerjoin(Claim, and_(Claim.member_id == Member.id, Claim.state == ClaimState.OPEN))
    .where(Member.id == bindparam("member"))
)


def helper_of(by: Actor) -> Helper:
    """The person as a helper; of those who do not act as members nothing is known."""
    if not by.is_in(Role.MEMBER):
        return Helper()
    rows = db.session.connection().execute(_HELPER, {"member": by.member_id}).all()
    if not rows:
        return Helper()
    held = frozenset(row.wish_id for row in rows if row.wish_id is not None)
    return Helper(rows[0].community_id, bool(rows[0].registered), held)


def grids_of(community_id: int | None) -> list[tuple[int, str]]:
    """The grids of a community as (id, name); none of no community."""
    rows = db.session.execute(select(Grid.id, Grid.name).where(Grid.community_id == community_id).order_by(Grid.code))
    return [(key, name) for key, name in rows]


def ratings(by: Actor) -> tuple[int, float | None]:
    """How many thanks carried a rating for this member's wishes, and their average from three on."""
    rated = (
        select(Wish.rating)
        .join(Claim, Claim.wish_id == Wish.id)
        .where(_comes(by), Claim.state == ClaimState.FINISHED)
        .where(Wish.state.in_((S.CONFIRMED, S.ARCHIVED)), Wish.rating.is_not(None))
    )
    given = list(db.session.scalars(rated))
    return len(given), sum(given) / len(given) if len(given) >= 3 else None
