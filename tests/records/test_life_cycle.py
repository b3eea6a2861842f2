"""The life cycles of service records and objections: every verb × state × role, typed by hand."""

import datetime as dt

import pytest

from portal import history
from portal.errors import RuleBroken
from portal.extensions import db
from portal.labels import Category
from portal.records import workflow
from portal.records.models import Evidence, ObjectionState, RecordState, Source
from tests.lifecycles import LATE, NO, OK, answer

DAY = dt.date(2026, 3, 7)  # a Saturday

# Recorded by clerk1 for member1 in community1 (城关镇). Who may do what while it is pending; elsewhere not now.
WHO = {
    "confirm": {"clerk1b", "grid1", "grid2", "chengguan"},
    "reject": {"clerk1b", "grid1", "grid2", "chengguan"},
    "void": {"clerk1", "clerk1b"},
    "object": {"member1"},
}
FROM = {
    "confirm": {"pending"},
    "reject": {"pending"},
    "void": {"pending", "confirmed"},
    "object": {"pending", "confirmed"},
}
ASKED = {
    "confirm": {},
    "reject": {"reason": "没有这次服务"},
    "void": {"reason": "登记有误"},
    "object": {"words": "那天我服务了三小时"},
}
EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "clerk1", "clerk1b", "clerk2", "grid1", "grid2", "member1", "member2", "member3",
)  # fmt: skip


def service(cast, **more) -> workflow.Service:
    facts = {
        "member": cast.member1_row,
        "place": cast.community1,
        "day": DAY,
        "starts": dt.time(9, 0),
        "half_hours": 4,
        "category": Category.ENVIRONMENT,
        "what": "清理楼道杂物",
    }
    return workflow.Service(**(facts | more))


def a_record(cast, state: str = "pending", by: str = "clerk1", **more):
    record = workflow.record_service(service(cast, **more), cast.by(by), Evidence.LATE)
    record.state = RecordState(state)
    db.session.commit()
    return record


@pytest.mark.parametrize("verb", list(WHO))
@pytest.mark.parametrize("state", ["pending", "confirmed", "rejected", "voided"])
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    record = a_record(cast, state)
    move = workflow.flow.moves[verb]
    expected = {person: NO if person not in WHO[verb] else OK if state in FROM[verb] else LATE for person in EVERYBODY}
    assert {person: answer(move, record, cast.by(person), **ASKED[verb]) for person in EVERYBODY} == expected


@pytest.mark.parametrize("verb", ["uphold", "dismiss"])
@pytest.mark.parametrize("state", ["open", "upheld", "dismissed"])
def test_objections_are_answered_by_the_community_once(cast, verb, state):
    record = a_record(cast)
    workflow.object_(record, cast.by("member1"), words="应为三小时")
    objection = record.objections[0]
    objection.state = ObjectionState(state)
    db.session.commit()
    move = workflow.objections.moves[verb]
    clerks = OK if state == "open" else LATE
    expected = {person: clerks if person in ("clerk1", "clerk1b") else NO for person in EVERYBODY}
    assert {p: answer(move, objection, cast.by(p), answer="经核实属实") for p in EVERYBODY} == expected


def test_the_recorder_never_confirms_even_in_another_appointment(cast):
    record = a_record(cast, by="dual", member=cast.member2_row)
    recorder = cast.users["dual"]
    cast.appoint("dual", recorder.name, cast.by("clerk1").role, community=cast.community1)
    db.session.commit()
    assert answer(workflow.confirm, record, cast.by("dual", cast.by("clerk1").role)) == NO


def test_a_clerk_who_is_the_member_confirms_no_hours_of_their_own(cast):
    record = a_record(cast, by="clerk1", member=cast.dual_row)
    cast.appoint("dual", "仇文博", cast.by("clerk1").role, community=cast.community1)
    db.session.commit()
    own = cast.by("dual", cast.by("clerk1").role)
    assert answer(workflow.confirm, record, own) == NO
    assert answer(workflow.void, record, own, reason="有误") == NO


