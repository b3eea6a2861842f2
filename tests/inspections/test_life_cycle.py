"""The life cycles of inspections, findings and result notices: every verb × state × role, typed by hand."""

import datetime as dt

import pytest

from portal import history
from portal.accounts.models import AppointmentState
from portal.actors import Role, resident_of
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.inspections import checking, mending, noticing, queries, workflow
from portal.inspections.kinds import (
    AssessmentGrade,
    FindingState,
    InspectionKind,
    InspectionState,
    Merit,
    NoticeState,
    TargetKind,
)
from portal.inspections.models import Inspection
from portal.messages.models import Message
from tests.cast import make_member
from tests.inspections.conftest import (
    ANSWER,
    a_plan,
    approve,
    drafted,
    finding_of,
    found,
    in_days,
    lists,
    planned,
    target_of,
    tick,
    walk,
    walk_finding,
)
from tests.lifecycles import LATE, NO, OK, answer

EVERYBODY = (
    "county", "county_b", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1",
    "liaison2", "clerk1", "clerk1b", "clerk2", "grid1", "member1", "member2", "dual",
)  # fmt: skip
COUNTY = {"county", "county_b"}
# The inspection is of unit1 (liaison1; under dept1) and community1; county planned it, inspector found one thing.
INSPECTION = {
    "start": {"planned": COUNTY},
    "issue": {"underway": COUNTY},
    "close": {"answered": set()},  # the finding is answered, and nobody has accepted that yet
    "cancel": {"planned": COUNTY, "underway": COUNTY},
}
FINDING = {
    "answer": {"open": {"liaison1"}, "returned": {"liaison1"}},
    "accept": {"answered": COUNTY},
    "send_back": {"answered": COUNTY},
    "extend": {"open": COUNTY, "returned": COUNTY},
    "withdraw": {"unsent": {*COUNTY, "inspector"}, "open": COUNTY, "answered": COUNTY, "returned": COUNTY},
}
# Whose a move is, though not now.
IN_TIME = {"answer": {"liaison1"}, "accept": COUNTY, "send_back": COUNTY, "extend": COUNTY, "withdraw": COUNTY}
ASKED = {
    "answer": {"answer": ANSWER}, "send_back": {"reason": "措施不具体", "fix_by": in_days}, "accept": {},
    "extend": {"reason": "书记公出", "fix_by": in_days}, "withdraw": {"reason": "经核实不存在"},
}  # fmt: skip


def asked(verb: str) -> dict:
    return {name: value(30) if callable(value) else value for name, value in ASKED.get(verb, {}).items()}


def test_the_tables_are_whole(app):
    assert set(INSPECTION) == set(workflow.flow.moves)
    assert set(FINDING) == set(mending.flow.moves)
    assert set(noticing.flow.moves) == {"publish"}


@pytest.mark.parametrize("verb", list(INSPECTION))
@pytest.mark.parametrize("state", [state.value for state in InspectionState])
def test_every_verb_of_an_inspection_from_every_state_by_everybody(cast, verb, state):
    row, move = walk(cast, state), workflow.flow.moves[verb]
    given = {"reason": "计划有变"} if verb == "cancel" else {}
    may = INSPECTION[verb].get(state, set())
    expected = {person: OK if person in may else LATE if person in COUNTY else NO for person in EVERYBODY}
    assert {person: answer(move, row, cast.by(person), **given) for person in EVERYBODY} == expected
    assert answer(move, row, resident_of(0), **given) == NO


@pytest.mark.parametrize("verb", list(FINDING))
@pytest.mark.parametrize("state", ["unsent", *(state.value for state in FindingState)])
def test_every_verb_of_a_finding_from_every_state_by_everybody(cast, verb, state):
    row, move = walk_finding(cast, state), mending.flow.moves[verb]
    may = FINDING[verb].get(state, set())
    # Who answers an unsent one is asked for nothing: the body doesn't see it, and the move is refused.
    expected = {person: OK if person in may else LATE if person in IN_TIME[verb] else NO for person in EVERYBODY}
    assert {person: answer(move, row, cast.by(person), **asked(verb)) for person in EVERYBODY} == expected


