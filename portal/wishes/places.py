"""Helpers' places on a wish, and the few places that one member may hold at a time.  [二(二)2]"""

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from portal import clock, history
from portal.actors import Actor
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.people.models import Member
from portal.registrations.models import Registration
from portal.wishes.models import Claim, ClaimPerson, ClaimState, Proposal, ProposalState, Wish


def is_own(wish: Wish, member_id: int | None) -> bool:
    """Whether the wish is this member's own, told by the same phone."""
    phone = db.session.scalar(select(Member.phone_index).where(Member.id == member_id))
    return phone is not None and phone == wish.phone_index


def foreseen(member: Member) -> str:
    """What a member's leaving would do to the wishes they hold, in one line."""
    held = select(Wish.number).join(Claim).where(Claim.state == ClaimState.OPEN).order_by(Wish.number)
    own = list(db.session.scalars(held.where(Claim.member_id == member.id)))
    sent = list(db.session.scalars(held.join(ClaimPerson).where(ClaimPerson.member_id == member.id)))
    asked = select(func.count()).where(Proposal.member_id == member.id, Proposal.state == ProposalState.OPEN)
    invited = db.session.scalar(asked)
    told = f"认领的 {len(own)} 条微心愿退回，名额重新开放：{'、'.join(own)}。" if own else ""
    told += f"待答复的 {invited} 份心愿邀请取消。" if invited else ""
    return told + (f"不再随单位或服务队办理微心愿 {'、'.join(sent)}。" if sent else "")


def taken_since(registration: Registration, _by: Actor) -> str:
    """What keeps an acceptance from being undone: a wish taken on under it."""
    accepted = history.last(registration)
    came = select(ClaimPerson.claim_id).where(ClaimPerson.member_id == registration.member_id)
    theirs = or_(Claim.member_id == registration.member_id, Claim.id.in_(came))
    held = select(Wish.number).join(Claim).where(theirs, Claim.claimed_at >= accepted.at) if accepted else None
    number = db.session.scalar(held.limit(1)) if held is not None else None
    return f"{registration.member.name}报到后已认领微心愿 {number}，不能撤销。" if number else ""


def take(wish: Wish, member_id: int, most: int) -> None:
    """Give the member the first free place; the first of all leads.

    `most` is how many open claims a member may have. Raises RuleBroken beyond it, TooLate when the same member was
    quicker on another page.
    """
    held = slots_of(member_id)
    if len(held) >= most:
        raise RuleBroken(f"您已有 {len(held)} 条心愿正在办理，办结后才能再认领（同时最多 {most} 条）。")
    _add(wish, Claim(member_id=member_id, slot=first_free(held)))


def take_for_group(wish: Wish, people: Collection[int], **group: int | None) -> None:
    """Give a unit or team (`unit_id`, `team_id`) the first free place, for these members who will come.

    Raises TooLate as `take` does.
    """
    coming = [ClaimPerson(member_id=member_id) for member_id in people]
    _add(wish, Claim(heads=len(coming), people=coming, **group))


def charge(wish: Wish, organisation: str, task: str) -> None:
    """Give the wish to an organisation; it needs no further helpers."""
    call_off(wish)
    _add(wish, Claim(organisation=organisation, task=task, heads=0))
    wish.full = True


def _add(wish: Wish, claim: Claim) -> None:
    """Put a helper on the first free place; the first of all leads."""
    taken = {other.place for other in wish.open_claims}
    claim.place, claim.leads = first_free(taken), not taken
    claim.state, claim.claimed_at = ClaimState.OPEN, clock.now()
    wish.claims.append(claim)
    try:
        db.session.flush()
    except IntegrityError:
        # Both pages read the same free slot or place; its unique index let one of them through.
        raise TooLate("您刚在另一个页面认领了心愿，请刷新后再试。") from None
    count(wish)


def free(wish: Wish) -> int:
    """How many places are neither taken nor held for an invited member."""
    return max(wish.helpers_needed - sum(one.heads for one in wish.open_claims) - len(wish.invitations), 0)


def count(wish: Wish) -> None:
    """Say whether the wish takes more helpers; places that are held for invited members count as taken."""
    wish.full = not free(wish)


def why_none(wish: Wish) -> str:
    """Why nobody else may come although people are still wanted; '' when it is not so."""
    if not wish.on_wall:
        return "这条心愿不公开，只由社区邀请的党员办理。"
    if not wish.invitations or free(wish):
        return ""
    until = clock.local(max(one.until for one in wish.invitations))
    return f"剩下的名额正为受邀的党员保留，最晚到 {until:%-m月%-d日%H:%M}；到时没有接受，会重新开放。"


def invitation_of(wish: Wish, member_id: int | None) -> Proposal | None:
    """The invitation by which a place is held for this member, or None."""
    return next((one for one in wish.invitations if member_id is not None and one.member_id == member_id), None)


def settle(proposal: Proposal, state: ProposalState) -> None:
    """End an invitation; what it held is free."""
    proposal.state, proposal.answered_at = state, clock.now()


def call_off(wish: Wish) -> None:
    """End the invitations that nobody needs to answer any more."""
    for proposal in wish.invitations:
        settle(proposal, ProposalState.WITHDRAWN)


def give_back(wish: Wish, claim: Claim) -> None:
    """Open a helper's place again; the lead passes to the next one who came."""
    led, claim.leads = claim.leads, False
    end(claim, ClaimState.RELEASED)
    count(wish)
    db.session.flush()
    if led and wish.open_claims:
        wish.open_claims[0].leads = True


def stay_away(claim: Claim, member_id: int) -> None:
    """Take a member from those who come for a unit or team; when it was the last, it gives its place back."""
    claim.people = [person for person in claim.people if person.member_id != member_id]
    claim.heads = len(claim.people)
    count(claim.wish)
    if not claim.people:
        give_back(claim.wish, claim)


def end(claim: Claim, state: ClaimState) -> None:
    """End one helper's claim."""
    claim.state, claim.ended_at = state, clock.now()


def end_all(wish: Wish, state: ClaimState) -> None:
    """End the claims of all who hold a place now."""
    for claim in wish.open_claims:
        end(claim, state)


def hold_again(wish: Wish) -> None:
    """Give the same helpers their places back, although one of them may have claimed others in the meantime."""
    for claim in wish.helpers:
        if claim.member_id is not None:
            claim.slot = first_free(slots_of(claim.member_id))
        claim.state, claim.ended_at, claim.half_hours = ClaimState.OPEN, None, None
        for person in claim.people:
            person.half_hours = None
        db.session.flush()


def slots_of(member_id: int) -> set[int]:
    """The numbers of a member's open claims."""
    open_ones = select(Claim.slot).where(Claim.member_id == member_id, Claim.state == ClaimState.OPEN)
    return set(db.session.scalars(open_ones))


def first_free(taken: set[int]) -> int:
    """The lowest number that is not taken, from 1."""
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
