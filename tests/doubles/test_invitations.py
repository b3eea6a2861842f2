"""Invitations of one person who stood on two rosters: they go over, and of two to one wish one is left."""

from portal import history
from portal.wishes.models import ProposalState
from tests.wishes.making import a_wish, invite

P = ProposalState


def test_invitations_go_over_and_of_two_to_one_wish_one_is_left(pair):
    pair.cast.places["member1b_row"] = pair.second
    both, other, helped = a_wish(pair.cast, helpers_needed=3), a_wish(pair.cast), a_wish(pair.cast, "claimed")
    invite(pair.cast, both, "member1")
    invite(pair.cast, both, "member1b")
    invite(pair.cast, other, "member1b")
    helped.helpers_needed = 2
    invite(pair.cast, helped, "member1b")
    assert helped.full
    pair.merged()
    assert [one.state for one in both.proposals] == [P.OPEN, P.WITHDRAWN]
    assert [(one.state, one.member_id) for one in other.proposals] == [(P.OPEN, pair.first.id)]
    assert ([one.state for one in helped.proposals], helped.full) == ([P.WITHDRAWN], False)
    line = history.last(helped)
    assert (line.verb, line.reason) == ("recall", "重复记录已合并，保留凤翔中学党支部名册上的一条")
