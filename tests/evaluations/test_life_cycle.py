"""The life cycles of evaluations and notes: every verb × state × role, typed by hand; what is sent is frozen."""

import datetime as dt

import pytest

from portal import clock, numbers
from portal.actors import Role
from portal.errors import RuleBroken
from portal.evaluations import evidence, noting, queries, workflow
from portal.evaluations.models import Evaluation, Handling, NoteKind, Use
from portal.evaluations.noting import Happened
from portal.extensions import db
from portal.messages.models import Message
from portal.numbers import PaperState
from portal.records.models import RecordState
from portal.scheme.models import SchemeYear
from tests.evaluations.conftest import NOTE_WAY, WAY, asked, asked_of_note, received, the_grade
from tests.lifecycles import LATE, NO, OK, answer
from tests.records.test_life_cycle import a_record
from tests.stored import words_in

# Of member1 of unit1 (under dept1) in community1 (under 城关镇). Who may do what in which state; elsewhere not now.
OFFICE = {"clerk1", "clerk1b", "chengguan"}


def in_each(*states: str, may: set[str]) -> dict[str, set[str]]:
    return dict.fromkeys(states, may)


TABLE = {
    "grade": in_each("draft", "graded", may=OFFICE),
    "assess": in_each("draft", "graded", may={"member1"}),
    "send": {"graded": OFFICE},
    "reply": in_each("sent", "acknowledged", may={"member1"}),
    "answer": {"replied": OFFICE},
    "acknowledge": in_each("sent", "replied", "answered", may={"liaison1"}),
    "withdraw": in_each("sent", "replied", "answered", "acknowledged", may=OFFICE),
    "drop": in_each("draft", "graded", may=OFFICE),
    "resume": {"dropped": OFFICE},
}
NOTES = {
    "reply": in_each("sent", "acknowledged", may={"member1"}),
    "acknowledge": in_each("sent", "replied", may={"liaison1"}),
    "withdraw": in_each("sent", "replied", "acknowledged", may=OFFICE),
}
EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "clerk1", "clerk1b", "clerk2", "grid1", "member1", "member2", "member3", "dual",
)  # fmt: skip


def test_the_tables_are_whole(app):
    assert set(TABLE) == set(workflow.flow.moves)
    assert set(NOTES) == set(noting.flow.moves)


def expected(table: dict, verb: str, state: str) -> dict:
    may, ever = table[verb].get(state, set()), set().union(*table[verb].values())
    return {person: OK if person in may else LATE if person in ever else NO for person in EVERYBODY}


@pytest.mark.parametrize("verb", list(TABLE))
@pytest.mark.parametrize("state", list(WAY))
def test_every_verb_from_every_state_by_everybody(cast, evaluation, verb, state):
    row, move = evaluation(state), workflow.flow.moves[verb]
    given = {person: answer(move, row, cast.by(person), **asked(verb)) for person in EVERYBODY}
    assert given == expected(TABLE, verb, state)


@pytest.mark.parametrize("verb", list(NOTES))
@pytest.mark.parametrize("state", list(NOTE_WAY))
def test_every_verb_of_a_note_from_every_state_by_everybody(cast, note, verb, state):
    row, move = note(state), noting.flow.moves[verb]
    given = {person: answer(move, row, cast.by(person), **asked_of_note(verb)) for person in EVERYBODY}
    assert given == expected(NOTES, verb, state)


@pytest.mark.parametrize(("label", "words", "expected"), [
    ("优秀", "", LATE), ("优秀", "带头巡逻", OK), ("良好", "", OK), ("一般", "", OK), ("较差", "", LATE),
    ("良好", "请打13991234567", LATE),
])  # fmt: skip
def test_words_are_asked_for_the_best_and_the_worst_grade_only(cast, evaluation, label, words, expected):
    row = evaluation("draft")
    given = {"grade_id": the_grade(label).id, "performance": words}
    assert answer(workflow.grade, row, cast.by("clerk1"), **given) == expected


