"""Registrations in any state, for the room's tests."""

import pytest

from portal.extensions import db
from portal.people.models import MemberStatus
from portal.registrations import workflow
from portal.registrations.models import EndKind, Registration
from tests.cast import make_member

# The shortest way to each state, by the people of the cast; member1 of unit1 lives in community1.
WAY = {
    "issued": (),
    "presented": (("present", "member1", {}),),
    "accepted": (("accept", "clerk1", {}),),
    "filed": (("accept", "clerk1", {}), ("file", "liaison1", {})),
    "returned": (("send_back", "clerk1", {"community_id": "community2", "reason": "实际居住在凤鸣社区"}),),
    "cancelled": (("cancel", "liaison1", {"reason": "开错了人"}),),
    # by moving house: whoever retires loses the login, and could not be asked any more
    "ended": (("accept", "clerk1", {}), ("end", "liaison1", {"kind": EndKind.MOVED, "reason": "迁居外县"})),
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


@pytest.fixture
def county(cast):
    """Eight members who must report, in every standing; and two who need not."""
    deputy = make_member(cast.unit1, cast.community2, "安副校长", "13891701011", leading=True)
    director = make_member(cast.unit2, cast.community1, "白院长", "13891701012", leading=True)
    make_member(cast.unit3, cast.community1, "常科员", "13891701013")
    make_member(cast.unit1, None, "丁外乡", "13891701014", lives_in_town=False)
    make_member(cast.unit2, None, "尔无社区", "13891701015")
    make_member(cast.unit1, cast.community1, "方退休", "13891701016").status = MemberStatus.LEFT
    moved = cast.member3_row
    moved.community = cast.community1
    db.session.commit()
    by = cast.by
    for member, way in (
        (cast.member1_row, "accept file"), (cast.member2_row, "accept"), (cast.dual_row, "present"), (deputy, ""),
        (director, "accept file"), (moved, "accept file"),
    ):  # fmt: skip
        liaison = by("liaison1") if member.unit is cast.unit1 else by("liaison2")
        row = workflow.issue(member, liaison)
        for verb in way.split():
            workflow.flow.moves[verb](row, by("clerk1") if verb == "accept" else liaison)
    moved.community = cast.community2  # registered in community1, but the roster now says community2
    db.session.commit()
    return cast
