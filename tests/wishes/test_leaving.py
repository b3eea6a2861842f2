"""A member who leaves gives back the wishes they held, in the transaction that ends their registration."""

import pytest

from portal import history
from portal.errors import RuleBroken
from portal.extensions import db
from portal.registrations import queries
from portal.registrations import workflow as registrations
from portal.registrations.models import EndKind, RegistrationState
from portal.wishes.models import ClaimState, WishState
from tests.wishes.making import a_wish


def leave(cast, kind=EndKind.RETIRED):
    row = queries.current_of(cast.member1_row.id)
    return registrations.end(row, cast.by("liaison1"), kind=kind, reason="到龄退休")


def test_a_wish_of_one_helper_waits_on_the_wall_again(county):
    wish, done = a_wish(county, "claimed"), a_wish(county, "done")
    leave(county)
    db.session.commit()
    assert (wish.state, wish.finish_by, wish.full) == (WishState.PUBLISHED, None, False)
    assert wish.claims[0].state is ClaimState.RELEASED
    line = history.last(wish)
    assert (line.verb, line.by_name, line.reason) == ("release", "凤翔中学党支部 高翔", "认领人的报到已结束")
    assert done.state is WishState.DONE  # what was done stays done


def test_with_several_helpers_the_lead_passes_on(county):
    wish = a_wish(county, "claimed", others=("member2",), helpers_needed=2)
    leave(county, EndKind.DIED)
    db.session.commit()
    assert (wish.state, wish.full) == (WishState.CLAIMED, False)
    assert [(claim.member_id, claim.leads) for claim in wish.open_claims] == [(county.member2_row.id, True)]


def test_it_is_one_act(county, monkeypatch):
    wish = a_wish(county, "claimed")

    def refuse(_registration, _by):
        raise RuleBroken("还不能结束")

    monkeypatch.setitem(registrations._when_ended, refuse, None)
    with pytest.raises(RuleBroken), db.session.begin_nested():
        leave(county)
    assert wish.state is WishState.CLAIMED
    assert queries.current_of(county.member1_row.id).state is RegistrationState.FILED