def test_no_grade_is_suggested_and_one_out_of_use_is_refused(cast, evaluation):
    row = evaluation("draft")
    assert row.grade_id is None
    the_grade("一般").active = False
    db.session.commit()
    assert answer(workflow.grade, row, cast.by("clerk1"), grade_id=the_grade("一般").id) == LATE
    assert answer(workflow.grade, row, cast.by("clerk1"), grade_id=9999) == LATE


def test_what_is_sent_is_frozen_numbered_and_told_once(cast, evaluation, time_machine):
    time_machine.move_to("2026-11-20 02:00:00+00:00")
    row = evaluation("graded")
    record = a_record(cast, "confirmed")
    assert evidence.of_one(row).times == 1
    workflow.send(row, cast.by("clerk1"))
    db.session.commit()
    record.state = RecordState.VOIDED
    db.session.commit()
    assert (evidence.of_one(row).times, evidence.gather([row], 2026, clock.today())[row.id].times) == (1, 0)
    paper = numbers.latest(workflow.CARD, row.id)
    assert (paper.number, paper.state, paper.family_name) == ("2026-0001", PaperState.VALID, "欧阳")
    assert row.reply_by == dt.date(2026, 12, 5)
    messages = db.session.scalars(db.select(Message).where(Message.user_id == cast.users["member1"].id)).all()
    told = [each.sentence for each in messages if "评议" in each.sentence]
    assert told == ["您的2026年现实表现评议：反馈（儒林社区 王秀兰）。有话要说的，12月5日以前可以写说明。"]


def test_the_member_replies_once_and_in_time(cast, evaluation, time_machine):
    time_machine.move_to("2026-11-20 02:00:00+00:00")
    row = evaluation("sent")
    time_machine.move_to("2026-12-06 02:00:00+00:00")
    assert answer(workflow.reply, row, cast.by("member1"), **asked("reply")) == LATE
    time_machine.move_to("2026-12-05 02:00:00+00:00")
    workflow.reply(row, cast.by("member1"), **asked("reply"))
    db.session.commit()
    assert answer(workflow.reply, row, cast.by("member1"), **asked("reply")) == LATE
    assert row.state.value == "sent"


@pytest.mark.parametrize("uses", [[], [Use.NONE, Use.REVIEW]])
def test_a_slip_says_something_or_nothing_but_not_both(cast, evaluation, uses):
    given = {"uses": uses, "handling": Handling.NONE, "told": False}
    assert answer(workflow.acknowledge, evaluation("sent"), cast.by("liaison1"), **given) == LATE


def test_a_withdrawn_one_is_written_anew_and_the_new_one_names_it(cast, evaluation):
    row = evaluation("acknowledged")
    workflow.withdraw(row, cast.by("clerk1"), reason="等次填错了")
    db.session.commit()
    anew = queries.successor_of(row)
    assert (row.state.value, anew.state.value, anew.grade, anew.performance) == (
        "withdrawn", "draft", row.grade, row.performance,
    )  # fmt: skip
    assert numbers.latest(workflow.CARD, row.id).state is PaperState.CANCELLED
    assert answer(workflow.resume, row, cast.by("clerk1")) == LATE
    workflow.send(anew, cast.by("clerk1"))
    db.session.commit()
    assert numbers.latest(workflow.CARD, anew.id).number == f"{row.year}-0002"
    assert answer(workflow.resume, row, cast.by("clerk1")) == LATE


def test_undoing_a_withdrawal_brings_back_what_was_sent_and_voids_the_new_draft(cast, evaluation):
    row = evaluation("sent")
    workflow.withdraw(row, cast.by("clerk1"), reason="等次填错了")
    db.session.commit()
    anew = queries.successor_of(row)
    workflow.flow.undo(row, cast.by("clerk1b"))
    db.session.commit()
    assert (row.state.value, anew.state.value, queries.successor_of(row)) == ("sent", "withdrawn", None)
    assert numbers.latest(workflow.CARD, row.id).state is PaperState.VALID
    workflow.withdraw(row, cast.by("clerk1"), reason="还是错了")
    db.session.commit()


