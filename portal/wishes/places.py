"""Helpers' places on a wish, and the few places that one member may hold at a time.  [二(二)2]"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.people.models import Member
from portal.wishes.models import Claim, ClaimState, Wish


def is_own(wish: Wish, member_id: int) -> bool:
    """Whether the wish is this member's own, told by the same phone."""
    phone = db.session.scalar(select(Member.phone_index).where(Member.id == member_id))
    return phone is not None and phone == wish.phone_index


def take(wish: Wish, member_id: int, most: int) -> None:
    """Give the member the first free place; the first of all leads.

    `most` is how many open claims a member may have. Raises RuleBroken beyond it, TooLate when the same member was
    quicker on another page.
    """
    # Of one member's pages pressed at once, each waits for the one before it and counts what that one took.
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update(key_share=True))
    taken, held = {claim.place for claim in wish.open_claims}, _slots(member_id)
    if len(held) >= most:
        raise RuleBroken(f"您已有 {len(held)} 条心愿正在办理，办结后才能再认领（同时最多 {most} 条）。")
    wish.claims.append(
        Claim(
            member_id=member_id,
            place=_first_free(taken),
            slot=_first_free(held),
            leads=not taken,
            state=ClaimState.OPEN,
            claimed_at=clock.now(),
        )
    )
    wish.full = len(wish.open_claims) >= wish.helpers_needed
    try:
        db.session.flush()
    except IntegrityError:
        # Both pages read the same free slot; its unique index let one of them through.
        raise TooLate("您刚在另一个页面认领了心愿，请刷新后再试。") from None


def give_back(wish: Wish, claim: Claim) -> None:
    """Open a helper's place again; the lead passes to the next one who came."""
    led, claim.leads = claim.leads, False
    end(claim, ClaimState.RELEASED)
    wish.full = False
    db.session.flush()
    if led and wish.open_claims:
        wish.open_claims[0].leads = True


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
        claim.slot = _first_free(_slots(claim.member_id))
        claim.state, claim.ended_at, claim.half_hours = ClaimState.OPEN, None, None
        db.session.flush()


def _slots(member_id: int) -> set[int]:
    open_ones = select(Claim.slot).where(Claim.member_id == member_id, Claim.state == ClaimState.OPEN)
    return set(db.session.scalars(open_ones))


def _first_free(taken: set[int]) -> int:
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