@pytest.mark.parametrize("state", [state.value for state in NoticeState])
def test_a_notice_is_published_by_another_than_its_writer_and_once(cast, state):
    row = drafted(cast)
    if state == "published":
        noticing.publish(row, cast.by("county_b"))
        db.session.commit()
    first = OK if state == "draft" else LATE
    expected = {person: first if person == "county_b" else NO for person in EVERYBODY}
    assert {person: answer(noticing.publish, row, cast.by(person)) for person in EVERYBODY} == expected
    noticed = {"title": "通报", "opening": "如下。", "closing": "完。"}
    if state == "draft":
        noticing.change(row, cast.by("county_b"), **noticed)
        db.session.commit()
        assert answer(noticing.publish, row, cast.by("county_b")) == NO
        assert answer(noticing.publish, row, cast.by("county")) == OK
    else:
        with pytest.raises(RuleBroken):
            noticing.change(row, cast.by("county"), **noticed)


def test_whoever_found_or_graded_something_does_not_send_it_out(cast):
    row = walk(cast, "underway")
    found(cast, target_of(row, cast.community1), by="county")
    assert answer(workflow.issue, row, cast.by("county")) == NO
    assert answer(workflow.issue, row, cast.by("county_b")) == OK
    year = walk(cast, "underway", InspectionKind.YEARLY_ASSESSMENT)
    assert [answer(workflow.issue, year, cast.by(who)) for who in ("county", "county_b")] == [NO, OK]


def test_nobody_inspects_the_body_they_belong_to(cast):
    row = planned(cast)
    cast.users["county_b"].member = make_member(cast.unit1, cast.community1, "何敏", "13891701044")
    db.session.commit()
    workflow.start(row, cast.by("county"))
    db.session.commit()
    unit, community = target_of(row, cast.unit1), target_of(row, cast.community1)
    with pytest.raises(NotYours):
        checking.sum_up(unit, cast.by("county_b"), in_days(0), "好。")
    checking.sum_up(community, cast.by("county_b"), in_days(0), "好。")
    db.session.commit()
    finding = found(cast, unit)
    assert answer(mending.withdraw, finding, cast.by("county_b"), reason="不实") == NO


@pytest.mark.parametrize(
    ("username", "body", "refused"),
    [("liaison1", "unit1", True), ("dept1", "unit1", True), ("liaison2", "unit1", False),
     ("clerk1", "community1", True), ("chengguan", "community1", True), ("clerk2", "community1", False),
     ("member1", "unit1", True), ("member1", "community1", False)],
)  # fmt: skip
def test_an_inspector_is_none_of_the_inspected_body_nor_of_the_office_above(cast, username, body, refused):
    row = workflow.plan(cast.by("county"), InspectionKind.CHECK, lists(cast)[InspectionKind.CHECK], a_plan())
    kind = TargetKind.UNIT if body.startswith("unit") else TargetKind.COMMUNITY
    workflow.choose(row, cast.by("county"), kind, [getattr(cast, body).id])
    if refused:
        with pytest.raises(RuleBroken) as sentence:
            workflow.appoint(row, cast.by("county"), cast.users[username])
        assert "不能督查自己所在的党组织" in sentence.value.sentence
    else:
        workflow.appoint(row, cast.by("county"), cast.users[username])


def test_an_inspectors_office_follows_the_dates_and_ends_with_the_inspection(cast):
    row = planned(cast)
    workflow.appoint(row, cast.by("county"), cast.users["liaison3"])
    db.session.commit()
    approve(cast, row)
    held = row.inspectors[1].appointment
    assert (held.state, held.ends_on) == (AppointmentState.ACTIVE, row.ends_on)
    by = cast.by("liaison3", Role.INSPECTOR)
    assert db.session.scalars(queries.visible_to(by)).all() == [row]
    plan = workflow.Plan(row.title, row.about, row.starts_on, in_days(10), row.fix_by)
    workflow.change(row, cast.by("county"), plan)
    db.session.commit()
    assert held.ends_on == in_days(10)
    workflow.cancel(row, cast.by("county"), "计划有变")
    db.session.commit()
    assert held.state is AppointmentState.ENDED
    assert db.session.scalars(queries.visible_to(by)).all() == []


