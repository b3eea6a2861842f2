"""What follows for the wishes in hand when a helper leaves the county or a team, or when a team is disbanded."""

from sqlalchemy import Select, select

from portal.actors import Actor
from portal.extensions import db
from portal.registrations.models import Registration
from portal.wishes import concerned, places
from portal.wishes.models import Claim, ClaimPerson, ClaimState
from portal.wishes.models import WishState as S
from portal.wishes.workflow import flow, waits_again


def give_back_all(registration: Registration, by: Actor) -> None:
    """Whoever leaves gives back every place held, in the transaction that ends their registration.  [二(二)2]"""
    held = select(Claim).where(Claim.member_id == registration.member_id, Claim.state == ClaimState.OPEN)
    give_back_each(held, by, "认领人的报到已结束")
    coming = select(Claim).join(ClaimPerson).where(ClaimPerson.member_id == registration.member_id)
    stay_away_from(coming.where(Claim.state == ClaimState.OPEN), by, registration.member_id, "派来的人的报到已结束")


def give_back_each(claims: Select, by: Actor, why: str) -> None:
    """Give back each of these places, as a consequence of something else."""
    for claim in db.session.scalars(claims.order_by(Claim.wish_id)).all():  # two at once don't wait in a ring
        wish, before = claim.wish, claim.wish.state
        places.give_back(wish, claim)
        wish.state = S.CLAIMED if wish.open_claims else waits_again(wish)
        flow.noted(wish, by, "release", "放弃认领", before, why, tells=concerned.of_helpers)


def stay_away_from(claims: Select, by: Actor, member_id: int, why: str) -> None:
    """Let a member come no more with the units or teams that hold these places."""
    for claim in db.session.scalars(claims.order_by(Claim.wish_id)).all():  # two at once don't wait in a ring
        wish, before = claim.wish, claim.wish.state
        places.stay_away(claim, member_id)
        wish.state = S.CLAIMED if wish.open_claims else waits_again(wish)
        flow.noted(wish, by, "release", "不再同来", before, why, tells=concerned.of_helpers)
