"""The life cycle of a team: every verb × state × role, typed by hand from 1-domain §1.1, §1.3 and §1.4."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.actors import Role
from portal.audit import AuditRow
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.labels import Category
from portal.messages.models import Message
from portal.teams import queries, workflow
from portal.teams.models import JoinedBy, Team, TeamMember, TeamState
from tests.lifecycles import LATE, NO, OK, answer
from tests.registrations.test_at_once import at_once
from tests.teams.conftest import a_team, ids, names, traced

SATURDAY = dt.datetime(2026, 5, 16, 2, tzinfo=dt.UTC)
STATES = ("active", "ended")
# member1 leads and member2 belongs to it; the dual one, of the same community, and member3, of community2, do not;
# the newcomer lives there and has not reported.
EVERYBODY = ("county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
             "clerk1b", "clerk2", "grid1", "member1", "member2", "member3", "dual", "newcomer")  # fmt: skip
CLERKS = {"clerk1", "clerk1b"}

# verb: who may while it serves. Nobody does anything with a team disbanded.
TABLE: dict[str, set[str]] = {
    "join": {"dual"},
    "recommend": CLERKS,
    "appoint": CLERKS,
    "leave": {"member1", "member2"},
    "remove": CLERKS,
    "end": CLERKS,
}
# Who is told "not now" where they may not: members of the community who are in already; all once it is disbanded, when
# nobody belongs to it any more.
IN_TIME = {"join": {"member1", "member2", "dual"}, "leave": set()} | dict.fromkeys(
    ("recommend", "appoint", "remove", "end"), CLERKS
)


@pytest.fixture(autouse=True)
def saturday():
    with time_machine.travel(SATURDAY, tick=False):
        yield


def asked(cast, verb: str) -> dict:
    (second, third) = ids(cast, "member2", "dual")
    return {
        "recommend": {"people": [third]},
        "appoint": {"member_id": second},
        "remove": {"member_id": second, "reason": "调离本县"},
        "end": {"reason": "并入便民服务队"},
    }.get(verb, {})


def test_the_table_is_whole(app):
    assert set(TABLE) == set(workflow.flow.moves)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", list(TABLE))
def test_every_verb_from_every_state_by_everybody(county, verb, state):
    team = a_team(county, "member1", "member2", leader="member1")
    if state == "ended":
        workflow.end(team, county.by("clerk1"), reason="并入便民服务队")
        db.session.commit()
    may = TABLE[verb] if state == "active" else set()
    in_time = IN_TIME[verb] if state == "active" or verb != "leave" else set()
    expected = {name: OK if name in may else LATE if name in in_time else NO for name in EVERYBODY}
    move = workflow.flow.moves[verb]
    given = {name: answer(move, team, county.by(name), **asked(county, verb)) for name in EVERYBODY}
    assert given == expected


def test_only_clerks_of_the_community_found_and_change(county):
    team = a_team(county)
    for name in set(EVERYBODY) - CLERKS:
        with pytest.raises(NotYours):
            workflow.found(county.community1, county.by(name), "环境保护服务队")
        with pytest.raises(NotYours):
            workflow.change(team, county.by(name), "环境保护服务队")
    workflow.change(team, county.by("clerk1b"), "环境保护服务队", Category.ENVIRONMENT, "垃圾分类", county.grid1.id)
    assert (team.name, team.good_at, team.grid.name) == ("环境保护服务队", "环境保护，垃圾分类", "第一网格")
    workflow.end(team, county.by("clerk1"), reason="没有人参加")
    with pytest.raises(RuleBroken):
        workflow.change(team, county.by("clerk1b"), "又一支")


def test_one_name_a_community_as_long_as_it_serves(county):
    first = a_team(county)
    for act in (
        lambda: a_team(county),
        lambda: workflow.change(a_team(county, name="二队"), county.by("clerk1"), first.name),
    ):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert refused.value.sentence == "本社区已有“水电维修服务队”，请换一个名称。"
        db.session.rollback()
    workflow.found(county.community2, county.by("clerk2"), first.name)
    workflow.end(first, county.by("clerk1"), reason="重新组建")
    assert a_team(county).id != first.id


def test_two_clerks_of_one_name_at_once(app, county):
    key, clerks = county.community1.id, [county.by("clerk1"), county.by("clerk1b")]
    db.session.rollback()
    from portal.people.models import Community

    answers = at_once(app, *(lambda by=by: workflow.found(db.session.get(Community, key), by, "一队") for by in clerks))
    assert sorted(answers, reverse=True) == ["本社区已有“一队”，请换一个名称。", "done"]
    assert db.session.scalar(select(func.count()).select_from(Team)) == 1


def test_a_grid_of_another_community_is_none(county):
    with pytest.raises(RuleBroken):
        a_team(county, grid_id=county.other_grid.id)


def test_recommended_they_are_in_at_once_and_each_move_leaves_one_line_and_one_row(county):
    team = a_team(county, "member1", "member2", leader="member2")
    workflow.join(team, county.by("dual"))
    workflow.leave(team, county.by("dual"))
    db.session.commit()
    assert [(one.member.name, one.how, one.since, one.until, one.leads) for one in team.memberships] == [
        ("欧阳䶮", JoinedBy.RECOMMENDED, dt.date(2026, 5, 16), None, False),
        ("买买提·吐尔逊", JoinedBy.RECOMMENDED, dt.date(2026, 5, 16), None, True),
        ("仇文博", JoinedBy.CHOSEN, dt.date(2026, 5, 16), dt.date(2026, 5, 16), False),
    ]
    clerk, dual = "儒林社区 王秀兰", "凤翔中学党支部 仇文博"
    assert [(verb, who) for verb, who, _ in traced(team)] == [
        ("found", clerk), ("recommend", clerk), ("appoint", clerk), ("join", dual), ("leave", dual),
    ]  # fmt: skip
    acts = db.session.scalars(select(AuditRow.act).where(AuditRow.kind == "teams").order_by(AuditRow.id))
    assert list(acts) == ["teams.found", "teams.recommend", "teams.appoint", "teams.join", "teams.leave"]


@pytest.mark.parametrize("people", [(), ("member3",), ("member1", "newcomer")])
def test_only_whom_the_community_has_received_is_recommended(county, people):
    with pytest.raises(RuleBroken) as refused:
        workflow.recommend(a_team(county), county.by("clerk1"), people=ids(county, *people))
    assert refused.value.sentence == "请从在本社区报到的党员中选择。"


def test_recommended_together_those_who_are_in_already_stay_as_they_are(county):
    team = a_team(county, "member1")
    workflow.recommend(team, county.by("clerk1"), people=ids(county, "member1", "member2", "member2"))
    assert names(team) == ["欧阳䶮", "买买提·吐尔逊"]
    with pytest.raises(RuleBroken) as refused:
        workflow.recommend(team, county.by("clerk1"), people=ids(county, "member2"))
    assert refused.value.sentence == "所选的党员都已经在这支服务队。"


def test_a_new_leader_and_the_old_one_stays_a_member(county):
    team = a_team(county, "member1", "member2", leader="member1")
    workflow.appoint(team, county.by("clerk1"), member_id=county.member2_row.id)
    db.session.commit()
    assert (team.leading.member.name, names(team)) == ("买买提·吐尔逊", ["欧阳䶮", "买买提·吐尔逊"])
    for who, sentence in (("member2", "买买提·吐尔逊已经是队长。"), ("dual", "请从本队队员中选择队长。")):
        with pytest.raises(RuleBroken) as refused:
            workflow.appoint(team, county.by("clerk1"), member_id=ids(county, who)[0])
        assert refused.value.sentence == sentence
        db.session.rollback()


@pytest.mark.parametrize("how", ["leave", "remove"])
def test_the_lead_of_a_leader_who_goes_stands_vacant(county, how):
    team = a_team(county, "member1", "member2", leader="member1")
    if how == "leave":
        workflow.leave(team, county.by("member1"))
    else:
        workflow.remove(team, county.by("clerk1"), member_id=county.member1_row.id, reason="长期外出")
    db.session.commit()
    assert (team.leading, names(team)) == (None, ["买买提·吐尔逊"])
    assert queries.count(queries.filtered(county.by("clerk1"), queries.Filters(vacant=True))) == 1


def test_who_left_may_come_again(county):
    team = a_team(county, "member1")
    workflow.leave(team, county.by("member1"))
    workflow.join(team, county.by("member1"))
    assert [(one.how, one.until is None) for one in team.memberships] == [
        (JoinedBy.RECOMMENDED, False), (JoinedBy.CHOSEN, True),
    ]  # fmt: skip


def test_a_clerk_who_is_a_member_too_is_not_the_subject_of_their_own_act(county):
    county.appoint("member1", "欧阳䶮", Role.CLERK, community=county.community1)
    team, clerk, own = a_team(county, "member1"), county.by("member1", Role.CLERK), county.member1_row.id
    for act in (
        lambda: workflow.recommend(team, clerk, people=[own, county.dual_row.id]),
        lambda: workflow.appoint(team, clerk, member_id=own),
        lambda: workflow.remove(team, clerk, member_id=own, reason="不想去了"),
    ):
        with pytest.raises(RuleBroken, match="您本人"):
            act()
        db.session.rollback()
    workflow.appoint(team, county.by("clerk1"), member_id=own)


def test_disbanded_everybody_is_out_and_stays_on_record(county):
    team = a_team(county, "member1", "member2", leader="member1")
    assert workflow.foreseen(team) == ["2 名队员退出，名单留存备查。"]
    workflow.end(team, county.by("clerk1"), reason="并入便民服务队")
    db.session.commit()
    assert (team.state, team.ended_on, team.current, team.leading) == (TeamState.ENDED, dt.date(2026, 5, 16), [], None)
    assert len(team.memberships) == 2


def test_two_members_join_and_one_presses_twice_at_once(app, county):
    key, dual, member = a_team(county).id, county.by("dual"), county.by("member1")
    db.session.rollback()
    answers = at_once(app, *(lambda by=by: workflow.join(db.session.get(Team, key), by) for by in (dual, dual, member)))
    assert sorted(answers) == ["done", "done", "您已经是这支服务队的队员。"]
    assert (
        sorted(names(db.session.get(Team, key))) == ["欧阳䶮", "仇文博"] or len(names(db.session.get(Team, key))) == 2
    )


def test_two_clerks_appoint_at_once_and_one_leads(app, county):
    key, clerks = a_team(county, "member1", "member2").id, [county.by("clerk1"), county.by("clerk1b")]
    people = ids(county, "member1", "member2")
    db.session.rollback()
    pairs = zip(clerks, people, strict=True)
    answers = at_once(
        app,
        *(lambda by=by, one=one: workflow.appoint(db.session.get(Team, key), by, member_id=one) for by, one in pairs),
    )
    assert answers == ["done", "done"]  # one after the other: the later word stands
    assert db.session.scalar(select(func.count()).where(TeamMember.team_id == key, TeamMember.leads)) == 1


def test_the_database_holds_one_leader_and_one_membership(county):
    team = a_team(county, "member1", "member2", leader="member1")
    day = dt.date(2026, 5, 16)
    for wrong in (
        TeamMember(team_id=team.id, member_id=county.member1_row.id, how=JoinedBy.CHOSEN, since=day),
        TeamMember(team_id=team.id, member_id=county.dual_row.id, how=JoinedBy.CHOSEN, since=day, leads=True),
        TeamMember(
            team_id=team.id, member_id=county.dual_row.id, how=JoinedBy.CHOSEN, since=day, until=day, leads=True
        ),
    ):
        db.session.add(wrong)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def told(cast, name: str) -> list[str]:
    rows = select(Message.sentence).where(Message.user_id == cast.users[name].id).order_by(Message.id)
    return list(db.session.scalars(rows))


def test_whom_a_move_concerns_is_told(county):
    team = a_team(county, "member1", "member2", leader="member1")
    workflow.join(team, county.by("dual"))
    workflow.appoint(team, county.by("clerk1b"), member_id=county.member2_row.id)
    workflow.remove(team, county.by("clerk1"), member_id=county.member1_row.id, reason="长期外出")
    workflow.end(team, county.by("clerk1"), reason="并入便民服务队")
    db.session.commit()
    clerk = "儒林社区 王秀兰"
    first = f"水电维修服务队：推荐入队（{clerk}）。您已是队员，不愿意参加的可以自己退出。"
    changed = "水电维修服务队：任命队长（儒林社区 赵晓梅）。队长：买买提·吐尔逊。"
    last = f"水电维修服务队：解散服务队（{clerk}）。原因：并入便民服务队"
    assert told(county, "member1") == [
        first, f"水电维修服务队：任命队长（{clerk}）。队长：欧阳䶮。", changed,
        f"水电维修服务队：移出队员（{clerk}）。原因：长期外出",
    ]  # fmt: skip
    assert told(county, "member2") == [first, changed, last]
    assert told(county, "dual") == [last]
    assert told(county, "newcomer") == told(county, "clerk1b") == []
