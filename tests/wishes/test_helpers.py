"""Helpers' places: first come first served, several helpers, the lead, and the limit of open claims."""

import datetime as dt
import threading

import pytest
import time_machine

from portal import clock, vault
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.wishes import workflow
from portal.wishes.models import Claim, ClaimState, Wish, WishState
from tests.wishes.making import a_wish, register

S = WishState


def helpers(wish) -> list[tuple[str, int, bool]]:
    db.session.expire(wish)
    return [(claim.member.name, claim.place, claim.leads) for claim in wish.open_claims]


def test_the_first_claimer_leads_and_the_last_place_makes_it_full(county):
    wish = a_wish(county, helpers_needed=2)
    workflow.claim(wish, county.by("member2"))
    assert (wish.state, wish.full) == (S.CLAIMED, False)
    workflow.claim(wish, county.by("member1"))
    assert (wish.state, wish.full) == (S.CLAIMED, True)
    assert helpers(wish) == [("买买提·吐尔逊", 1, True), ("欧阳䶮", 2, False)]
    with pytest.raises(TooLate) as refused:
        workflow.claim(wish, county.by("member3"))
    assert "凤翔中学党支部 欧阳䶮已先“认领”" in refused.value.sentence


def test_who_was_first_is_told_to_the_loser(county):
    wish = a_wish(county)
    with time_machine.travel(dt.datetime(2026, 5, 16, 1, 5, tzinfo=dt.UTC), tick=False):
        workflow.claim(wish, county.by("member2"))
    with pytest.raises(TooLate) as refused:
        workflow.claim(wish, county.by("member1"))
    assert refused.value.sentence == (
        "5月16日09:05 凤翔中学党支部 买买提·吐尔逊已先“认领”，这条微心愿现在是“已认领”，不能认领。"
    )


def test_the_day_by_which_a_wish_is_to_be_done_is_fifteen_working_days_away(county):
    wish = a_wish(county)
    with time_machine.travel(dt.datetime(2026, 5, 15, 4, tzinfo=dt.UTC), tick=False):  # a Friday
        workflow.claim(wish, county.by("member1"))
    assert wish.finish_by == dt.date(2026, 6, 5)


def test_when_a_helper_leaves_the_lead_passes_on_and_the_place_opens(county):
    wish = a_wish(county, "claimed", leader="member1", others=("member2", "member3"), helpers_needed=3)
    assert wish.full
    workflow.release(wish, county.by("member1"))
    assert (wish.state, wish.full) == (S.CLAIMED, False)
    assert helpers(wish) == [("买买提·吐尔逊", 2, True), ("单雪", 3, False)]
    workflow.claim(wish, county.by("dual"))
    assert helpers(wish) == [("买买提·吐尔逊", 2, True), ("单雪", 3, False), ("仇文博", 1, False)]


def test_when_the_last_helper_leaves_the_wish_waits_again(county):
    wish = a_wish(county, "claimed", leader="member1")
    workflow.release(wish, county.by("member1"))
    assert (wish.state, wish.finish_by, wish.claimed_at, wish.full) == (S.PUBLISHED, None, None, False)
    workflow.claim(wish, county.by("member2"))
    assert helpers(wish) == [("买买提·吐尔逊", 1, True)]


def test_enough_is_said_by_the_leader_and_unsaid_by_a_helper_who_leaves(county):
    wish = a_wish(county, "claimed", leader="member1", others=("member2",), helpers_needed=4)
    workflow.start(wish, county.by("member1"))
    with pytest.raises(TooLate):
        workflow.claim(wish, county.by("member3"))
    workflow.release(wish, county.by("member2"))
    workflow.claim(wish, county.by("member3"))
    assert len(wish.open_claims) == 2


def test_two_open_claims_at_most(county):
    for _ in range(2):
        workflow.claim(a_wish(county), county.by("member1"))
    third = a_wish(county)
    with pytest.raises(RuleBroken) as refused:
        workflow.claim(third, county.by("member1"))
    assert "同时最多 2 条" in refused.value.sentence
    db.session.rollback()


