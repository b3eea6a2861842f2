"""A team as helper: its leader claims and names who comes; each gets the hours of their own; the lead may change."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from portal import clock, history, numbers
from portal.actors import Role, resident_of
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.records.models import Evidence, RecordState, ServiceRecord
from portal.registrations import queries as registrations
from portal.registrations import workflow as reporting
from portal.registrations.models import EndKind
from portal.teams import workflow as teams
from portal.wishes import groups, ladder, looks, rights, wall, workflow
from portal.wishes.looks import Access
from portal.wishes.models import Claim, ClaimState, ProposalState, Wish, WishState
from portal.wishes.teaming import claim_for_team
from tests.lifecycles import LATE, NO, OK, answer
from tests.page_forms import form_to
from tests.pages import texts
from tests.registrations.test_at_once import at_once
from tests.teams.conftest import a_team, ids
from tests.wishes.making import PHONE, a_wish, invite, register
from tests.wishes.test_life_cycle import EVERYBODY, STATES, actor

S = WishState
SATURDAY = dt.datetime(2026, 5, 16, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def saturday():
    with time_machine.travel(SATURDAY, tick=False):
        yield


@pytest.fixture
def team(county):
    """A team of community1: member1 leads, member2 and the dual one belong to it."""
    return a_team(county, "member1", "member2", "dual", leader="member1")


def taken(cast, team, *names: str, **more) -> Wish:
    wish = a_wish(cast, **({"helpers_needed": 3} | more))
    claim_for_team(wish, cast.by("member1"), team_id=team.id, people=ids(cast, *names))
    db.session.commit()
    return wish


def other_team(cast):
    """A team of community2, which member3 leads alone."""
    team = teams.found(cast.community2, cast.by("clerk2"), "凤鸣服务队")
    teams.recommend(team, cast.by("clerk2"), people=ids(cast, "member3"))
    teams.appoint(team, cast.by("clerk2"), member_id=cast.member3_row.id)
    db.session.commit()
    return team


def test_leaders_claim_from_published_and_claimed_and_nobody_else_does(county, team):
    other = other_team(county)
    for state in STATES:
        wish = a_wish(county, state, leader="member2", helpers_needed=4)
        may = {"member1", "member3"} if state in ("published", "claimed") else set()
        given = {}
        for name in EVERYBODY:
            own, comes = (other, "member3") if name == "member3" else (team, "dual")
            asked = {"team_id": own.id, "people": ids(county, comes)}
            given[name] = answer(claim_for_team, wish, actor(county, name, wish), **asked)
        expected = {n: OK if n in may else LATE if n in ("member1", "member3") else NO for n in EVERYBODY}
        assert given == expected, state


# While a team holds the leading place with member2 and the dual one, and one place is free: who may make each move.
HELD = {
    "finish": {"member1"}, "extend": {"member1"}, "start": {"member1"}, "release": {"member1"}, "claim": {"member3"},
    "claim_for_team": {"member3"}, "claim_for_unit": {"liaison1", "liaison2"},
}  # fmt: skip


@pytest.mark.parametrize("leader", ["member1", "member2"])
def test_what_the_team_holds_its_present_leader_answers_for(county, team, leader):
    other, wish = other_team(county), taken(county, team, "member2", "dual", helpers_needed=4)
    expected = HELD
    if leader == "member2":  # replaced in the middle of it: the old leader may help as everybody may
        teams.appoint(team, county.by("clerk1"), member_id=county.member2_row.id)
        db.session.commit()
        expected = {verb: {"member2"} if may == {"member1"} else may for verb, may in HELD.items()}
        expected |= {"claim": {"member1", "member3"}, "claim_for_team": {"member3"}}
    people = (*(n for n in EVERYBODY if n not in ("resident", "stranger", "system")), "liaison2")
    asked = {
        "finish": {"day": clock.today(), "starts": dt.time(9), "people_hours": {wish.claims[0].people[0].id: 2}},
        "extend": {"reason": "配件要等一周"},
        "claim_for_team": {"team_id": other.id, "people": ids(county, "member3")},
    }
    newcomer = county.newcomer_row  # of unit2, as member3 is
    register(county, "newcomer")
    for verb, may in expected.items():
        found = set()
        for name in people:
            sent = {"people": [newcomer.id] if name == "liaison2" else ids(county, "member1")}
            arguments = sent if verb == "claim_for_unit" else asked.get(verb, {})
            if answer(workflow.flow.moves[verb], wish, county.by(name), **arguments) == OK:
                found.add(name)
        assert found - {"newcomer"} == may, verb


def test_a_place_held_for_the_leader_is_the_leaders_own_and_not_the_teams(county, team):
    wish = a_wish(county, helpers_needed=1)
    invite(county, wish, "member1")
    asked = {"team_id": team.id, "people": ids(county, "member2", "dual")}
    assert not claim_for_team.open_to(wish, county.by("member1"))
    with pytest.raises(TooLate) as refused:
        claim_for_team(wish, county.by("member1"), **asked)
    assert "正为受邀的党员保留" in refused.value.sentence
    db.session.rollback()
    assert workflow.claim.open_to(wish, county.by("member1"))


def test_of_a_delicate_wish_the_invited_leader_brings_nobody(county, team):
    wish = a_wish(county, on_wall=False, helpers_needed=3)
    invite(county, wish, "member1")
    with pytest.raises(TooLate) as refused:
        claim_for_team(wish, county.by("member1"), team_id=team.id, people=ids(county, "member2"))
    assert refused.value.sentence == "这条心愿不公开，只由社区邀请的党员办理。"


def test_who_comes_for_the_team_has_answered_their_invitation(county, team):
    wish = a_wish(county, helpers_needed=3)
    invite(county, wish, "member2")
    claim_for_team(wish, county.by("member1"), team_id=team.id, people=ids(county, "member2", "dual"))
    db.session.commit()
    assert (wish.invitations, wish.proposals[0].state, wish.full) == ([], ProposalState.ACCEPTED, False)


def test_the_team_takes_as_many_places_as_people_come(county, team):
    wish = taken(county, team, "member2", "dual")
    claim = wish.claims[0]
    assert (wish.state, wish.full, wish.finish_by) == (S.CLAIMED, False, dt.date(2026, 6, 5))
    assert (claim.team, claim.unit_id, claim.member_id, claim.heads, claim.leads) == (team, None, None, 2, True)
    assert (claim.name, wall.one(wish.number).helpers) == ("水电维修服务队", 2)
    workflow.claim(wish, county.by("member3"))
    assert (wish.full, [each.place for each in wish.open_claims]) == (True, [1, 2])


@pytest.mark.parametrize("people", [(), ("member3",), ("member1", "newcomer")])
def test_only_members_of_the_team_come(county, team, people):
    with pytest.raises(RuleBroken) as refused:
        taken(county, team, *people)
    assert refused.value.sentence == "请从本队已报到的党员中选择来的人。"


def test_a_leader_claims_for_no_other_team(county, team):
    for which in (other_team(county).id, 999_999):
        with pytest.raises(RuleBroken) as refused:
            claim_for_team(a_wish(county), county.by("member1"), team_id=which, people=ids(county, "member1"))
        assert refused.value.sentence == "请选择您带领的服务队。"
        db.session.rollback()


def test_nobody_comes_twice_and_nobody_for_their_own_wish(county, team):
    wish = a_wish(county, "claimed", leader="member2", helpers_needed=4)
    with pytest.raises(RuleBroken, match="已经认领了这条心愿"):
        claim_for_team(wish, county.by("member1"), team_id=team.id, people=ids(county, "member1", "member2"))
    db.session.rollback()
    own = a_wish(county, phone_index=None)
    own.phone_index = county.dual_row.phone_index
    db.session.commit()
    with pytest.raises(RuleBroken, match="许愿人本人"):
        claim_for_team(own, county.by("member1"), team_id=team.id, people=ids(county, "dual"))


def test_the_leader_reports_and_each_gets_the_hours_of_their_own_home_and_unit(county, team):
    wish = taken(county, team, "member1", "member2", "dual", helpers_needed=3)
    first, second, _ = wish.claims[0].people
    spent = {"day": clock.today(), "starts": dt.time(9), "people_hours": {first.id: 3, second.id: 4}}
    for name in ("member2", "member3", "liaison1", "clerk1"):
        with pytest.raises(NotYours):
            workflow.finish(wish, county.by(name), **spent)
    workflow.finish(wish, county.by("member1"), **spent)
    workflow.confirm(wish, resident_of(wish.id), rating=5)
    db.session.commit()
    records = db.session.scalars(select(ServiceRecord).order_by(ServiceRecord.id)).all()
    assert [(r.member.name, r.half_hours, r.state, r.evidence) for r in records] == [
        ("欧阳䶮", 3, RecordState.CONFIRMED, Evidence.SERVED),
        ("买买提·吐尔逊", 4, RecordState.CONFIRMED, Evidence.SERVED),
    ]
    assert {(r.unit_id, r.community_id, r.place_id) for r in records} == {
        (county.unit1.id, county.community1.id, county.community1.id)
    }
    assert {(r.recorded_by, r.recorded_by_user_id, r.recorded_by_member_id) for r in records} == {
        ("水电维修服务队 欧阳䶮", county.users["member1"].id, county.member1_row.id)
    }


def test_a_clerk_who_came_with_the_team_or_reported_for_it_does_not_confirm(county, team):
    for name in ("member1", "member2"):
        county.appoint(name, county.users[name].name, Role.CLERK, community=county.community1)
    wish = taken(county, team, "member2")
    person = wish.claims[0].people[0]
    workflow.finish(wish, county.by("member1"), day=clock.today(), starts=dt.time(9), people_hours={person.id: 2})
    apart = {name: rights.clerk_apart(wish, county.by(name, Role.CLERK)) for name in ("clerk1", "member1", "member2")}
    assert apart == {"clerk1": True, "member1": False, "member2": False}


def test_a_new_leader_carries_on_what_the_old_one_began(county, team):
    wish = taken(county, team, "member1", "dual")
    teams.leave(team, county.by("member1"))  # who also comes no more: the place is free again
    db.session.commit()
    assert (wish.state, [p.member.name for p in wish.claims[0].people]) == (S.CLAIMED, ["仇文博"])
    nobody = [n for n in EVERYBODY if n not in ("resident", "stranger", "system") if rights.leader(wish, county.by(n))]
    assert nobody == []
    teams.appoint(team, county.by("clerk1"), member_id=county.dual_row.id)
    db.session.commit()
    person = wish.claims[0].people[0]
    workflow.finish(wish, county.by("dual"), day=clock.today(), starts=dt.time(9), people_hours={person.id: 2})
    assert wish.done_by_user_id == county.users["dual"].id


def test_what_nobody_leads_any_more_the_clerk_takes_back_at_once(county, team):
    wish = taken(county, team, "member2")
    assert not workflow.revoke.open_to(wish, county.by("clerk1"))
    teams.leave(team, county.by("member1"))
    db.session.commit()
    assert workflow.revoke.open_to(wish, county.by("clerk1"))
    workflow.revoke(wish, county.by("clerk1"), reason="服务队没有队长")
    assert (wish.state, wish.claims[0].state) == (S.PUBLISHED, ClaimState.REVOKED)


def test_reopened_the_same_team_goes_on(county, team):
    wish = taken(county, team, "member2")
    person = wish.claims[0].people[0]
    workflow.finish(wish, county.by("member1"), day=clock.today(), starts=dt.time(9), people_hours={person.id: 2})
    workflow.reopen(wish, resident_of(wish.id), reason="还在漏")
    assert (wish.claims[0].state, person.half_hours, wish.state) == (ClaimState.OPEN, None, S.CLAIMED)
    workflow.release(wish, county.by("member1"))
    assert (wish.state, wish.full, wish.claims[0].state) == (S.PUBLISHED, False, ClaimState.RELEASED)


@pytest.mark.parametrize("how", ["leave", "remove", "retire"])
def test_who_leaves_comes_no_more_and_the_last_one_gives_the_place_back(county, team, how):
    wish = taken(county, team, "member2", "dual")
    why = {"retire": "派来的人的报到已结束"}.get(how, "已退出服务队")
    for name, stands in (("member2", (S.CLAIMED, 1)), ("dual", (S.PUBLISHED, 0))):
        row = county.places[f"{name}_row"]
        if how == "leave":
            teams.leave(team, county.by(name, Role.MEMBER))
        elif how == "remove":
            teams.remove(team, county.by("clerk1"), member_id=row.id, reason="长期外出")
        else:
            kind, why_not = EndKind.RETIRED, "到龄退休"
            reporting.end(registrations.current_of(row.id), county.by("liaison1"), kind=kind, reason=why_not)
        db.session.commit()
        assert (wish.state, sum(claim.heads for claim in wish.open_claims)) == stands
        assert (history.last(wish).label, history.last(wish).reason) == ("不再同来", why)
    lines = [line.verb for line in history.of(wish)]
    assert lines == ["claim_for_team", "release", "release"]


def test_who_moves_house_leaves_the_team_and_still_comes_as_promised(county, team):
    wish = taken(county, team, "member2")
    for _ in range(4):  # of those who are registered
        numbers.draw("receipt", 2026)
    row, liaison = registrations.current_of(county.member2_row.id), county.by("liaison1")
    reporting.relocate(row, liaison, community_id=county.community2.id, address="西关街8号")
    reporting.accept(registrations.in_progress_of(county.member2_row.id), county.by("clerk2"))
    db.session.commit()
    assert team.membership_of(county.member2_row.id) is None
    assert [p.member.name for p in wish.claims[0].people] == ["买买提·吐尔逊"]


def test_a_team_disbanded_gives_back_all_it_holds_and_says_so_beforehand(county, team):
    wish, other = taken(county, team, "member2"), a_wish(county, "claimed", leader="member3", helpers_needed=2)
    claim_for_team(other, county.by("member1"), team_id=team.id, people=ids(county, "dual"))
    db.session.commit()
    assert teams.foreseen(team)[1] == f"认领的 2 条微心愿退回，名额重新开放：{wish.number}、{other.number}。"
    teams.end(team, county.by("clerk1"), reason="并入便民服务队")
    db.session.commit()
    assert [(each.state, len(each.open_claims)) for each in (wish, other)] == [(S.PUBLISHED, 0), (S.CLAIMED, 1)]
    assert history.last(wish).reason == "服务队已解散"


def test_the_contact_is_for_the_leader_and_those_who_come_while_the_claim_lasts(county, team):
    wish = taken(county, team, "member2")
    people = ("member1", "member2", "dual", "member3", "liaison1", "clerk2")
    access = {name: looks.access(wish, county.by(name)) for name in people}
    assert access == dict.fromkeys(people) | {"member1": Access.CASE, "member2": Access.CASE}
    teams.appoint(team, county.by("clerk1"), member_id=county.dual_row.id)
    db.session.commit()
    access = {name: looks.access(wish, county.by(name)) for name in people}
    assert access == dict.fromkeys(people) | {"dual": Access.CASE, "member2": Access.CASE}


def test_a_team_and_a_member_press_for_the_last_place_at_once(app, county, team):
    key, which, people = a_wish(county, "claimed", leader="member2", helpers_needed=2).id, team.id, ids(county, "dual")
    leader, member = county.by("member1"), county.by("member3")
    db.session.rollback()
    answers = at_once(
        app,
        lambda: claim_for_team(db.session.get(Wish, key), leader, team_id=which, people=people),
        lambda: workflow.claim(db.session.get(Wish, key), member),
    )
    assert answers.count("done") == 1
    first = ("凤翔中学党支部 欧阳䶮", "本队认领") if answers[0] == "done" else ("县医院党总支 单雪", "认领")
    assert f"{first[0]}已先“{first[1]}”" in next(answer for answer in answers if answer != "done")
    held = select(func.count()).where(Claim.wish_id == key, Claim.state == ClaimState.OPEN)
    assert db.session.scalar(held) == 2


def test_one_leader_presses_twice_at_once(app, county, team):
    key, which, people = a_wish(county, helpers_needed=4).id, team.id, ids(county, "dual", "member2")
    leader = county.by("member1")
    db.session.rollback()
    answers = at_once(
        app,
        *(
            lambda one=one: claim_for_team(db.session.get(Wish, key), leader, team_id=which, people=[one])
            for one in people
        ),
    )
    assert answers.count("done") == 1


def test_full_is_said(county, team):
    wish = a_wish(county, "claimed", leader="member3")
    with pytest.raises(TooLate):
        claim_for_team(wish, county.by("member1"), team_id=team.id, people=ids(county, "member1"))


# ---- Pages


def test_the_leader_claims_from_the_page_and_reports(county, team, browse):
    wish = a_wish(county, helpers_needed=2)
    leader = browse(county.users["member1"])
    page = leader.get(f"/wishes/{wish.number}")
    assert texts(page, ".claim_for_team") == ["本队认领"]
    assert texts(browse(county.users["member2"]).get(f"/wishes/{wish.number}"), ".claim_for_team") == []
    form = form_to(leader.get(f"/wishes/{wish.number}/claim_for_team").text, "/claim_for_team")
    assert form.values["team_id"] == str(team.id)
    assert set(form.choices["people"]) == {str(one) for one in ids(county, "member1", "member2", "dual")}
    assert leader.post(form.action, data=form.values).status_code == 422
    form = form_to(leader.get(f"/wishes/{wish.number}/claim_for_team").text, "/claim_for_team")
    who = [str(one) for one in ids(county, "member1", "member2")]
    sent = leader.post(form.action, data=form.values | {"people": who})
    assert (sent.status_code, sent.location) == (303, f"/wishes/{wish.number}")
    page = leader.get(sent.location)
    assert texts(page, "main .stack > .buttons .button") == ["办理完成", "延期", "放弃认领"]
    assert "随水电维修服务队同来" in page.text and PHONE not in page.text
    db.session.expire_all()
    first, second = wish.claims[0].people
    report = {"day": "2026-05-16", "starts": "09:00", f"person_{first.id}": "3", f"person_{second.id}": "0"}
    assert leader.post(f"/wishes/{wish.number}/finish", data=report).status_code == 303
    db.session.expire_all()
    assert (wish.state, first.half_hours, second.half_hours) == (S.DONE, 3, None)
    page = leader.get("/wishes/team")
    assert texts(page, "tbody th") == ["修一修漏水的水龙头"] and texts(page, 'td[data-label="来的人"]') == ["欧阳䶮"]


def test_who_leads_two_teams_says_which_and_its_members_only_come(county, team, browse):
    second = a_team(county, "member1", "dual", leader="member1", name="法律服务队")
    wish, leader = a_wish(county, helpers_needed=2), browse(county.users["member1"])
    page = leader.get(f"/wishes/{wish.number}/claim_for_team").text
    form = form_to(page, "/claim_for_team")
    assert form.values["team_id"] == "" and form.choices["team_id"] == ["", str(team.id), str(second.id)]
    assert "买买提·吐尔逊（水电维修服务队）" in page
    member2 = str(county.member2_row.id)
    wrong = leader.post(form.action, data=form.filled(team_id=str(second.id), people=member2))
    assert wrong.status_code == 409 and "请从本队已报到的党员中选择来的人。" in wrong.text
    form = form_to(leader.get(f"/wishes/{wish.number}/claim_for_team").text, "/claim_for_team")
    assert leader.post(form.action, data=form.filled(team_id=str(team.id), people=member2)).status_code == 303


def test_what_the_team_has_in_hand_stands_where_it_is_looked_for(county, team, browse):
    taken(county, team, "member2", title="帮忙搬家")
    words = {
        name: texts(browse(county.users[name]).get("/wishes/mine"), ".todo__words") for name in ("member1", "member2")
    }
    assert words["member1"][0].endswith("水电维修服务队，您是队长")
    assert words["member2"][0].endswith("水电维修服务队，随队来")
    assert browse(county.users["dual"]).get("/wishes/mine").text.count("帮忙搬家") == 0
    assert texts(browse(county.users["member1"]).get("/wishes/team"), ".todo__words")[0].startswith("帮忙搬家")
    for name in ("dual", "clerk1", "liaison1"):
        page = browse(county.users[name]).get(f"/teams/{team.id}")
        assert texts(page, ".todo__words") == ["帮忙搬家2026年6月5日前办好 · 来 1 人"], name
    assert texts(browse(county.users["member1"]).get("/desk"), ".todo__words")[0] == "办理心愿：帮忙搬家6月5日前办完"


def test_after_fifteen_days_it_stands_on_the_leaders_desk(county, team, browse):
    old = SATURDAY - dt.timedelta(days=15)
    a_wish(county, title="等久了的", published_at=old)
    a_wish(county, title="十四天的", published_at=SATURDAY - dt.timedelta(days=14))
    a_wish(county, title="悄悄的", published_at=old, on_wall=False)
    a_wish(county, title="别处的", published_at=old, community_id=county.community2.id, grid_id=None)
    other_team(county)
    patience = ladder.patience(clock.today())
    people = ("member1", "member2", "member3")
    found = {n: [w.title for w in groups.long_waiting(county.by(n), patience)] for n in people}
    assert found == {"member1": ["等久了的"], "member2": [], "member3": ["别处的"]}
    lines = {
        n: [w for w in texts(browse(county.users[n]).get("/desk"), ".todo__words") if "等了15天" in w] for n in people
    }
    assert lines == {
        "member1": ["等了15天还没人认领的微心愿（您带领的服务队所在社区）最早 5月1日"], "member2": [],
        "member3": ["等了15天还没人认领的微心愿（您带领的服务队所在社区）最早 5月1日"],
    }  # fmt: skip
    page = browse(county.users["member1"]).get("/wishes/team")
    assert len(texts(page, ".todo__words")) == 1 and "十四天的" not in page.text
    nothing = browse(county.users["member2"]).get("/wishes/team")
    assert nothing.status_code == 200 and "您没有带领服务队" in nothing.text


def test_a_recommendation_stays_once_the_member_was_sent_to_a_wish(county, team):
    register(county, "newcomer")
    clerk = county.by("clerk1")
    teams.recommend(team, clerk, people=ids(county, "newcomer"))
    db.session.commit()
    assert teams.flow.undo.open_to(team, clerk)
    wish = taken(county, team, "newcomer")
    with pytest.raises(RuleBroken) as refused:
        teams.flow.undo(team, clerk)
    assert refused.value.sentence == f"推荐的队员已随本队办理微心愿 {wish.number}，不能撤销。"
