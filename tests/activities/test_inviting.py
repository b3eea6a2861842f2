"""Teams asked to come, places kept for them, the leader who signs up for them, and single members to stand in."""

import datetime as dt

import pytest
from sqlalchemy import select

from portal import clock
from portal.activities import holds, inviting, signing, standing_in, sweeps, workflow
from portal.activities.models import ActivityState, Invitation
from portal.actors import SYSTEM
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import flow_of
from portal.labels import Category
from portal.messages.models import Message
from portal.registrations import cards
from portal.registrations.cards import CardFacts
from portal.teams import workflow as teaming
from tests.activities.making import an_activity, on_list, states, verbs
from tests.cast import make_member
from tests.crowds import registration
from tests.lifecycles import LATE, NO, OK, answer
from tests.page_forms import form_to
from tests.pages import texts

EVERYBODY = ("county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
             "clerk1b", "clerk2", "grid1", "member1", "member2", "member3", "dual", "newcomer", "system")  # fmt: skip
STATES = ("draft", "published", "held", "settled", "cancelled")
CLERKS = {"clerk1", "clerk1b"}
# verb: who may while people sign up; nobody later.
TABLE = {
    "invite_team": CLERKS, "ask_member": CLERKS | {"member1"}, "sign_up_team": {"member1"}, "free_held": {"system"},
}  # fmt: skip


def a_team(county, *names: str, leader: str = "", name: str = "保洁服务队", community: str = "community1", **more):
    clerk = county.by("clerk1" if community == "community1" else "clerk2")
    team = teaming.found(county.places[community], clerk, **({"name": name} | more))
    if names:
        teaming.recommend(team, clerk, people=[county.places[f"{each}_row"].id for each in names])
    if leader:
        teaming.appoint(team, clerk, member_id=county.places[f"{leader}_row"].id)
    db.session.commit()
    return team


def told(county, name: str) -> list[str]:
    rows = select(Message.sentence).where(Message.user_id == county.users[name].id).order_by(Message.id)
    return [each for each in db.session.scalars(rows) if "活动" in each]


def asked(county, verb: str, team) -> dict:
    return {
        "invite_team": {"team_id": team.id, "held": 1, "held_until": clock.today() + dt.timedelta(days=2)},
        "ask_member": {"member_id": county.paper_row.id},
        "sign_up_team": {"people": [county.dual_row.id]},
    }.get(verb, {})


@pytest.mark.parametrize("state", STATES)
def test_who_may_from_which_state(county, state):
    team = a_team(county, "member1", "member2", "dual", "paper", leader="member1")
    activity = an_activity(county, capacity=5)
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id)
    activity.state = ActivityState(state)
    db.session.commit()
    for verb, may in TABLE.items():
        move = workflow.flow.moves[verb]
        actors = {name: SYSTEM if name == "system" else county.by(name) for name in EVERYBODY}
        given = {name: answer(move, activity, by, **asked(county, verb, team)) for name, by in actors.items()}
        in_time = OK if state == "published" else LATE
        assert given == {name: in_time if name in may else NO for name in EVERYBODY}, verb


def test_a_team_is_told_and_its_members_see_it_first(county, browse):
    team = a_team(county, "member1", "member2", leader="member1")
    activity = an_activity(county)
    on_list(county, activity, "member2")
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get(f"/activities/{activity.number}/invite_team").text, "/invite_team")
    assert "held" not in form.names  # nothing to keep where everybody may come
    assert clerk.post(form.action, data=form.filled(team_id=str(team.id))).status_code == 303
    line = f"志愿服务活动“清扫儒林苑楼道”（{activity.number}）：邀请服务队（儒林社区 王秀兰）。"
    assert told(county, "member1") == [f"{line}保洁服务队：6月27日 09:00–11:00，儒林苑南门。能来的请报名。"]
    assert told(county, "member2") == []  # on the list already
    member = browse(county.users["member1"])
    activity.sign_up_by = clock.today() - dt.timedelta(days=1)
    db.session.commit()
    assert texts(member.get("/activities"), "#asked li") == []  # too late to sign up
    activity.sign_up_by = None
    db.session.commit()
    for address in ("/activities", "/activities/mine"):
        assert "清扫儒林苑楼道" in texts(member.get(address), "#asked .todo__words")[0]
        assert texts(browse(county.users["dual"]).get(address), "#asked li") == []
    member.post(f"/activities/{activity.number}/sign_up")
    assert texts(member.get("/activities"), "#asked li") == []
    assert "保洁服务队" in clerk.get(f"/activities/{activity.number}").text


