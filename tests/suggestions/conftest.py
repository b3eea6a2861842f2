"""Suggestions in any state, for the room's tests."""

import pytest

from portal.accounts.models import UserState
from portal.extensions import db
from portal.labels import Category
from portal.suggestions import workflow
from portal.suggestions.models import Addressed, Suggestion
from portal.suggestions.workflow import Proposal
from tests.registrations.conftest import walk

TITLE, BODY = "在小区东门装一盏路灯", "西关街8号院三号楼门口没有路灯，老人晚上出门看不清台阶，建议装一盏。"
# The shortest way to each state, by the people of the cast, for what member1 proposes to community1.
WAY = {
    "submitted": (),
    "accepted": ("accept",),
    "forwarded": ("accept", "forward"),
    "answered": ("accept", "answer"),
    "withdrawn": ("withdraw",),
}
WHO = {"withdraw": "member1", "hand_back": "dept2"}


def asked(cast, verb: str) -> dict:
    """What a move asks for beside the row."""
    return {
        "forward": {"forwarded_to_id": cast.dept2.id},
        "hand_back": {"reason": "路灯归住建部门管"},
        "recall": {"reason": "对方迟迟没有答复"},
        "answer": {"adopted": True, "answer": "已列入下月计划，五月底前装好。"},
    }.get(verb, {})


def proposal(addressed_to: str = "community", **more) -> Proposal:
    """What member1 proposes."""
    facts = {"addressed_to": Addressed(addressed_to), "title": TITLE, "body": BODY, "category": Category.CONVENIENCE}
    return Proposal(**facts | more)


def a_suggestion(cast, state: str = "submitted", addressed_to: str = "community", registered: bool = True):
    """member1's suggestion, led to a state by the moves themselves, and committed."""
    if registered:
        walk(cast, "filed")
    office = {"community": "clerk1", "town": "chengguan"}[addressed_to]
    row = workflow.submit(cast.member1_row, cast.by("member1"), proposal(addressed_to))
    for verb in WAY[state]:
        workflow.flow.moves[verb](row, cast.by(WHO.get(verb, office)), **asked(cast, verb))
    db.session.commit()
    assert row.state.value == state
    return row


def written_down(cast, addressed_to: str = "community") -> Suggestion:
    """What member1, whose login is locked, proposes, as clerk1 wrote it down."""
    walk(cast, "filed")
    cast.users["member1"].state = UserState.LOCKED
    db.session.flush()
    row = workflow.submit(cast.member1_row, cast.by("clerk1"), proposal(addressed_to))
    db.session.commit()
    return row


@pytest.fixture
def suggestion(cast):
    """`suggestion(state)` is member1's, made to community1 or to its town."""
    return lambda state="submitted", addressed_to="community": a_suggestion(cast, state, addressed_to)
