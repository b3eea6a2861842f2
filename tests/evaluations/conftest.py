"""Evaluations and notes in any state, for the room's tests."""

import datetime as dt

import pytest

from portal import clock
from portal.evaluations import grades, noting, workflow
from portal.evaluations.models import Evaluation, Grade, Handling, Note, NoteKind, Use
from portal.evaluations.noting import Happened
from portal.extensions import db
from portal.registrations import queries as registrations
from portal.registrations.models import Registration
from tests.registrations.conftest import walk

PERFORMANCE = "常年参加夜间巡逻，随叫随到。"
# The shortest way to each state, by the people of the cast, for member1 of unit1 in community1.
WAY = {
    "draft": (),
    "graded": ("grade",),
    "sent": ("grade", "send"),
    "replied": ("grade", "send", "reply"),
    "answered": ("grade", "send", "reply", "answer"),
    "acknowledged": ("grade", "send", "acknowledge"),
    "dropped": ("drop",),
    "withdrawn": ("grade", "send", "withdraw"),
}
NOTE_WAY = {"sent": (), "replied": ("reply",), "acknowledged": ("acknowledge",), "withdrawn": ("withdraw",)}
WHO = {"assess": "member1", "reply": "member1", "acknowledge": "liaison1"}


def the_grade(label: str = "良好") -> Grade:
    """A grade by its name."""
    return next(each for each in grades.every() if each.label == label)


def asked(verb: str) -> dict:
    """What a move asks for beside the row."""
    return {
        "grade": {"grade_id": the_grade().id, "performance": PERFORMANCE, "advice": ""},
        "assess": {"self_assessment": "今年参加了社区的各项活动。"},
        "reply": {"reply": "还有两次上门没有登记。"},
        "answer": {"answer": "已核对，补记两次。"},
        "acknowledge": {"uses": [Use.REVIEW, Use.HONOURS], "handling": Handling.PRAISE, "told": True},
        "withdraw": {"reason": "等次填错了"},
        "drop": {"reason": "全年借调在外"},
    }.get(verb, {})


def asked_of_note(verb: str) -> dict:
    """What a move of a note asks for beside the row."""
    slip = {"handling": Handling.TALK, "told": True}
    return {"reply": asked("reply"), "acknowledge": slip, "withdraw": {"reason": "核实有误"}}[verb]


def received(cast, months: int = 12) -> Registration:
    """member1's registration in community1, accepted so many months ago."""
    row = registrations.current_of(cast.member1_row.id) or walk(cast, "filed")
    row.accepted_on = clock.today() - dt.timedelta(days=31 * months)
    db.session.commit()
    return row


def an_evaluation(cast, state: str = "draft") -> Evaluation:
    """This year's evaluation of member1, led to a state by the moves themselves, and committed."""
    row = workflow.new_draft(clock.today().year, received(cast))
    workflow.opened(row, cast.by("clerk1"))
    for verb in WAY[state]:
        workflow.flow.moves[verb](row, cast.by(WHO.get(verb, "clerk1")), **asked(verb))
    db.session.commit()
    return row


def a_note(cast, state: str = "sent") -> Note:
    """A note on member1, led to a state by the moves themselves, and committed."""
    happened = Happened(NoteKind.COMMENDABLE, clock.today(), "深夜抢修水管，全楼没有停水。")
    row = noting.send(received(cast), cast.by("clerk1"), happened)
    for verb in NOTE_WAY[state]:
        noting.flow.moves[verb](row, cast.by(WHO.get(verb, "clerk1")), **asked_of_note(verb))
    db.session.commit()
    return row


@pytest.fixture
def evaluation(cast):
    """`evaluation(state)` is this year's evaluation of member1."""
    return lambda state="draft": an_evaluation(cast, state)


@pytest.fixture
def note(cast):
    """`note(state)` is a note on member1."""
    return lambda state="sent": a_note(cast, state)
