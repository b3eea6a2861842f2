"""Which pledges one may see, who has none yet, and how lists are filtered."""

from dataclasses import dataclass

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member
from portal.people.queries import in_scope, in_unit_scope, named
from portal.pledges.models import Pledge, PledgeState
from portal.registrations.queries import is_registered, liaisons


@dataclass(frozen=True)
class Filters:
    """What a list of pledges is narrowed to; the address holds it."""

    year: int
    state: PledgeState | None = None
    words: str = ""
    unit_id: int | None = None
    community_id: int | None = None


def visible_to(by: Actor) -> Select:
    """The pledges that this person may see: own, of own unit, made in own community, of the scope above."""
    shown = (
        contains_eager(Pledge.member), joinedload(Pledge.unit), joinedload(Pledge.community),
        selectinload(Pledge.items),
    )  # fmt: skip
    return select(Pledge).join(Pledge.member).where(scope_of(by)).options(*shown)


def scope_of(by: Actor):
    """The condition that a pledge lies in this person's scope; a draft is the member's and the unit's own."""
    seen = in_scope(by, Pledge.member_id, Pledge.unit_id, Pledge.community_id)
    return seen if by.is_in(Role.MEMBER, Role.LIAISON) else seen & (Pledge.state != PledgeState.DRAFT)


def filtered(by: Actor, filters: Filters) -> Select:
    """The pledges of a list, narrowed."""
    rows = visible_to(by).where(Pledge.year == filters.year)
    if filters.state:
        rows = rows.where(Pledge.state == filters.state)
    if filters.words:
        rows = rows.where(or_(named(Member, filters.words), Pledge.number == filters.words))
    if filters.unit_id:
        rows = rows.where(Pledge.unit_id == filters.unit_id)
    return rows.where(Pledge.community_id == filters.community_id) if filters.community_id else rows


def counts_by_state(by: Actor, year: int) -> dict[PledgeState, int]:
    """How many pledges of each state and this year this person may see."""
    seen = select(Pledge.state, func.count()).where(scope_of(by), Pledge.year == year).group_by(Pledge.state)
    return dict(iter(db.session.execute(seen)))


def of_member(member_id: int | None, year: int) -> Pledge | None:
    """A member's pledge of a year, or None."""
    return db.session.scalar(select(Pledge).where(Pledge.member_id == member_id, Pledge.year == year))


def last_before(member_id: int, year: int) -> Pledge | None:
    """A member's latest pledge of an earlier year, or None."""
    earlier = select(Pledge).where(Pledge.member_id == member_id, Pledge.year < year)
    return db.session.scalar(earlier.order_by(Pledge.year.desc()).limit(1))


def to_approve(by: Actor) -> Select:
    """The submitted pledges that this person may approve, the longest waiting first."""
    rows = visible_to(by).where(
        Pledge.state == PledgeState.SUBMITTED,
        Pledge.member_id.is_distinct_from(by.self_member_id),
        Pledge.written_by_user_id.is_distinct_from(by.user_id),
        Pledge.submitted_by_user_id.is_distinct_from(by.user_id),
    )
    if by.is_in(Role.DEPARTMENT, Role.TOWN):
        rows = rows.where(in_unit_scope(by, Pledge.unit_id))
        rows = rows.where(Pledge.stand_in.is_(True) | Pledge.member_id.in_(liaisons()))
    return rows.order_by(Pledge.submitted_on, Pledge.id)


def without(unit_id: int | None, year: int) -> Select:
    """The members of a unit who are registered and have no pledge of this year, by name."""
    has_one = exists().where(Pledge.member_id == Member.id, Pledge.year == year)
    rows = select(Member).where(Member.unit_id == unit_id, is_registered(Member.id), ~has_one)
    return rows.options(joinedload(Member.community)).order_by(Member.pinyin, Member.id)
