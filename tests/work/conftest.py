"""Entries of own work, for the room's tests."""

import pytest

from portal import clock
from portal.extensions import db
from portal.work import workflow
from portal.work.models import OwnWork, WorkKind
from portal.work.workflow import Done

TITLE, WORDS = "召开在职党员进社区部署动员会", "党支部书记作动员，明确报到时间和服务岗位，全体党员参加。"
WAY = {"recorded": (), "cancelled": ("cancel",)}


def asked(cast, verb: str) -> dict:
    """What a move asks for beside the row."""
    return {"reason": "重复登记"} if verb == "cancel" else {}


def done(kind: WorkKind = WorkKind.MEETING, **more) -> Done:
    """What was done today."""
    facts = {"kind": kind, "day": clock.today(), "title": TITLE, "words": WORDS, "took_part": 28}
    return Done(**facts | more)


def some_work(cast, state: str = "recorded", person: str = "liaison1", **more) -> OwnWork:
    """An entry of the office of this person, led to a state, and committed."""
    row = workflow.record(cast.by(person), done(**more))
    for verb in WAY[state]:
        workflow.flow.moves[verb](row, cast.by(person), **asked(cast, verb))
    db.session.commit()
    return row


@pytest.fixture
def work(cast):
    """`work(state)` is unit1's entry."""
    return lambda state="recorded", person="liaison1", **more: some_work(cast, state, person, **more)