def test_an_inspector_sees_nothing_of_another_inspection(cast):
    mine, of_check = planned(cast), lists(cast)[InspectionKind.CHECK]
    other = workflow.plan(cast.by("county"), InspectionKind.CHECK, of_check, a_plan())
    workflow.choose(other, cast.by("county"), TargetKind.UNIT, [cast.unit2.id])
    workflow.start(other, cast.by("county"))
    db.session.commit()
    by = cast.by("inspector")
    assert db.session.scalars(queries.visible_to(by)).all() == [mine]
    assert {target.inspection for target in db.session.scalars(queries.targets_visible_to(by))} == {mine}
    target = target_of(other, cast.unit2)
    with pytest.raises(NotYours):
        checking.sum_up(target, by, in_days(0), "好。")
    with pytest.raises(NotYours):
        mending.find(target, by, mending.Found("报到慢。", in_days(10)))


def test_the_inspection_follows_its_findings(cast):
    row = walk(cast, "issued")
    finding, other = finding_of(row), cast.by("county_b")
    mending.answer(finding, cast.by("liaison1"), answer=ANSWER)
    db.session.commit()
    assert row.state is InspectionState.ANSWERED
    mending.send_back(finding, other, "措施不具体", fix_by=in_days(24))
    db.session.commit()
    assert (row.state, finding.fix_by) == (InspectionState.ISSUED, in_days(24))
    mending.answer(finding, cast.by("liaison1"), answer=ANSWER)
    mending.accept(finding, other)
    db.session.commit()
    assert [line.label for line in history.of(row)][-3:] == ["全部已答复", "继续整改", "全部已答复"]
    workflow.close(row, cast.by("county"))
    db.session.commit()
    assert (row.state, row.closed_on) == (InspectionState.CLOSED, in_days(0))
    with pytest.raises(RuleBroken, match="这次督查现在是“已办结”，不能撤销。"):
        mending.flow.undo(finding, other)
    db.session.rollback()
    assert not any(move.verb == "undo" for move in mending.flow.open_moves(finding, other))


def test_the_inspection_follows_an_answer_taken_back(cast):
    row = walk(cast, "underway")
    first, last = finding_of(row), found(cast, target_of(row, cast.community1))
    gone = found(cast, target_of(row, cast.unit1))
    mending.withdraw(gone, cast.by("inspector"), "记错了单位")
    workflow.issue(row, cast.by("county_b"))
    db.session.commit()
    with pytest.raises(RuleBroken, match="不能撤销"):  # else it came before the body without the second person
        mending.flow.undo(gone, cast.by("inspector"))
    db.session.rollback()
    for finding, who in ((first, "liaison1"), (last, "clerk1")):
        mending.answer(finding, cast.by(who), answer=ANSWER)
        db.session.commit()
    assert row.state is InspectionState.ANSWERED
    mending.flow.undo(first, cast.by("liaison1"))
    db.session.commit()
    assert (first.state, row.state) == (FindingState.OPEN, InspectionState.ISSUED)
    assert history.last(row).label == "继续整改"


def test_an_inspection_without_a_finding_is_answered_as_soon_as_it_is_sent(cast):
    row = planned(cast)
    workflow.start(row, cast.by("county"))
    for body in (cast.unit1, cast.community1):
        checking.sum_up(target_of(row, body), cast.by("inspector"), in_days(0), "扎实。")
    workflow.issue(row, cast.by("county_b"))
    db.session.commit()
    assert row.state is InspectionState.ANSWERED


def test_nothing_is_sent_out_before_everybody_was_visited_or_graded(cast):
    row = planned(cast)
    assert answer(workflow.issue, row, cast.by("county_b")) == LATE
    workflow.start(row, cast.by("county"))
    db.session.commit()
    with pytest.raises(RuleBroken) as refusal:
        workflow.issue(row, cast.by("county_b"))
    assert refusal.value.sentence.startswith("还有 2 个对象没有督查")
    db.session.rollback()
    year = planned(cast, InspectionKind.YEARLY_ASSESSMENT)
    workflow.start(year, cast.by("county"))
    checking.grade(year.targets[0], cast.by("county"), AssessmentGrade.FAIR, "落实较好。")
    db.session.commit()
    with pytest.raises(RuleBroken) as refusal:
        workflow.issue(year, cast.by("county_b"))
    assert refusal.value.sentence.startswith("还有 3 个党组织没有评定")