def test_asked_again_the_number_is_changed_and_nobody_is_told_twice(county):
    team, activity = a_team(county, "member1", leader="member1"), an_activity(county, capacity=3)
    until = clock.today() + dt.timedelta(days=3)
    for held in (2, 1):
        inviting.invite_team(activity, county.by("clerk1"), team_id=team.id, held=held, held_until=until)
        db.session.commit()
        assert (activity.held_back, activity.places_left) == (held, 3 - held)
    assert len(told(county, "member1")) == 1 and len(holds.of(activity)) == 1


@pytest.mark.parametrize(
    ("facts", "asked_for", "sentence"),
    [
        ({"capacity": None}, {"held": 1, "held_until": 2}, "不限名额的活动不用保留名额。"),
        ({"capacity": 3}, {"held": 1}, "请写明名额保留到哪一天：今天以后、活动以前。"),
        ({"capacity": 3}, {"held": 1, "held_until": 7}, "请写明名额保留到哪一天：今天以后、活动以前。"),
        ({"capacity": 3}, {"held": 1, "held_until": -1}, "请写明名额保留到哪一天：今天以后、活动以前。"),
        ({"capacity": 3}, {"held": 4, "held_until": 2}, "现在只空着 3 个名额，保留的不能更多。"),
    ],
)
def test_places_that_can_t_be_kept(county, facts, asked_for, sentence):
    team, activity = a_team(county, "member1"), an_activity(county, **facts)
    if "held_until" in asked_for:
        asked_for = asked_for | {"held_until": clock.today() + dt.timedelta(days=asked_for["held_until"])}
    with pytest.raises(RuleBroken) as refused:
        inviting.invite_team(activity, county.by("clerk1"), team_id=team.id, **asked_for)
    assert refused.value.sentence == sentence


def test_a_team_of_another_community_or_disbanded_is_none(county):
    other, gone = a_team(county, community="community2"), a_team(county, name="文艺队")
    teaming.end(gone, county.by("clerk1"), reason="没有人参加")
    for team in (other, gone):
        with pytest.raises(RuleBroken):
            inviting.invite_team(an_activity(county), county.by("clerk1"), team_id=team.id)
        db.session.rollback()
    inviting.invite_team(an_activity(county, home=None), county.by("county"), team_id=other.id)


def test_kept_places_are_for_the_team_until_the_day_then_for_who_waits(county, time_machine):
    team = a_team(county, "member1", "member2", leader="member1")
    activity = an_activity(county, capacity=2)
    until = clock.today() + dt.timedelta(days=2)
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id, held=2, held_until=until)
    signing.sign_up(activity, county.by("dual"))
    signing.sign_up(activity, county.by("member1"))
    db.session.commit()
    assert states(activity) == {"仇文博": "waitlisted", "欧阳䶮": "signed_up"}
    assert (activity.held_back, activity.places_left) == (1, 0)
    signing.withdraw(activity, county.by("member1"), reason="加班")  # what was the team's is kept for it again
    db.session.commit()
    assert (activity.held_back, states(activity)["仇文博"]) == (2, "waitlisted")
    signing.sign_up(activity, county.by("member2"))
    db.session.commit()
    time_machine.move_to(clock.moment_of("2026-06-23T08:00"))
    sweeps.free_held_places(clock.now())
    sweeps.free_held_places(clock.now())
    db.session.commit()
    assert (activity.held_back, states(activity)) == (
        0, {"仇文博": "signed_up", "欧阳䶮": "cancelled", "买买提·吐尔逊": "signed_up"},
    )  # fmt: skip
    assert "空出名额，您已报上名" in told(county, "dual")[0]