def test_nobody_claims_an_own_wish(county):
    wish = a_wish(county, phone_index=vault.blind_index("phone", "13891701001"))
    wish.phone_index = vault.blind_index("phone", "13891701001")
    with pytest.raises(RuleBroken) as refused:
        workflow.claim(wish, county.by("member1"))
    assert "您自己提出的心愿" in refused.value.sentence
    db.session.rollback()


def test_only_an_overdue_wish_is_taken_back_and_then_waits_again(county):
    wish = a_wish(county, "claimed", others=("member2",), helpers_needed=2)
    with pytest.raises(RuleBroken):
        workflow.revoke(wish, county.by("clerk1"), reason="没有动静")
    wish.finish_by = clock.today() - dt.timedelta(days=1)
    workflow.revoke(wish, county.by("clerk1"), reason="没有动静")
    assert wish.state is S.PUBLISHED
    assert {claim.state for claim in wish.claims} == {ClaimState.REVOKED}


def test_one_extension_of_fifteen_working_days(county):
    wish = a_wish(county, "claimed", finish_by=dt.date(2099, 5, 15))
    workflow.extend(wish, county.by("member1"), reason="等配件")
    assert wish.finish_by == dt.date(2099, 6, 5)
    with pytest.raises(RuleBroken):
        workflow.extend(wish, county.by("member1"), reason="还要等")


def test_a_wish_taken_up_again_goes_back_to_its_helpers_even_beyond_the_limit(county):
    wish = a_wish(county, "done", leader="member1")
    for _ in range(2):
        workflow.claim(a_wish(county), county.by("member1"))
    workflow.reopen(wish, county.by("clerk1"), reason="又漏了")
    assert helpers(wish) == [("欧阳䶮", 1, True)]
    assert sorted(db.session.scalars(db.select(Claim.slot).where(Claim.state == ClaimState.OPEN))) == [1, 2, 3]


def test_of_ten_who_press_at_the_same_moment_one_wins(county, application):
    register_many(county, 10)
    wish = a_wish(county).id
    answers = press_together(application, [(f"racer{n}", wish) for n in range(10)], county)
    assert sorted(answers) == ["claimed"] + ["too late"] * 9
    assert len(db.session.scalars(db.select(Claim)).all()) == 1


def test_one_member_who_presses_on_four_pages_at_once_holds_two(county, application):
    wishes = [a_wish(county).id for _ in range(4)]
    answers = press_together(application, [("member1", wish) for wish in wishes], county)
    assert answers.count("claimed") == 2
    assert len(db.session.scalars(db.select(Claim)).all()) == 2


def register_many(county, how_many: int) -> None:
    from portal.actors import Role
    from tests.cast import make_member

    for n in range(how_many):
        member = make_member(county.unit1, county.community1, f"赛跑{n}", f"1389170{n:04}")
        county.places[f"racer{n}_row"] = member
        county.appoint(f"racer{n}", member.name, Role.MEMBER, member=member, unit=county.unit1)
    register(county, *(f"racer{n}" for n in range(how_many)))


def press_together(application, presses, county) -> list[str]:
    """Each (person, wish) claims in a thread and session of its own, all at the same moment."""
    actors = [(county.by(person), wish) for person, wish in presses]
    db.session.commit()
    start, answers = threading.Barrier(len(presses)), []

    def press(actor, wish_id):
        with application.app_context():
            start.wait()
            try:
                workflow.claim(db.session.get(Wish, wish_id), actor)
                db.session.commit()
                answers.append("claimed")
            except TooLate:
                db.session.rollback()
                answers.append("too late")
            except RuleBroken:
                db.session.rollback()
                answers.append("enough")

    threads = [threading.Thread(target=press, args=pair) for pair in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