def test_a_confirmed_record_names_its_second_person_and_has_one_line_for_each_change(cast):
    record = a_record(cast)
    workflow.confirm(record, cast.by("clerk1b"))
    db.session.commit()
    assert record.state is RecordState.CONFIRMED
    assert record.confirmed_by == "儒林社区 赵晓梅"
    assert [(line.verb, line.to_state) for line in history.of(record)] == [
        ("record", "pending"),
        ("confirm", "confirmed"),
    ]


def test_a_record_keeps_unit_supervisor_and_community_of_its_date(cast):
    record = a_record(cast)
    cast.member1_row.unit, cast.member1_row.community = cast.unit2, cast.community2
    db.session.commit()
    assert (record.unit, record.supervisor, record.community) == (cast.unit1, cast.dept1, cast.community1)


def test_an_overlap_makes_only_the_new_record_pending_and_shows_both(cast):
    first = a_record(cast, "confirmed")
    later = workflow.record_service(
        service(cast, starts=dt.time(10, 30)), cast.by("clerk1"), Evidence.SERVED, confirmed_by=cast.by("clerk1b")
    )
    db.session.commit()
    assert later.state is RecordState.PENDING and later.overlaps is first
    assert first.state is RecordState.CONFIRMED


def test_services_one_after_the_other_do_not_overlap(cast):
    a_record(cast, "confirmed")
    later = workflow.record_service(
        service(cast, starts=dt.time(11, 0)), cast.by("clerk1"), Evidence.SERVED, confirmed_by=cast.by("clerk1b")
    )
    assert later.state is RecordState.CONFIRMED and later.overlaps is None


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"half_hours": 17, "starts": None}, "当天服务合计超过 8 小时，请在备注中说明。"),
        ({"day": dt.date(2026, 3, 9)}, "服务时间在工作日上班时间内，请在备注中说明（如调休、请假、单位安排）。"),
        ({"day": dt.date(2099, 1, 1)}, "服务日期不能晚于今天。"),
    ],
)
def test_what_asks_for_a_note_or_is_refused(cast, facts, sentence):
    with pytest.raises(RuleBroken) as refusal:
        a_record(cast, **facts)
    assert refusal.value.sentence == sentence


def test_with_a_note_working_hours_are_taken(cast):
    assert a_record(cast, day=dt.date(2026, 3, 9), note="单位安排调休").state is RecordState.PENDING


@pytest.mark.parametrize(
    ("entered", "grade"), [("2026-03-14", Evidence.SERVED), ("2026-03-15", Evidence.LATE)]
)  # seven days late is in time, eight are not
def test_entered_more_than_seven_days_late_is_late_evidence(cast, time_machine, entered, grade):
    time_machine.move_to(f"{entered} 04:00:00+00:00")
    record = workflow.record_service(service(cast), cast.by("clerk1"), Evidence.SERVED)
    assert record.evidence is grade


def test_voided_and_written_anew_names_the_old_one(cast):
    old = a_record(cast, "confirmed")
    new = workflow.write_anew(old, cast.by("clerk1"), "时长有误", service(cast, half_hours=6), Evidence.LATE)
    db.session.commit()
    assert (old.state, new.state, new.rewrites) == (RecordState.VOIDED, RecordState.PENDING, old)


def test_an_upheld_objection_voids_the_record(cast):
    record = a_record(cast, "confirmed")
    workflow.object_(record, cast.by("member1"), words="那天我不在")
    workflow.uphold(record.objections[0], cast.by("clerk1"), answer="经查登记错人")
    db.session.commit()
    assert record.state is RecordState.VOIDED and record.objections[0].state is ObjectionState.UPHELD


def test_one_objection_at_a_time(cast):
    record = a_record(cast)
    workflow.object_(record, cast.by("member1"), words="应为三小时")
    with pytest.raises(RuleBroken):
        workflow.object_(record, cast.by("member1"), words="再说一次")


def test_a_reopened_case_voids_its_records(cast):
    record = a_record(cast, "confirmed", source=Source.WISH, source_id=7, source_number="2026-0007")
    workflow.void_of_source(Source.WISH, 7, cast.by("clerk1"), "居民反映没有办成")
    db.session.commit()
    assert record.state is RecordState.VOIDED
    assert history.last(record).reason == "居民反映没有办成"
