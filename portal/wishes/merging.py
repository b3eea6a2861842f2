"""What becomes of helpers' places when two rows of the roster prove to be one person: one place on a wish is left."""

from sqlalchemy import or_, select

from portal.actors import Actor
from portal.extensions import db
from portal.people.merging import Merging, rows_naming, when_merged
from portal.people.models import Member
from portal.wishes import places
from portal.wishes.models import Claim, ClaimPerson, ClaimState, Proposal, ProposalState, Wish, WishState
from portal.wishes.workflow import flow, waits_again

OPEN, FINISHED = ClaimState.OPEN, ClaimState.FINISHED
# Hours may still be written for those who helped.
UNSETTLED = (WishState.CLAIMED, WishState.DONE, WishState.CONFIRMED)


def stays(kept: Member, gone: Member) -> list[Claim]:
    """The claims of wishes on which the row that stays helps as well."""
    twice = _wishes_of(kept)
    return [claim for claim in rows_naming(Claim.member_id, gone) if claim.wish_id in twice]


def people_stay(kept: Member, gone: Member) -> list[ClaimPerson]:
    """Those whom a unit sends, where the row that stays helps with the same wish."""
    wishes, claims = _wishes_of(kept), {person.claim_id for person in rows_naming(ClaimPerson.member_id, kept)}
    people = rows_naming(ClaimPerson.member_id, gone)
    return [person for person in people if person.claim.wish_id in wishes or person.claim_id in claims]


def settle(merging: Merging) -> None:
    """A second place on one wish is given back, or counts no hours; other open claims take free numbers."""
    twice = stays(merging.kept, merging.gone)
    for claim in twice:
        if claim.state is OPEN:
            before = claim.wish.state
            places.give_back(claim.wish, claim)
            _note(claim.wish, merging.by, before, merging.words)
        elif claim.state is FINISHED and claim.wish.state in UNSETTLED:
            _lay_down(claim)
    own = places.slots_of(merging.kept.id)
    for claim in rows_naming(Claim.member_id, merging.gone):
        if claim.state is OPEN and claim not in twice:
            # Both at once: the number may be taken among the claims of the row that goes.
            claim.slot, claim.member_id = places.first_free(own), merging.kept.id
            own.add(claim.slot)
            db.session.flush()


def settle_people(merging: Merging) -> None:
    """Whoever helps with a wish already does not come for a unit besides."""
    for person in people_stay(merging.kept, merging.gone):
        claim, before = person.claim, person.claim.wish.state
        person.half_hours = None
        if claim.state is OPEN:
            places.stay_away(claim, merging.gone.id)
            _note(claim.wish, merging.by, before, merging.words)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` and `settle_people` would do."""
    held = [claim.wish.number for claim in stays(kept, gone) if claim.state is OPEN]
    sent = [person.claim.wish.number for person in people_stay(kept, gone) if person.claim.state is OPEN]
    told = [f"微心愿 {'、'.join(sorted(held))} 上占了两个名额，退回一个。"] if held else []
    return told + ([f"微心愿 {'、'.join(sorted(sent))} 不再随单位办理（本人已参加）。"] if sent else [])


def invitations_stay(kept: Member, gone: Member) -> list[Proposal]:
    """The open invitations to wishes with which the row that stays helps, or to which it is invited too."""
    invited = select(Proposal.wish_id).where(Proposal.member_id == kept.id, Proposal.state == ProposalState.OPEN)
    known = _wishes_of(kept) | set(db.session.scalars(invited))
    return [
        proposal for proposal in rows_naming(Proposal.member_id, gone)
        if proposal.state is ProposalState.OPEN and proposal.wish_id in known
    ]  # fmt: skip


def settle_invitations(merging: Merging) -> None:
    """One person answers once, and whoever helps already need not be asked."""
    for proposal in invitations_stay(merging.kept, merging.gone):
        wish = proposal.wish
        places.settle(proposal, ProposalState.WITHDRAWN)
        places.count(wish)
        flow.noted(wish, merging.by, "recall", "取消邀请", wish.state, merging.words)


def _wishes_of(member: Member) -> set[int]:
    """The wishes with which a member helps or helped, for themselves or for the unit."""
    helps = (Claim.state.in_((OPEN, FINISHED)), or_(Claim.member_id == member.id,
             Claim.id.in_(select(ClaimPerson.claim_id).where(ClaimPerson.member_id == member.id))))  # fmt: skip
    return set(db.session.scalars(select(Claim.wish_id).where(*helps)))


def _lay_down(claim: Claim) -> None:
    """A helper who stands there twice is no helper a second time, when hours are written or the wish is reopened."""
    led, claim.leads = claim.leads, False
    claim.state, claim.half_hours = ClaimState.RELEASED, None
    db.session.flush()
    if led and claim.wish.helpers:
        claim.wish.helpers[0].leads = True


def _note(wish: Wish, by: Actor, before: WishState, words: str) -> None:
    wish.state = WishState.CLAIMED if wish.open_claims else waits_again(wish)
    flow.noted(wish, by, "release", "放弃认领", before, words)


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Claim.member_id, "微心愿认领", stays, settle, foreseen)
    when_merged(ClaimPerson.member_id, "随单位办理的微心愿", people_stay, settle_people)
    when_merged(Proposal.member_id, "心愿邀请", invitations_stay, settle_invitations)