def test_a_closed_year_stays_as_it_is(cast, evaluation, note, time_machine):
    time_machine.move_to("2026-11-20 02:00:00+00:00")
    sent, told = evaluation("sent"), note()
    time_machine.move_to("2027-02-01 02:00:00+00:00")
    assert answer(workflow.withdraw, sent, cast.by("clerk1"), reason="错了") == OK
    year = db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2026)).one()
    year.closed_at = clock.now()
    db.session.commit()
    assert answer(workflow.withdraw, sent, cast.by("clerk1"), reason="错了") == LATE
    assert answer(workflow.acknowledge, sent, cast.by("liaison1"), **asked("acknowledge")) == LATE
    assert answer(noting.acknowledge, told, cast.by("liaison1"), **asked_of_note("acknowledge")) == LATE


def test_nobody_evaluates_or_acknowledges_themselves(cast, evaluation, note):
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    cast.appoint("member1", "欧阳䶮", Role.LIAISON, unit=cast.unit1)
    row, own = evaluation("graded"), cast.by("member1", Role.CLERK)
    assert db.session.scalars(queries.visible_to(own)).unique().all() == []
    assert answer(workflow.send, row, own) == NO
    workflow.send(row, cast.by("clerk1"))
    db.session.commit()
    assert answer(workflow.acknowledge, row, cast.by("member1", Role.LIAISON), **asked("acknowledge")) == NO
    # The supervisor stands in for the unit's own liaison, another liaison of the unit may too.
    assert answer(workflow.acknowledge, row, cast.by("dept1"), **asked("acknowledge")) == OK
    assert answer(workflow.acknowledge, row, cast.by("dual", Role.LIAISON), **asked("acknowledge")) == OK
    one = note("sent")
    assert answer(noting.acknowledge, one, cast.by("member1", Role.LIAISON), **asked_of_note("acknowledge")) == NO
    assert answer(noting.acknowledge, one, cast.by("dept1"), **asked_of_note("acknowledge")) == OK


def test_a_note_is_about_whom_the_community_has_received_and_about_no_day_to_come(cast):
    row = received(cast)
    told = Happened(NoteKind.CONCERNING, clock.today(), "约好的服务没有来。")
    for by in ("clerk2", "liaison1", "chengguan", "member1"):
        assert answer(noting.send, row, cast.by(by), happened=told) == NO
    later = Happened(told.kind, clock.today() + dt.timedelta(days=1), told.words)
    assert answer(noting.send, row, cast.by("clerk1"), happened=later) == LATE
    made = noting.send(row, cast.by("clerk1"), told)
    assert (made.unit, made.supervisor, made.number) == (cast.unit1, cast.dept1, f"{clock.today().year}-0001")


def test_what_is_said_of_a_member_is_sealed(cast, evaluation, note):
    row = evaluation("answered")
    note()
    stored = db.session.execute(db.text("SELECT * FROM evaluations")).mappings().one()
    told = db.session.execute(db.text("SELECT * FROM evaluation_notes")).mappings().one()
    values = words_in((*stored.values(), *told.values()))
    assert not any(words.encode() in values for words in ("巡逻", "上门", "补记", "水管", "times"))
    assert row.performance.startswith("常年")


def test_a_second_one_that_stands_is_impossible(cast, evaluation):
    row = evaluation("draft")
    with pytest.raises(db.exc.IntegrityError):
        workflow.opened(workflow.new_draft(row.year, row.registration), cast.by("clerk1b"))
    db.session.rollback()
    assert len(db.session.scalars(db.select(Evaluation)).all()) == 1


def test_a_grade_for_many_leaves_alone_what_was_graded(cast, evaluation):
    row = evaluation("graded")
    with pytest.raises(RuleBroken) as refusal:
        workflow.grade_alike(row, cast.by("clerk1"), the_grade())
    assert refusal.value.sentence == "已评为“良好”，要改的请单独修改。"
