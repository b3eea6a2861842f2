"""Nominations in any state, for the room's tests."""

import pytest

from portal import clock
from portal.exemplars import workflow
from portal.exemplars.models import Exemplar, Lead
from portal.exemplars.workflow import Deeds
from portal.extensions import db
from tests.registrations.conftest import walk

DEEDS = "坚持每周在儒林苑做义务调解，帮助三户老人修好了漏水的水管，群众都说他办事实在。"
# The shortest way to each state, by the people of the cast, for member1 nominated by clerk1.
WAY = {
    "nominated": (),
    "confirmed": ("confirm",),
    "returned": ("send_back",),
    "revoked": ("confirm", "revoke"),
    "withdrawn": ("withdraw",),
}
WHO = {"withdraw": "clerk1", "amend": "clerk1"}


def asked(cast, verb: str) -> dict:
    """What a move asks for beside the row."""
    return {
        "amend": {"leads": [Lead.DISPUTES], "deeds": DEEDS + "今年还带了两名徒弟。"},
        "send_back": {"reason": "事迹请再写具体些"},
        "revoke": {"reason": "经查事迹不实"},
        "withdraw": {"reason": "推荐错了人"},
    }.get(verb, {})


def deeds(*leads: Lead, words: str = DEEDS) -> Deeds:
    """What is written of member1."""
    return Deeds(leads or (Lead.NEEDY, Lead.DISPUTES), words)


def an_exemplar(cast, state: str = "nominated") -> Exemplar:
    """member1 nominated for this year, led to a state by the moves themselves, and committed."""
    walk(cast, "filed")
    row = workflow.nominate(cast.member1_row, clock.today().year, cast.by("clerk1"), deeds())
    for verb in WAY[state]:
        workflow.flow.moves[verb](row, cast.by(WHO.get(verb, "county")), **asked(cast, verb))
    db.session.commit()
    assert row.state.value == state
    return row


@pytest.fixture
def exemplar(cast):
    """`exemplar(state)` is member1's nomination by community1."""
    return lambda state="nominated": an_exemplar(cast, state)
