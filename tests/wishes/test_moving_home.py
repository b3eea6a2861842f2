"""A member who moves house while holding a claim keeps it, and what is done later counts for the new home."""

from portal.extensions import db
from portal.registrations import queries
from portal.registrations import workflow as registrations
from portal.wishes import rights, workflow
from portal.wishes.models import ClaimState, WishState
from tests.registrations.conftest import walk
from tests.wishes.making import a_wish


def test_the_claim_outlives_the_move(cast):
    old, wish = walk(cast, "filed"), a_wish(cast, "claimed")
    member = cast.by("member1")
    registrations.relocate(old, cast.by("liaison1"), community_id=cast.community2.id, address="西关街8号")
    db.session.commit()
    other = a_wish(cast, "published")
    assert rights.is_registered(cast.member1_row.id)  # by the old community, until the new one accepts
    workflow.claim(other, member)
    db.session.commit()

    registrations.accept(queries.in_progress_of(cast.member1_row.id), cast.by("clerk2"))
    db.session.commit()
    assert old.state.value == "ended"
    assert [(each.state, each.claims[0].state) for each in (wish, other)] == [(WishState.CLAIMED, ClaimState.OPEN)] * 2
    assert rights.claim_of(wish, member) is not None and rights.leader(wish, member)
    workflow.release(other, member)
    db.session.commit()
    assert wish.state is WishState.CLAIMED