def test_messages_tell_what_came_of_it_and_to_nobody_before_it_is_sent(cast):
    for user in cast.users.values():
        user.signed_in_at = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    row = walk(cast, "underway")
    assert told(cast, "liaison1") == []
    workflow.issue(row, cast.by("county_b"))
    finding = finding_of(row)
    db.session.commit()
    assert len(told(cast, "liaison1")) == len(told(cast, "clerk1")) == 1
    mending.answer(finding, cast.by("liaison1"), answer=ANSWER)
    mending.accept(finding, cast.by("county_b"))
    db.session.commit()
    assert len(told(cast, "liaison1")) == 2
    assert told(cast, "liaison2") == told(cast, "member1") == []


def told(cast, username: str) -> list[str]:
    rows = db.session.scalars(db.select(Message).where(Message.user_id == cast.users[username].id))
    return [row.sentence for row in rows.all() if row.topic.value == "inspection"]


def test_undoing_what_was_sent_out_takes_it_from_the_bodies_until_one_has_answered(cast):
    row = walk(cast, "issued")
    liaison = cast.by("liaison1")
    assert len(db.session.scalars(queries.to_answer(liaison)).all()) == 1
    workflow.flow.undo(row, cast.by("county_b"))
    db.session.commit()
    assert row.state is InspectionState.UNDERWAY
    assert db.session.scalars(queries.findings_visible_to(liaison)).all() == []
    workflow.issue(row, cast.by("county_b"))
    db.session.commit()
    noticing.draft(row, cast.by("county"), noticing.first_words(row, 2))
    with pytest.raises(RuleBroken, match="已起草督查结果通报，不能撤销。"):
        workflow.flow.undo(row, cast.by("county_b"))
    db.session.rollback()
    mending.answer(finding_of(row), liaison, answer=ANSWER)
    db.session.commit()
    assert not any(move.verb == "undo" for move in workflow.flow.open_moves(row, cast.by("county_b")))


def test_a_branch_is_praised_in_words_until_the_notice_is_out(cast):
    notice = drafted(cast)
    target = target_of(notice.inspection, cast.community1)
    with pytest.raises(RuleBroken):
        checking.name(target, cast.by("county"), Merit.PRAISED, "")
    checking.name(target, cast.by("county"), Merit.PRAISED, "办得及时")
    noticing.publish(notice, cast.by("county_b"))
    db.session.commit()
    with pytest.raises(RuleBroken) as refusal:
        checking.name(target, cast.by("county"), None, None)
    assert refusal.value.sentence == "通报已印发，不能再改。"


def test_a_tick_keeps_the_evidence_of_its_moment(cast, time_machine):
    row = walk(cast, "underway")
    target = target_of(row, cast.unit1)
    check = tick(cast, target, 3)
    assert (check.evidence, check.evidence_on) == ("报到率 0%（应报到 3 人，已报到 0 人）", in_days(0))
    before = check.evidence
    cast.member1_row.lives_in_town, cast.member1_row.community = False, None
    db.session.commit()
    assert check.evidence == before
    assert tick(cast, target, 3).evidence == "报到率 0%（应报到 2 人，已报到 0 人）"


def test_a_target_with_something_written_down_is_not_taken_off(cast):
    row = walk(cast, "underway")
    with pytest.raises(RuleBroken):
        workflow.drop(target_of(row, cast.unit1), cast.by("county"))
    db.session.rollback()
    workflow.choose(row, cast.by("county"), TargetKind.UNIT, [cast.unit2.id])
    db.session.commit()
    workflow.drop(target_of(row, cast.unit2), cast.by("county"))
    db.session.commit()
    assert {target.name for target in db.session.get(Inspection, row.id).targets} == {"凤翔中学党支部", "儒林社区"}
