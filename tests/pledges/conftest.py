"""Pledges in any state, for the room's tests."""

import datetime as dt

import pytest

from portal import clock
from portal.actors import SYSTEM
from portal.extensions import db
from portal.labels import Category
from portal.pledges import workflow
from portal.pledges.models import Pledge
from portal.pledges.workflow import Item
from portal.registrations import workflow as registrations
from portal.registrations.models import Registration
from tests.cast import make_member

# The shortest way to each state, by the people of the cast.
WAY = {
    "draft": (),
    "submitted": (("submit", "member1"),),
    "approved": (("submit", "member1"), ("approve", "liaison1")),
    "shown": (("submit", "member1"), ("approve", "liaison1"), ("show", None)),
    "returned": (("submit", "member1"), ("send_back", "liaison1")),
    "ended": (("submit", "member1"), ("end", None)),
}
STATES = tuple(WAY)


def item(what: str = "每月清扫一次楼道", **more) -> Item:
    """A promise of this year; `more` replaces some of its facts."""
    facts = {"category": Category.ENVIRONMENT, "due_on": dt.date(clock.today().year, 12, 31), "times": 2}
    return Item(what=what, **facts | more)


def registered(cast, member=None, liaison: str = "liaison1", clerk: str = "clerk1") -> Registration:
    """The registration of a member (member1) at the community where they live, committed."""
    row = registrations.issue(member or cast.member1_row, cast.by(liaison))
    registrations.accept(row, cast.by(clerk))
    db.session.commit()
    return row


def reasoned(verb: str) -> dict:
    """What a move asks for beside the row."""
    return {"reason": "请写得具体一些"} if verb in ("send_back", "end") else {}


def pledged(cast, state: str = "draft") -> Pledge:
    """member1's pledge of this year, led to a state by the moves themselves, and committed."""
    registered(cast)
    row = workflow.write(cast.member1_row, cast.by("member1"), [item()])
    for verb, username in WAY[state]:
        workflow.flow.moves[verb](row, cast.by(username) if username else SYSTEM, **reasoned(verb))
    db.session.commit()
    assert row.state.value == state
    return row


def without_login(cast, name: str = "尔无账号", phone: str = "13891701021"):
    """A registered member of unit1 who has no login."""
    member = make_member(cast.unit1, cast.community1, name, phone)
    registered(cast, member)
    return member


@pytest.fixture
def pledge(cast):
    """`pledge(state)` is member1's pledge in that state."""
    return lambda state="draft": pledged(cast, state)
