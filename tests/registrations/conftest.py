"""Registrations in any state, for the room's tests."""

import pytest

from portal.extensions import db
from portal.registrations import workflow
from portal.registrations.models import EndKind, Registration

# The shortest way to each state, by the people of the cast; member1 of unit1 lives in community1.
WAY = {
    "issued": (),
    "presented": (("present", "member1", {}),),
    "accepted": (("accept", "clerk1", {}),),
    "filed": (("accept", "clerk1", {}), ("file", "liaison1", {})),
    "returned": (("send_back", "clerk1", {"community_id": "community2", "reason": "实际居住在凤鸣社区"}),),
    "cancelled": (("cancel", "liaison1", {"reason": "开错了人"}),),
    "ended": (("accept", "clerk1", {}), ("end", "liaison1", {"kind": EndKind.RETIRED, "reason": "到龄退休"})),
}


def walk(cast, state: str = "issued") -> Registration:
    """member1's registration, led to a state by the moves themselves, and committed."""
    row = workflow.issue(cast.member1_row, cast.by("liaison1"))
    for verb, username, asked in WAY[state]:
        named = {k: getattr(cast, v).id if k == "community_id" else v for k, v in asked.items()}
        workflow.flow.moves[verb](row, cast.by(username), **named)
    db.session.commit()
    assert row.state.value == state
    return row


@pytest.fixture
def registration(cast):
    """`registration(state)` is member1's registration in that state."""
    return lambda state="issued": walk(cast, state)
