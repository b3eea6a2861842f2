"""Helpers' places on a wish, and the few places that one member may hold at a time.  [二(二)2]"""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from portal import clock, history
from portal.actors import Actor
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.people.models import Member
from portal.registrations.models import Registration
from portal.wishes.models import Claim, ClaimPerson, ClaimState, Wish


def is_own(wish: Wish, member_id: int | None) -> bool:
    """Whether the wish is this member's own, told by the same phone."""
    phone = db.session.scalar(select(Member.phone_index).where(Member.id == member_id))
    return phone is not None and phone == wish.phone_index


def foreseen(member: Member) -> str:
    """What a member's leaving would do to the wishes they hold, in one line."""
    held = select(Wish.number).join(Claim).where(Claim.state == ClaimState.OPEN).order_by(Wish.number)
    own = list(db.session.scalars(held.where(Claim.member_id == member.id)))
    sent = list(db.session.scalars(held.join(ClaimPerson).where(ClaimPerson.member_id == member.id)))
    told = f"认领的 {len(own)} 条微心愿退回，名额重新开放：{'、'.join(own)}。" if own else ""
    return told + (f"不再随单位办理微心愿 {'、'.join(sent)}。" if sent else "")


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
    # Of one member's pages pressed at once, each waits for the one before it and counts what that one took.
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update(key_share=True))
    held = _slots(member_id)
    if len(held) >= most:
        raise RuleBroken(f"您已有 {len(held)} 条心愿正在办理，办结后才能再认领（同时最多 {most} 条）。")
    _add(wish, Claim(member_id=member_id, slot=_first_free(held)))


def take_for_unit(wish: Wish, unit_id: int, people: Collection[int]) -> None:
    """Give the unit the first free place, for these members who will come. Raises TooLate as `take` does."""
    coming = [ClaimPerson(member_id=member_id) for member_id in people]
    _add(wish, Claim(unit_id=unit_id, heads=len(coming), people=coming))


def charge(wish: Wish, organisation: str, task: str) -> None:
    """Give the wish to an organisation; it needs no further helpers."""
    _add(wish, Claim(organisation=organisation, task=task, heads=0))
    wish.full = True


def _add(wish: Wish, claim: Claim) -> None:
    """Put a helper on the first free place; the first of all leads."""
    taken = {other.place for other in wish.open_claims}
    claim.place, claim.leads = _first_free(taken), not taken
    claim.state, claim.claimed_at = ClaimState.OPEN, clock.now()
    wish.claims.append(claim)
    try:
        db.session.flush()
    except IntegrityError:
        # Both pages read the same free slot or place; its unique index let one of them through.
        raise TooLate("您刚在另一个页面认领了心愿，请刷新后再试。") from None
    wish.full = sum(one.heads for one in wish.open_claims) >= wish.helpers_needed


def give_back(wish: Wish, claim: Claim) -> None:
    """Open a helper's place again; the lead passes to the next one who came."""
    led, claim.leads = claim.leads, False
    end(claim, ClaimState.RELEASED)
    wish.full = False
    db.session.flush()
    if led and wish.open_claims:
        wish.open_claims[0].leads = True


def stay_away(claim: Claim, member_id: int) -> None:
    """Take a member from those who come for a unit; when it was the last, the unit gives its place back."""
    claim.people = [person for person in claim.people if person.member_id != member_id]
    claim.heads, claim.wish.full = len(claim.people), False
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
            claim.slot = _first_free(_slots(claim.member_id))
        claim.state, claim.ended_at, claim.half_hours = ClaimState.OPEN, None, None
        for person in claim.people:
            person.half_hours = None
        db.session.flush()


def _slots(member_id: int) -> set[int]:
    open_ones = select(Claim.slot).where(Claim.member_id == member_id, Claim.state == ClaimState.OPEN)
    return set(db.session.scalars(open_ones))


def _first_free(taken: set[int]) -> int:
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
