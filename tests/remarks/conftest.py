"""Remarks in any state, for the room's tests."""

import pytest

from portal.extensions import db
from portal.remarks import workflow
from portal.remarks.models import Finding, Remark, RemarkKind, RemarkSource
from portal.remarks.workflow import Told
from tests.registrations.conftest import walk

NAME, PHONE = "陈桂英", "13991234567"
SAID = "约好周六来修水管，等了一天没有来，也没有打电话。"
# The shortest way to each state, by the people of the cast, for a concern about member1.
WAY = {
    "submitted": (),
    "put": ("put",),
    "answered": ("put", "answer"),
    "settled": ("put", "answer", "settle"),
    "declined": ("decline",),
}
WHO = {"answer": "member1"}


def asked(cast, verb: str) -> dict:
    """What a move asks for beside the row."""
    return {
        "thank": {"member_id": cast.member1_row.id, "words": "修得又快又好，谢谢。"},
        "put": {"member_id": cast.member1_row.id, "words": SAID},
        "answer": {"reply": "那天临时抢修供水，已登门道歉并修好。"},
        "settle": {"outcome": "党员已上门说明并修好。", "finding": Finding.PARTLY},
        "decline": {"outcome": "与党员的服务无关，请向物业反映。"},
    }[verb]


def told(cast, kind: str = "concern", **more) -> Told:
    """What a resident of community1 says."""
    facts = {"kind": RemarkKind(kind), "community": cast.community1, "told": SAID, "about": "修水管的欧阳师傅",
             "name": NAME, "phone": PHONE}  # fmt: skip
    return Told(**facts | more)


def a_remark(cast, state: str = "submitted", kind: str = "concern", registered: bool = True) -> Remark:
    """A remark told to a clerk of community1, led to a state by the moves themselves, and committed."""
    if registered:
        walk(cast, "filed")
    row = workflow.submit(told(cast, kind), cast.by("clerk1"), RemarkSource.SPOKEN)
    for verb in WAY[state]:
        workflow.flow.moves[verb](row, cast.by(WHO.get(verb, "clerk1")), **asked(cast, verb))
    db.session.commit()
    assert row.state.value == state
    return row


@pytest.fixture
def remark(cast):
    """`remark(state)` is a concern about member1, who is registered in community1."""
    return lambda state="submitted", kind="concern": a_remark(cast, state, kind)
