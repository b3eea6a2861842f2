"""What stands beside the tables: one live pairing for two, second persons, the three lists, days, what an end means."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock, history
from portal.actors import Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.pairings import actions, contact_points, projects, queries, workflow
from portal.pairings.models import (
    ActionState,
    ContactPoint,
    ContactPointState,
    JointAction,
    Pairing,
    PairingItem,
    PairingState,
    ProjectState,
    Side,
)
from portal.people.models import MemberStatus
from portal.records.models import ServiceRecord
from tests.lifecycles import NO, OK, answer
from tests.pairings.conftest import a_leader, action, paired, point, project, with_lists


def days(number: int) -> dt.date:
    return clock.today() + dt.timedelta(days=number)


def test_at_most_one_live_pairing_for_the_two_and_an_ended_one_may_be_proposed_anew(cast):
    row = paired(cast, "proposed")
    with pytest.raises(RuleBroken, match=r"凤翔中学党支部 高翔已提出.*由社区一方同意"):
        workflow.propose(cast.unit1, cast.community1, cast.by("clerk1"))
    workflow.agree(row, cast.by("clerk1"))
    with pytest.raises(RuleBroken, match="已经结对共建"):
        workflow.propose(cast.unit1, cast.community1, cast.by("liaison1"))
    workflow.end(row, cast.by("clerk1"), reason="搬迁")
    again = workflow.propose(cast.unit1, cast.community1, cast.by("liaison1"))
    db.session.commit()
    assert (again.state, again.side) == (PairingState.PROPOSED, Side.UNIT)


def test_the_database_itself_keeps_a_second_live_one_out(cast):
    row = paired(cast)
    db.session.add(Pairing(unit_id=row.unit_id, community_id=row.community_id, side=Side.UNIT, proposed_on=days(0),
                           state=PairingState.PROPOSED, proposed_by="x"))  # fmt: skip
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    held = point(cast)
    db.session.add(ContactPoint(member_id=held.member_id, community_id=held.community_id, proposed_on=days(0),
                                state=ContactPointState.PROPOSED, proposed_by="x"))  # fmt: skip
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_who_holds_both_offices_does_not_answer_or_confirm_their_own(cast):
    both = cast.appoint("clerk1", "王秀兰", Role.LIAISON, unit=cast.unit1)
    db.session.commit()
    assert both.id == cast.by("clerk1").user_id
    as_liaison, as_clerk = cast.by("clerk1", Role.LIAISON), cast.by("clerk1", Role.CLERK)
    row = workflow.propose(cast.unit1, cast.community1, as_liaison)
    db.session.commit()
    assert answer(workflow.agree, row, as_clerk) == NO
    assert db.session.scalars(queries.waiting(as_clerk)).all() == []
    workflow.agree(row, cast.by("clerk1b"))
    made = actions.record(row, as_liaison, held_on=days(0), what="清扫", took_part=3)
    db.session.commit()
    assert answer(actions.confirm, made, as_clerk) == NO
    assert db.session.scalars(queries.actions_waiting(as_clerk)).all() == []
    assert answer(actions.confirm, made, cast.by("clerk1b")) == OK


def test_the_database_itself_keeps_who_recorded_from_confirming(cast):
    made = action(cast)
    made.state, made.confirmed_on, made.confirmed_by_user_id = ActionState.CONFIRMED, days(0), made.recorded_by_user_id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_side_keeps_its_own_list_and_strikes_only_from_it(cast):
    row = with_lists(cast)
    need, resource = row.needs[0].id, row.resources[0].id
    with pytest.raises(RuleBroken, match="“手机使用辅导”已在需求清单上"):
        workflow.add_need(row, cast.by("clerk1b"), what="手机使用辅导")
    db.session.rollback()
    for item, person, expected in (
        (need, "clerk1", OK), (need, "liaison1", NO), (resource, "liaison1", OK), (resource, "clerk1b", NO),
    ):  # fmt: skip
        assert answer(workflow.strike, row, cast.by(person), item_id=item, reason="用不上了") == expected
    workflow.strike(row, cast.by("clerk1"), item_id=need, reason="已经办过")
    db.session.commit()
    assert row.needs == [] and db.session.get(PairingItem, need).struck_on == days(0)
    with pytest.raises(RuleBroken, match="请选择要划去的一条"):
        workflow.strike(row, cast.by("clerk1"), item_id=need, reason="又一次")


def test_what_a_project_needs_is_not_struck_until_the_project_is_over(cast):
    made = project(cast)
    row, need = made.pairing, made.need_id
    with pytest.raises(RuleBroken, match="已列入项目"):
        workflow.strike(row, cast.by("clerk1"), item_id=need, reason="用不上了")
    db.session.rollback()
    projects.finish(made, cast.by("clerk1"), result="办了四期")
    workflow.strike(row, cast.by("clerk1"), item_id=need, reason="已满足")
    db.session.commit()
    assert row.needs == []


def test_a_list_is_not_endless(cast, monkeypatch):
    monkeypatch.setattr(workflow, "MOST_ITEMS", 1)
    with pytest.raises(RuleBroken, match="需求清单最多 1 条"):
        workflow.add_need(with_lists(cast), cast.by("clerk1"), what="再来一条")


def test_a_project_comes_from_a_need_or_a_resource_and_is_due_later(cast):
    row, by = with_lists(cast), cast.by("liaison1")
    facts = {"what": "教手机", "responsible": "高翔", "due_on": days(5)}
    with pytest.raises(RuleBroken, match="请选择对应的需求或资源"):
        projects.plan(row, by, **facts)
    with pytest.raises(RuleBroken, match="选择的需求已经不在清单上"):
        projects.plan(row, by, **facts, need_id=row.resources[0].id)
    with pytest.raises(RuleBroken, match="不能早于今天"):
        projects.plan(row, by, **facts | {"due_on": days(-1)}, need_id=row.needs[0].id)
    db.session.rollback()
    assert row.projects == []
    made = projects.plan(row, by, **facts, resource_id=row.resources[0].id)
    db.session.commit()
    assert (made.need, made.resource, made.state) == (None, row.resources[0], ProjectState.PLANNED)


@pytest.mark.parametrize(("due", "words"), [(None, "请填写新的完成时限"), (10, "请填写新的"), (-1, "不能早于今天")])
def test_postponing_asks_for_another_day_that_is_to_come(cast, due, words):
    with pytest.raises(RuleBroken, match=words):
        projects.postpone(project(cast), cast.by("clerk1"), due_on=None if due is None else days(due), reason="下雨")


def test_a_project_is_overdue_the_day_after_it_was_due(cast):
    made = project(cast)
    assert [made.is_overdue(days(number)) for number in (9, 10, 11)] == [False, False, True]
    projects.finish(made, cast.by("clerk1"), result="办完了")
    assert not made.is_overdue(days(11))


def test_what_was_done_together_lies_between_the_agreement_and_today(cast):
    row, by = paired(cast), cast.by("clerk1")
    with pytest.raises(RuleBroken, match="活动日期还没有到"):
        actions.record(row, by, held_on=days(1), what="清扫", took_part=3)
    with pytest.raises(RuleBroken, match="早于结对的日期"):
        actions.record(row, by, held_on=days(-1), what="清扫", took_part=3)
    db.session.rollback()
    made = actions.record(row, by, held_on=days(0), what="清扫", took_part=3)
    db.session.commit()
    assert (made.side, made.recorded_by) == (Side.COMMUNITY, "儒林社区 王秀兰")
    assert answer(actions.confirm, made, cast.by("liaison1")) == OK
    assert answer(actions.confirm, made, cast.by("clerk1b")) == NO


def test_a_joint_action_belongs_to_a_project_of_its_own_pairing(cast):
    made = project(cast, "dropped")
    with pytest.raises(RuleBroken, match="已不再进行"):
        actions.record(made.pairing, cast.by("clerk1"), held_on=days(0), what="x", took_part=1, project_id=made.id)


def test_the_end_of_a_pairing_gives_up_open_projects_and_keeps_what_was_done(cast):
    made = project(cast, "underway")
    row = made.pairing
    done = action(cast, "confirmed", row)
    waiting = action(cast, "recorded", row)
    workflow.end(row, cast.by("liaison1"), reason="单位搬迁")
    db.session.commit()
    assert (made.state, done.state) == (ProjectState.DROPPED, ActionState.CONFIRMED)
    line = history.last(made)
    assert (line.verb, line.reason, line.by_name) == ("drop", "结对已结束", "凤翔中学党支部 高翔")
    assert answer(actions.confirm, waiting, cast.by("clerk1")) == OK  # it was so, whatever became of the pairing


def test_only_a_leading_member_on_the_roster_adopts_a_community(cast):
    by = cast.by("liaison1")
    with pytest.raises(RuleBroken, match="不是在册的领导干部"):
        contact_points.propose(cast.member1_row, cast.community1, by)
    leader = a_leader(cast)
    leader.status = MemberStatus.LEFT
    with pytest.raises(RuleBroken, match="不是在册的领导干部"):
        contact_points.propose(leader, cast.community1, by)


def test_one_contact_point_for_leader_and_community_but_others_elsewhere(cast):
    row = point(cast, "proposed")
    with pytest.raises(RuleBroken, match="已经有了（待社区同意）"):
        contact_points.propose(row.member, cast.community1, cast.by("dept1"))
    other = contact_points.propose(row.member, cast.community2, cast.by("dept1"))
    db.session.commit()
    assert other.state is ContactPointState.PROPOSED


def test_the_community_does_not_agree_once_the_member_leads_no_more(cast):
    row = point(cast, "proposed")
    row.member.leading = False
    db.session.commit()
    with pytest.raises(RuleBroken, match="不是在册的领导干部"):
        contact_points.agree(row, cast.by("clerk1"))


def test_the_leader_neither_proposes_nor_agrees_in_whatever_office(cast):
    cast.dual_row.leading = True
    cast.appoint("dual", "仇文博", Role.CLERK, community=cast.community1)
    cast.appoint("dual", "仇文博", Role.DEPARTMENT, supervisor=cast.dept1)
    db.session.commit()
    for role in (Role.LIAISON, Role.DEPARTMENT):
        with pytest.raises(NotYours):
            contact_points.propose(cast.dual_row, cast.community1, cast.by("dual", role))
        assert cast.dual_row not in db.session.scalars(contact_points.leaders(cast.by("dual", role))).all()
    row = point(cast, "proposed", cast.dual_row)
    assert answer(contact_points.agree, row, cast.by("dual", Role.CLERK)) == NO
    assert answer(contact_points.agree, row, cast.by("clerk1")) == OK


def test_who_proposed_as_supervisor_does_not_agree_as_clerk(cast):
    cast.appoint("clerk1", "王秀兰", Role.DEPARTMENT, supervisor=cast.dept1)
    db.session.commit()
    row = contact_points.propose(a_leader(cast), cast.community1, cast.by("clerk1", Role.DEPARTMENT))
    db.session.commit()
    assert answer(contact_points.agree, row, cast.by("clerk1", Role.CLERK)) == NO
    assert answer(contact_points.agree, row, cast.by("clerk1b")) == OK


def test_a_joint_action_writes_no_service_record(cast):
    action(cast, "confirmed")
    assert db.session.scalars(select(JointAction)).all() and not db.session.scalars(select(ServiceRecord)).all()
