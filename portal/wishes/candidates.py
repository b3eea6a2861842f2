"""Whom a clerk, or the leader, may ask to take a wish on: those whom it fits first.  [二(二)2]

Never in an order of hours or counts of service: what counts is what speaks for the member and this wish.
"""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member, Unit
from portal.registrations.deferments import is_deferred
from portal.registrations.models import CURRENT, FreeTime, Registration
from portal.registrations.queries import is_exempt
from portal.scheme import queries as scheme
from portal.wishes.fitting import Abilities, Reason, abilities_of, free_until, in_words, of_card, of_time
from portal.wishes.models import Claim, ClaimPerson, ClaimState, Proposal, ProposalState, Wish

# What makes a member fit; the others only tell who of them first.
FITS = (Reason.SKILL, Reason.INTENTION, Reason.GRID, Reason.COLLEAGUE)


@dataclass
class Candidate:
    """A member who may be asked, and why the wish fits: each reason with what it rests on ('' for nothing)."""

    id: int
    name: str
    unit: str
    name_order: str
    reasons: dict[Reason, str] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether there is a reason to ask this one rather than anybody."""
        return any(reason in self.reasons for reason in FITS)

    @property
    def why(self) -> str:
        """The reasons in words, e.g. 特长匹配（水电维修）、同一网格."""
        return in_words(self.reasons)


def who_may_be_asked(wish: Wish, by: Actor) -> list[Candidate]:
    """Who may be asked to take the wish on: those whom more speaks for stand first, then by name.

    A clerk asks the members registered in the wish's community, a leader the registered ones of the own unit, of
    whose cards nothing is said to them.
    """
    rows = _may_be_asked(wish, by)
    people = db.session.execute(rows.with_only_columns(
        Member.id, Member.name, Member.pinyin, Member.grid_id, Unit.name.label("unit"), _in_hand().label("in_hand")
    )).all()  # fmt: skip
    if by.is_in(Role.MEMBER):
        return [Candidate(row.id, row.name, row.unit, row.pinyin, {Reason.COLLEAGUE: ""}) for row in people]
    cards = abilities_of(rows.with_only_columns(Member.id).order_by(None))
    free = free_until(wish.wanted_by, clock.today())
    found = [
        Candidate(row.id, row.name, row.unit, row.pinyin, _reasons(wish, row.grid_id, row.in_hand, cards[row.id], free))
        for row in people
    ]
    return sorted(found, key=_fit, reverse=True)  # stable: equals stay in the order of their names


def _may_be_asked(wish: Wish, by: Actor) -> Select:
    """The members whom this person may ask now, by name: registered, not excused, not over the limit of claims, not
    of this wish already, not the one who asks.
    """
    invited = _with_wish(Proposal, wish, Proposal.state.in_((ProposalState.OPEN, ProposalState.DECLINED)))
    helping = _with_wish(Claim, wish, Claim.state == ClaimState.OPEN, Claim.member_id.is_not(None))
    coming = select(ClaimPerson.member_id).join(Claim)
    coming = coming.where(Claim.wish_id == wish.id, Claim.state == ClaimState.OPEN)
    same_phone = Member.phone_index == wish.phone_index if wish.phone_index else false()
    others = or_(Member.phone_index.is_(None), ~same_phone)
    there = Member.unit_id == by.unit_id if by.is_in(Role.MEMBER) else Registration.community_id == wish.community_id
    return (
        select(Member)
        .join(Registration, (Registration.member_id == Member.id) & Registration.state.in_(CURRENT))
        .join(Unit, Unit.id == Member.unit_id)
        .where(there, is_available(), others, Member.id != (by.self_member_id or 0))
        .where(*(Member.id.not_in(these) for these in (invited, helping, coming)))
        .where(_in_hand() + _asked() < scheme.year_of(clock.today()).most_open_claims)
        .order_by(Member.pinyin, Member.id)
    )


def _with_wish(model, wish: Wish, *conditions) -> Select:
    return select(model.member_id).where(model.wish_id == wish.id, *conditions)


def _in_hand():
    """How many wishes a member has in hand."""
    held = (Claim.member_id == Member.id, Claim.state == ClaimState.OPEN)
    return select(func.count()).select_from(Claim).where(*held).correlate(Member).scalar_subquery()


def _asked():
    """How many invitations wait for a member's answer."""
    waiting = (Proposal.member_id == Member.id, Proposal.state == ProposalState.OPEN)
    return select(func.count()).select_from(Proposal).where(*waiting).correlate(Member).scalar_subquery()


def is_available() -> ColumnElement[bool]:
    """The condition that a member may be asked for something now: not exempt, nothing put off."""
    return ~is_exempt() & ~is_deferred()


def _reasons(wish: Wish, grid_id: int | None, in_hand: int, card: Abilities, free: set[FreeTime]) -> dict[Reason, str]:
    reasons = of_card(card, wish.category, f"{wish.title} {wish.detail or ''}")
    if wish.grid_id is not None and wish.grid_id == grid_id:
        reasons[Reason.GRID] = ""
    reasons |= of_time(card, free)
    if not in_hand:
        reasons[Reason.IDLE] = ""
    return reasons


def _fit(candidate: Candidate) -> tuple[int, ...]:
    """Whoever fits in more ways stands first; among these, in the way that weighs more."""
    return sum(reason in candidate.reasons for reason in FITS), *(reason in candidate.reasons for reason in Reason)