def test_a_team_that_is_disbanded_leaves_its_places_to_who_waits(county):
    team = a_team(county, "member1", leader="member1")
    activity = an_activity(county, capacity=1)
    until = clock.today() + dt.timedelta(days=2)
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id, held=1, held_until=until)
    signing.sign_up(activity, county.by("dual"))
    db.session.commit()
    assert f"活动 {activity.number} 为本队保留的名额放开。" in teaming.foreseen(team)
    teaming.end(team, county.by("clerk1"), reason="重新组建")
    db.session.commit()
    assert (activity.held_back, states(activity)) == (0, {"仇文博": "signed_up"})
    assert verbs(activity)[-2:] == ["free_held", "move_up"]
    flow_of(team).undo(team, county.by("clerk1"))
    db.session.commit()
    assert (activity.held_back, states(activity)) == (1, {"仇文博": "waitlisted"})


def test_fewer_places_leave_fewer_to_keep(county):
    team, activity = a_team(county, "member1"), an_activity(county, capacity=5)
    until = clock.today() + dt.timedelta(days=2)
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id, held=4, held_until=until)
    facts = {"place": activity.place, "detail": activity.detail, "sign_up_by": None, "urgent": False}
    workflow.correct(activity, county.by("clerk1"), capacity=2, **facts)
    assert (activity.held_back, activity.places_left) == (2, 0)
    workflow.correct(activity, county.by("clerk1"), capacity=6, **facts)
    assert (activity.held_back, activity.places_left) == (4, 2)


def test_without_kept_places_nobody_passes_who_waits(county):
    team = a_team(county, "member1", leader="member1")
    activity = an_activity(county, capacity=1)
    on_list(county, activity, "member2")
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id)
    signing.sign_up(activity, county.by("dual"))
    signing.sign_up(activity, county.by("member1"))
    signing.withdraw(activity, county.by("member2"), reason="加班")
    db.session.commit()
    assert states(activity) == {"买买提·吐尔逊": "cancelled", "仇文博": "signed_up", "欧阳䶮": "waitlisted"}


def test_a_leader_signs_up_those_who_said_yes_and_each_may_withdraw(county, browse):
    team = a_team(county, "member1", "member2", "dual", leader="member1")
    activity = an_activity(county, capacity=5)
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id)
    db.session.commit()
    leader = browse(county.users["member1"])
    form = form_to(leader.get(f"/activities/{activity.number}/sign_up_team").text, "/sign_up_team")
    assert sorted(form.choices["people"]) == sorted([str(county.member2_row.id), str(county.dual_row.id)])
    assert leader.post(form.action, data=form.filled(people=form.choices["people"])).status_code == 303
    assert states(activity) == {"买买提·吐尔逊": "signed_up", "仇文博": "signed_up"}
    assert all(each.stand_in for each in activity.sign_ups)
    assert "队长已为您报名" in told(county, "dual")[-1]
    signing.withdraw(activity, county.by("dual"), reason="加班")
    db.session.commit()
    assert states(activity)["仇文博"] == "cancelled"
    for name in ("member2", "dual", "clerk1"):
        with pytest.raises(NotYours):
            inviting.sign_up_team(activity, county.by(name), people=[county.paper_row.id])
        db.session.rollback()
    with pytest.raises(RuleBroken):  # not of the team
        inviting.sign_up_team(activity, county.by("member1"), people=[county.paper_row.id])


