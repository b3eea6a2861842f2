"""Each wish has one winner, and the others are told who was first: 200 clients, 100 wishes, the real server."""

from collections import Counter

from sqlalchemy import func, select

from portal.extensions import db
from portal.wishes.models import Claim, ClaimState, Proposal, ProposalState, Wish, WishState
from tests import race


def test_one_winner_a_wish_and_the_losers_learn_who_was_first(county_apart, tmp_path):
    attempts = race.run(*county_apart, tmp_path)

    winners = {attempt.number: attempt for attempt in attempts if attempt.won}
    losers = [attempt for attempt in attempts if not attempt.won]
    assert Counter(attempt.answer.status for attempt in attempts) == {303: 100, 409: 100}
    assert len(winners) == 100
    for attempt in winners.values():
        assert "认领成功" in attempt.page.said
    for attempt in losers:
        assert f"{winners[attempt.number].member}已先“认领”" in attempt.answer.said

    held = select(func.count(), func.count(Claim.wish_id.distinct())).where(Claim.state == ClaimState.OPEN)
    assert db.session.execute(held).one() == (100, 100)
    assert list(db.session.scalars(select(Wish.state).distinct())) == [WishState.CLAIMED]


def test_the_held_place_is_the_invited_ones_and_of_the_others_one_comes(county_apart, tmp_path):
    attempts = race.run_invited(*county_apart, tmp_path)

    assert Counter(attempt.answer.status for attempt in attempts["accept"]) == {303: 20}
    assert Counter(attempt.answer.status for attempt in attempts["claim"]) == {303: 20, 409: 20}
    assert len({attempt.number for attempt in attempts["claim"] if attempt.won}) == 20
    open_ones = select(Claim.wish_id, func.count()).where(Claim.state == ClaimState.OPEN).group_by(Claim.wish_id)
    assert sorted(count for _, count in db.session.execute(open_ones)) == [2] * 20
    assert set(db.session.scalars(select(Proposal.state))) == {ProposalState.ACCEPTED}
