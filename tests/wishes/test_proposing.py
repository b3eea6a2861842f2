"""A wish proposed to a member: whom it fits, the place held for 48 hours, the answer, and what ends it."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import event, func, select

from portal import audit, clock, history
from portal.actors import resident_of
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Member
from portal.registrations import queries as registrations
from portal.registrations import workflow as leaving
from portal.registrations.models import (
    CardFreeTime,
    CardIntention,
    CardSkill,
    Deferment,
    DefermentKind,
    DefermentState,
    EndKind,
    Exemption,
    ExemptionState,
    FreeTime,
    InfoCard,
)
from portal.scheme.models import SchemeYear
from portal.wishes import candidates, places, proposing, raising, sweeps, workflow
from portal.wishes.models import ClaimState, Level, ProposalState, WishState
from tests.cast import make_member
from tests.crowds import registered_members
from tests.messages.reading import sentences, told
from tests.page_forms import form_to
from tests.pages import texts
from tests.wishes.making import PHONE, a_wish, invite, register

S, P = WishState, ProposalState
MONDAY = dt.datetime(2026, 5, 18, 2, tzinfo=dt.UTC)  # 10:00 in the county
UNTIL = MONDAY + dt.timedelta(hours=48)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


def propose(cast, wish, *names: str, by: str = "clerk1"):
    proposing.propose(wish, cast.by(by), people=[cast.places[f"{name}_row"].id for name in names])
    db.session.commit()


def states(wish) -> list[ProposalState]:
    return [proposal.state for proposal in wish.proposals]


def card(member, skills=(), intentions=(), free_times=()) -> None:
    filled = InfoCard(member_id=member.id, filled_at=MONDAY, filled_by=member.name, checked_year=2026)
    filled.skills = [CardSkill(skill=skill) for skill in skills]
    filled.intentions = [CardIntention(category=category) for category in intentions]
    filled.free_times = [CardFreeTime(free_time=free_time) for free_time in free_times]
    db.session.add(filled)
    db.session.commit()


# ---- The place that is held


def test_a_place_is_held_and_only_the_invited_may_take_it(county):
    wish = a_wish(county)
    propose(county, wish, "member1")
    assert (wish.state, wish.full, states(wish), wish.proposals[0].until) == (S.PUBLISHED, True, [P.OPEN], UNTIL)
    with pytest.raises(TooLate) as refused:
        workflow.claim(wish, county.by("dual"))
    assert refused.value.sentence == "剩下的名额正为受邀的党员保留，最晚到 5月20日10:00；到时没有接受，会重新开放。"
    with pytest.raises(TooLate) as refused:
        workflow.claim_for_unit(wish, county.by("liaison1"), people=[county.dual_row.id])
    assert "保留" in refused.value.sentence
    db.session.rollback()
    proposing.accept(wish, county.by("member1"))
    db.session.commit()
    claim = wish.open_claims[0]
    assert (wish.state, wish.full, wish.finish_by) == (S.CLAIMED, True, dt.date(2026, 6, 8))
    assert (claim.member_id, claim.leads, states(wish)) == (county.member1_row.id, True, [P.ACCEPTED])


def test_of_several_places_the_free_ones_go_to_whoever_comes(county):
    wish = a_wish(county, helpers_needed=3)
    propose(county, wish, "member1")
    assert (wish.full, places.free(wish)) == (False, 2)
    for name in ("member2", "dual"):
        workflow.claim(wish, county.by(name))
    db.session.commit()
    assert (wish.full, places.free(wish)) == (True, 0)
    with pytest.raises(TooLate):
        workflow.claim(wish, county.by("member3"))
    db.session.rollback()
    proposing.accept(wish, county.by("member1"))
    assert [claim.member_id for claim in wish.open_claims][2] == county.member1_row.id


def test_the_invited_who_claims_on_the_wall_takes_the_own_place(county):
    wish = a_wish(county)
    propose(county, wish, "member1")
    workflow.claim(wish, county.by("member1"))
    assert (states(wish), len(wish.open_claims), wish.full) == ([P.ACCEPTED], 1, True)


def test_no_more_are_invited_than_places_are_free(county):
    wish = a_wish(county, helpers_needed=2)
    with pytest.raises(RuleBroken) as refused:
        propose(county, wish, "member1", "member2", "dual")
    assert refused.value.sentence == "现在只空着 2 个名额，一次不能邀请更多的人。"
    db.session.rollback()
    propose(county, wish, "member1", "member2")
    assert not proposing.propose.open_to(wish, county.by("clerk1"))
    with pytest.raises(RuleBroken):
        propose(county, wish, "dual")


@pytest.mark.parametrize("names", [[], ["newcomer"], ["member3"]])
def test_only_whom_the_list_offers_is_invited(county, names):
    wish = a_wish(county)
    with pytest.raises(RuleBroken) as refused:
        propose(county, wish, *names)
    assert refused.value.sentence.startswith("请从列出的党员中选择")
    db.session.rollback()
    assert wish.proposals == []


# ---- 48 hours


def test_it_may_be_accepted_until_the_last_minute_and_not_after(county, monday):
    wish, other = a_wish(county), a_wish(county)
    propose(county, wish, "member1")
    propose(county, other, "dual")
    monday.move_to(UNTIL - MINUTE)
    proposing.accept(wish, county.by("member1"))
    db.session.commit()
    monday.move_to(UNTIL)
    assert not proposing.accept.open_to(other, county.by("dual"))
    for answer in (proposing.accept, proposing.decline):
        with pytest.raises(TooLate) as refused:
            answer(other, county.by("dual"))
        assert refused.value.sentence == "这份邀请保留到 5月20日10:00，已经到期。"
        db.session.rollback()


def test_time_ends_it_at_its_minute_with_one_line(county, monday):
    wish, other = a_wish(county, helpers_needed=2), a_wish(county, helpers_needed=2)
    propose(county, wish, "member1", "member2")
    monday.move_to(MONDAY + MINUTE)
    propose(county, other, "member1")
    sweeps.end_unanswered(UNTIL - MINUTE)
    assert states(wish) == [P.OPEN, P.OPEN]
    rows = db.session.scalar(select(func.count()).select_from(audit.AuditRow))
    for _ in range(2):
        sweeps.end_unanswered(UNTIL)
        db.session.commit()
    assert (states(wish), states(other), wish.full) == ([P.LAPSED, P.LAPSED], [P.OPEN], False)
    assert [(line.verb, line.by_name) for line in history.of(wish)] == [
        ("propose", "儒林社区 王秀兰"),
        ("expire", "系统"),
    ]
    assert db.session.scalar(select(func.count()).select_from(audit.AuditRow)) == rows + 1
    assert {one.answered_at for one in wish.proposals} == {UNTIL}
    propose(county, wish, "member1")  # who did not answer may be asked once more


def test_the_hours_are_those_of_the_scheme_year(county):
    db.session.scalar(select(SchemeYear).where(SchemeYear.year == 2026)).wish_proposal_hours = 5
    wish = a_wish(county)
    propose(county, wish, "member1")
    assert wish.proposals[0].until == MONDAY + dt.timedelta(hours=5)


# ---- Answers and ends


def test_who_declines_frees_the_place_and_is_not_asked_again(county):
    wish = a_wish(county)
    propose(county, wish, "member1")
    proposing.decline(wish, county.by("member1"), words="这周出差")
    db.session.commit()
    assert (states(wish), wish.full, wish.proposals[0].words) == ([P.DECLINED], False, "这周出差")
    assert history.last(wish).reason is None  # what was said is for the office, not for everybody who reads the case
    assert county.member1_row.id not in [one.id for one in candidates.who_may_be_asked(wish, county.by("clerk1"))]
    with pytest.raises(TooLate) as refused:
        proposing.accept(wish, county.by("member1"))
    assert refused.value.sentence == "这份邀请现在是“已谢绝”，不能再答复。"
    db.session.rollback()
    workflow.claim(wish, county.by("member1"))  # on the wall everybody may


def test_a_clerk_takes_an_invitation_back(county):
    wish = a_wish(county, helpers_needed=2)
    propose(county, wish, "member1", "dual")
    proposing.recall(wish, county.by("clerk1b"), people=[county.dual_row.id])
    assert (states(wish), wish.full) == ([P.OPEN, P.WITHDRAWN], False)
    with pytest.raises(RuleBroken):
        proposing.recall(wish, county.by("clerk1"), people=[county.dual_row.id])


def _finish(county, wish):
    workflow.finish(wish, county.by("member2"), day=clock.today(), starts=dt.time(19), words="换了垫圈",
                    half_hours={claim.id: 2 for claim in wish.claims})  # fmt: skip


def _merge(county, wish):
    workflow.merge(wish, county.by("clerk1"), into_id=a_wish(county).id)


def _solve(county, wish):
    wish.level = Level.TOWN
    raising.solve(wish, county.by("chengguan"), organisation="自来水公司", task="换立管", due=clock.today())


ENDS = {
    "finish": ("claimed", _finish),
    "start": ("claimed", lambda county, wish: workflow.start(wish, county.by("member2"))),
    "close": ("claimed", lambda county, wish: workflow.close(wish, county.by("clerk1"), reason="改造水管")),
    "withdraw": ("published", lambda county, wish: workflow.withdraw(wish, resident_of(wish.id))),
    "merge": ("published", _merge),
    "solve": ("published", _solve),
}


@pytest.mark.parametrize("verb", list(ENDS))
def test_what_needs_no_answer_any_more_is_called_off(county, verb):
    state, act = ENDS[verb]
    wish = a_wish(county, state, leader="member2", helpers_needed=3)
    propose(county, wish, "member1")
    act(county, wish)
    assert states(wish) == [P.WITHDRAWN]
    assert "member1" in told()  # whose place is gone is not left to find out
    assert history.last(wish).verb == verb  # one line says all of it
    with pytest.raises(TooLate):
        proposing.accept(wish, county.by("member1"))


def test_a_wish_that_waits_again_keeps_its_invitations(county):
    wish = a_wish(county, "claimed", leader="member2", helpers_needed=2)
    propose(county, wish, "member1")
    workflow.release(wish, county.by("member2"))
    assert (wish.state, wish.full, places.free(wish), states(wish)) == (S.PUBLISHED, False, 1, [P.OPEN])


def test_nothing_is_asked_of_whoever_leaves(county):
    wish = a_wish(county)
    propose(county, wish, "member1")
    assert "待答复的 1 份心愿邀请取消" in places.foreseen(county.member1_row)
    row = registrations.current_of(county.member1_row.id)
    leaving.end(row, county.by("liaison1"), kind=EndKind.RETIRED, reason="到龄退休")
    db.session.commit()
    assert (wish.state, wish.full, states(wish)) == (S.PUBLISHED, False, [P.WITHDRAWN])
    line = history.last(wish)
    assert (line.verb, line.reason) == ("recall", "受邀人的报到已结束")


def test_who_has_enough_in_hand_is_told_and_the_place_stays_held(county):
    wish = a_wish(county)
    propose(county, wish, "member1")
    for _ in range(2):
        workflow.claim(a_wish(county), county.by("member1"))
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        proposing.accept(wish, county.by("member1"))
    assert refused.value.sentence.startswith("您已有 2 条心愿正在办理")
    db.session.rollback()
    assert states(wish) == [P.OPEN]


# ---- Not on the wall


def test_a_delicate_wish_is_seen_and_taken_by_the_invited_only(county, browse):
    wish = a_wish(county, title="陪我去看病", on_wall=False, helpers_needed=2)
    propose(county, wish, "member1")
    seen = {
        name: browse(county.users[name]).get(f"/wishes/{wish.number}").status_code
        for name in ("member1", "member2", "liaison1", "clerk1", "clerk2", "county")
    }
    assert seen == {"member1": 200, "member2": 404, "liaison1": 404, "clerk1": 200, "clerk2": 404, "county": 404}
    for move, name, asked in ((workflow.claim, "member2", {}),
                              (workflow.claim_for_unit, "liaison1", {"people": [county.dual_row.id]})):  # fmt: skip
        with pytest.raises(TooLate) as refused:
            move(wish, county.by(name), **asked)
        assert refused.value.sentence == "这条心愿不公开，只由社区邀请的党员办理。"
        db.session.rollback()
    proposing.accept(wish, county.by("member1"))
    db.session.commit()
    assert not workflow.claim.open_to(wish, county.by("member2"))
    assert not proposing.propose.open_to(wish, county.by("member1"))  # only clerks tell others of it


def test_who_declined_a_delicate_wish_does_not_see_it_any_more(county, browse):
    wish = a_wish(county, title="陪我去看病", on_wall=False)
    propose(county, wish, "member1")
    member = browse(county.users["member1"])
    answer = member.post(f"/wishes/{wish.number}/decline")
    assert (answer.status_code, answer.location) == (303, "/wishes/mine")
    assert member.get(f"/wishes/{wish.number}").status_code == 404


# ---- Whom it fits


def test_those_whom_it_fits_stand_first_each_with_the_reasons(county):
    friday = dt.date(2026, 5, 22)
    wish = a_wish(county, wanted_by=friday)  # 修一修漏水的水龙头, 便民利民, the first grid
    county.member2_row.grid_id = county.grid1.id
    card(county.member1_row, ("水电维修", "书法"), (Category.CONVENIENCE,), (FreeTime.EVENINGS, FreeTime.WEEKENDS))
    card(county.dual_row, ("理发",), (Category.CONVENIENCE,), (FreeTime.WEEKENDS,))
    a_wish(county, "claimed", leader="dual")
    found = candidates.who_may_be_asked(wish, county.by("clerk1"))
    assert [(one.name, one.why) for one in found] == [
        ("欧阳䶮", "特长匹配（水电维修）、服务意向一致（便民利民）、空闲时间合适（平日晚）、手上没有在办的心愿"),
        ("仇文博", "服务意向一致（便民利民）"),
        ("买买提·吐尔逊", "同一网格、手上没有在办的心愿"),
    ]


def _exempt(county):
    db.session.add(Exemption(member_id=county.member1_row.id, unit_id=county.unit1.id, reason="卧病",
                             state=ExemptionState.AGREED, asked_on=clock.today(), asked_by="高翔"))  # fmt: skip


def _deferred(county):
    db.session.add(Deferment(member_id=county.member1_row.id, unit_id=county.unit1.id, kind=DefermentKind.VILLAGE,
                             first="2026-05", last="2026-06", state=DefermentState.AGREED, asked_on=clock.today(),
                             asked_by="高翔", decided_on=clock.today(), decided_by="郭振华"))  # fmt: skip


def _busy(county):
    a_wish(county, "claimed")
    invite(county, a_wish(county), "member1")


def _own(county):
    county.member1_row.phone_index = a_wish(county).phone_index


@pytest.mark.parametrize("excuse", [_exempt, _deferred, _busy, _own])
def test_who_is_excused_busy_or_the_resident_is_not_asked(county, excuse):
    wish = a_wish(county)
    assert len(candidates.who_may_be_asked(wish, county.by("clerk1"))) == 3
    excuse(county)
    db.session.commit()
    assert [one.name for one in candidates.who_may_be_asked(wish, county.by("clerk1"))] == ["买买提·吐尔逊", "仇文博"]


def test_nobody_proposes_to_themselves_and_helpers_are_not_asked(county):
    wish = a_wish(county, "claimed", leader="member1", helpers_needed=3)
    county.appoint("dual", "仇文博", county.by("clerk1").role, community=county.community1)
    db.session.commit()
    both = county.by("dual", county.by("clerk1").role)
    assert [one.name for one in candidates.who_may_be_asked(wish, both)] == ["买买提·吐尔逊"]


def test_the_leader_invites_colleagues_and_reads_nothing_of_their_cards(county):
    wish = a_wish(county, "claimed", leader="member1", helpers_needed=3)
    neighbour = make_member(county.unit2, county.community1, "白文静", "13891701010")
    county.places["neighbour_row"] = neighbour
    register(county, "neighbour")
    card(county.member2_row, ("水电维修",), (Category.CONVENIENCE,))
    found = candidates.who_may_be_asked(wish, county.by("member1"))
    assert [(one.name, one.why) for one in found] == [("买买提·吐尔逊", "牵头人的同事"), ("仇文博", "牵头人的同事")]
    propose(county, wish, "member2", by="member1")
    with pytest.raises(NotYours):
        propose(county, wish, "dual", by="dual")


def test_why_a_colleague_declined_is_read_by_the_community_only(county, browse):
    wish = a_wish(county, "claimed", leader="member1", helpers_needed=3)
    propose(county, wish, "member2", by="member1")
    proposing.decline(wish, county.by("member2"), words="膝盖刚做过手术")
    db.session.commit()
    leader, clerk = (browse(county.users[name]).get(f"/wishes/{wish.number}").text for name in ("member1", "clerk1"))
    assert "已谢绝" in leader and "膝盖" not in leader
    assert "已谢绝" in clerk and "膝盖刚做过手术" in clerk


def test_a_community_of_five_hundred_is_looked_through_in_few_queries(county):
    registered_members(county, 1000)
    for member in db.session.scalars(select(Member).where(Member.name.startswith("党员"))).all()[:100]:
        member.grid_id = county.grid1.id
    wish, clerk = a_wish(county), county.by("clerk1")
    wish.title  # noqa: B018  # read again after the commit, apart from what is counted
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *heard: asked.append(heard[2]))
    assert len(candidates.who_may_be_asked(wish, clerk)) == 503
    assert len(asked) <= 6


# ---- Pages


def test_a_clerk_proposes_from_the_page_and_reads_the_answer(county, browse):
    card(county.member1_row, ("水电维修",))
    wish = a_wish(county)
    clerk = browse(county.users["clerk1"])
    page = clerk.get(f"/wishes/{wish.number}/propose")
    form = form_to(page.text, "/propose")
    assert texts(page, ".chip") == ["欧阳䶮（凤翔中学党支部）：特长匹配（水电维修）、手上没有在办的心愿"]
    assert "最多选 1 位，为他们保留 48 小时" in page.text
    assert form.choices["other"] == ["", str(county.member2_row.id), str(county.dual_row.id)]
    answer = clerk.post(form.action, data=form.filled(people=[str(county.member1_row.id)]))
    assert answer.status_code == 303
    browse(county.users["member1"]).post(f"/wishes/{wish.number}/decline", data={"words": "膝盖刚做过手术"})
    read = clerk.get(answer.location)
    rows = texts(read, "section tbody tr")
    assert len(rows) == 1 and "欧阳䶮" in rows[0] and "已谢绝" in rows[0] and "膝盖刚做过手术" in rows[0]


def test_asking_too_many_or_nobody_keeps_the_form_and_says_why(county, browse):
    wish = a_wish(county)
    clerk = browse(county.users["clerk1"])
    card(county.member1_row, ("水电维修",))
    one, another = str(county.member1_row.id), str(county.dual_row.id)
    for people, other, status, words in (
        ([], "", 409, "请从列出的党员中选择"),
        ([one], another, 409, "现在只空着 1 个名额"),
        ([another], "", 422, "请从列出的选项中选择"),
        ([one], str(county.member3_row.id), 422, "请从列出的选项中选择"),
    ):
        answer = clerk.post(f"/wishes/{wish.number}/propose", data={"people": people, "other": other})
        assert answer.status_code == status and words in answer.text
    db.session.expire_all()
    assert wish.proposals == []


def test_the_member_finds_it_on_the_desk_and_takes_it_by_one_click(county, browse):
    wish = a_wish(county, title="换一个灯泡")
    invite(county, wish, "member1")
    member = browse(county.users["member1"])
    assert "邀请您办理心愿：换一个灯泡名额保留到5月20日10:00" in " ".join(texts(member.get("/desk"), ".todo"))
    for address in ("/wishes/mine", f"/wishes/{wish.number}"):
        page = member.get(address)
        assert "同一网格" in texts(page, ".invitation")[0] and "2026年5月20日 10:00" in texts(page, ".invitation")[0]
        assert texts(page, ".invitation .button")[0].startswith("接受")
        assert not texts(page, ".button.claim")
    form = form_to(member.get("/wishes/mine").text, "/accept")
    answer = member.post(form.action, data=form.filled())
    assert (answer.status_code, answer.location) == (303, f"/wishes/{wish.number}")
    assert PHONE not in member.get(answer.location).text  # the look is a click of its own
    assert wish.claims[0].state is ClaimState.OPEN
    assert not texts(member.get("/wishes/mine"), ".invitation")


def test_others_read_on_the_wall_that_the_places_are_held(county, browse):
    wish = a_wish(county)
    invite(county, wish, "member1")
    page = browse(county.users["dual"]).get("/wishes")
    assert texts(page, f"#wish-{wish.id} .wish__stands") == ["名额正为受邀的党员保留"]
    assert not texts(page, f"#wish-{wish.id} .claim")
    refused = browse(county.users["dual"]).post(f"/wishes/{wish.number}/claim")
    assert refused.status_code == 409 and "正为受邀的党员保留" in refused.text


# ---- Who is told


def test_whoever_asked_is_told_the_answer_and_the_invited_that_it_is_called_off(county):
    wish = a_wish(county, helpers_needed=4)
    propose(county, wish, "member1", "member2", "dual")
    assert told() == set()  # what waits is a line of the desk
    proposing.accept(wish, county.by("member1"))
    proposing.decline(wish, county.by("member2"), words="出差")
    assert told() == {"clerk1"}
    assert [words for words in sentences("clerk1") if "出差" in words] == []
    proposing.recall(wish, county.by("clerk1"), people=[county.dual_row.id])
    assert told() == {"clerk1", "dual"}
    for act, words in zip(("接受邀请", "谢绝邀请"), sentences("clerk1"), strict=True):
        assert act in words
    assert "取消邀请" in sentences("dual")[0]


def test_a_closed_wish_and_an_invitation_run_out_are_told(county):
    wish, other = a_wish(county), a_wish(county)
    propose(county, wish, "member1")
    propose(county, other, "member2")
    sweeps.end_unanswered(UNTIL)
    assert "邀请到期" in sentences("clerk1")[0] and "欧阳䶮没有答复" in sentences("clerk1")[0]
    propose(county, wish, "member1")
    workflow.close(wish, county.by("clerk1b"), reason="改造水管")
    assert "答复办结" in sentences("member1")[0]