def test_who_could_stand_in_is_proposed_when_nobody_waits(county, browse):
    a_team(county, "member2", "dual", name="环保队", category=Category.ENVIRONMENT)
    a_team(county, "paper", name="文艺队", category=Category.CULTURE)
    cards.fill(county.dual_row, county.by("dual"),
               CardFacts((), (Category.ENVIRONMENT,), (), None, "13891701004", "东街1号"))  # fmt: skip
    activity = an_activity(county, capacity=1)
    on_list(county, activity, "member1")
    on_list(county, activity, "member3", state="cancelled")
    db.session.commit()
    clerk = browse(county.users["clerk1"])
    page = f"/activities/{activity.number}"
    assert texts(clerk.get(page), "#stand-ins tbody th") == []  # all places are taken
    signing.withdraw(activity, county.by("member1"), reason="加班")
    db.session.commit()
    found = clerk.get(page)
    assert texts(found, "#stand-ins tbody th") == ["仇文博", "买买提·吐尔逊"]
    assert texts(found, '#stand-ins td[data-label="合适在哪里"]')[0] == "服务意向一致（环境保护）"
    sent = clerk.post(f"{page}/ask_member", data={"member_id": str(county.dual_row.id)})
    assert sent.status_code == 303
    assert texts(clerk.get(page), "#stand-ins .tag") == ["已邀请"]
    assert "邀请顶替" in told(county, "dual")[-1]
    assert "清扫儒林苑楼道" in texts(browse(county.users["dual"]).get("/activities"), "#asked .todo__words")[0]
    for name in ("dual", "member1"):  # asked already; not the clerk's to see, and who withdrew is not asked again
        assert texts(browse(county.users[name]).get(page), "#stand-ins") == []
    with pytest.raises(RuleBroken, match="已经邀请过"):
        inviting.ask_member(activity, county.by("clerk1"), member_id=county.dual_row.id)


def test_a_leader_asks_of_the_own_team_and_reads_no_cards(county):
    team = a_team(county, "member1", "member2", leader="member1")
    a_team(county, "dual", name="环保队", category=Category.ENVIRONMENT)
    activity = an_activity(county, capacity=2)
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id)
    db.session.commit()
    assert [(each.name, each.why) for each in standing_in.proposed(activity, county.by("member1"))] == [
        ("买买提·吐尔逊", "")
    ]
    assert standing_in.proposed(activity, county.by("member2")) == []
    inviting.ask_member(activity, county.by("member1"), member_id=county.member2_row.id)
    assert db.session.scalar(select(Invitation.by_name).where(Invitation.member_id.is_not(None))) == (
        "凤翔中学党支部 欧阳䶮"
    )


def test_a_leader_reads_no_name_beyond_the_own_team(county, browse):
    team = a_team(county, "member1", "member2", leader="member1")
    activity = an_activity(county, capacity=2)
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id)
    db.session.commit()
    leader, address = browse(county.users["member1"]), f"/activities/{activity.number}/ask_member"
    answer = leader.post(address, data={"member_id": str(county.dual_row.id)})
    assert answer.status_code == 422 and "仇文博" not in answer.text
    with pytest.raises(RuleBroken, match="从本队"):
        inviting.ask_member(activity, county.by("member1"), member_id=county.dual_row.id)
    db.session.rollback()
    assert leader.post(address, data={"member_id": str(county.member2_row.id)}).status_code == 303


def test_stand_ins_are_a_few_whatever_the_team(county):
    team = a_team(county, name="环保队", category=Category.ENVIRONMENT)
    for number in range(12):
        member = make_member(county.unit2, county.community1, f"党员{number:02}", f"1399170{number:04}")
        db.session.add(registration(member, 7000 + number))
        db.session.flush()
        teaming.recommend(team, county.by("clerk1"), people=[member.id])
    db.session.commit()
    assert len(standing_in.proposed(an_activity(county, capacity=3), county.by("clerk1"))) == standing_in.MOST


def test_inviting_is_undone(county):
    team = a_team(county, "member1", leader="member1")
    activity = an_activity(county, capacity=3)
    until = clock.today() + dt.timedelta(days=2)
    inviting.invite_team(activity, county.by("clerk1"), team_id=team.id, held=2, held_until=until)
    db.session.commit()
    flow_of(activity).undo(activity, county.by("clerk1b"))
    db.session.commit()
    assert (activity.held_back, holds.of(activity), told(county, "member1")) == (0, [], [])
    inviting.ask_member(activity, county.by("clerk1"), member_id=county.dual_row.id)
    flow_of(activity).undo(activity, county.by("clerk1"))
    assert db.session.scalars(select(Invitation)).all() == []
