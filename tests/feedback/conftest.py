"""Bulletins, contacts and difficulties in any state, for the room's tests."""

import datetime as dt

import pytest

from portal import clock
from portal.extensions import db
from portal.feedback import asking, compiling, contacting, workflow
from portal.feedback.contacting import Told
from portal.feedback.models import Bulletin, Contact, ContactHow, Difficulty, Side
from portal.feedback.quarters import QuarterOf
from tests.papers.making import service
from tests.registrations.conftest import walk

QUARTER = QuarterOf(2026, 3)
WORDS = "有问题请随时联系。"
# The shortest way to each state, by the people of the cast.
WAY = {"compiled": (), "sent": ("send",), "acknowledged": ("send", "acknowledge")}
WHO = {"send": "clerk1", "remark": "clerk1", "acknowledge": "liaison1"}
DIFFICULTY_WAY = {
    "asked": (),
    "answered": ("answer",),
    "unsolved": ("answer", "reopen"),
    "withdrawn": ("withdraw",),
}
BY_MEMBER = ("reopen", "withdraw")
TROUBLE = "孩子今年上小学，家里老人住院，下午四点没有人接。"


def asked(verb: str) -> dict:
    """What a move asks for beside the row."""
    words = {"words": "已联系学校，从下周起参加课后服务。"}
    told = vars(told_of())
    return {
        "remark": {"remark": WORDS}, "answer": words, "hand_on": {"words": "学校就在社区里，社区更清楚。"},
        "reopen": {"words": "课后服务只到五点，还差半小时。"}, "amend": told, "correct": told,
    }.get(verb, {})  # fmt: skip


def compiled(cast, of: QuarterOf = QUARTER, today: dt.date | None = None) -> list[Bulletin]:
    """The bulletins of community1 of a quarter, as time compiles them, and committed."""
    compiling.compile_community(of, cast.community1.id, today or of.compiled_from)
    db.session.commit()
    return list(db.session.scalars(db.select(Bulletin).where(Bulletin.quarter == of.quarter).order_by(Bulletin.id)))


def a_bulletin(cast, state: str = "compiled") -> Bulletin:
    """Of community1 to unit1, of whose members member1 served once, led to a state by the moves, and committed."""
    row = walk(cast, "filed")
    row.accepted_on = dt.date(2026, 5, 10)
    service(cast.member1_row, dt.date(2026, 8, 9))
    (bulletin,) = compiled(cast)
    for verb in WAY[state]:
        workflow.flow.moves[verb](bulletin, cast.by(WHO[verb]), **asked(verb))
    db.session.commit()
    assert bulletin.state.value == state
    return bulletin


def told_of(**more) -> Told:
    """What is told of a contact today."""
    facts = {
        "day": clock.today(), "how": ContactHow.PHONE, "present": "社区书记、单位联络员", "about": "商量服务日的安排",
        "outcome": "周六上午集合，单位带工具。",
    }  # fmt: skip
    return Told(**facts | more)


def a_contact(cast, by: str = "liaison1", days_ago: int = 0) -> Contact:
    """A contact of unit1 and community1, written down by one of them some days ago, and committed."""
    row = contacting.record(cast.unit1.id, cast.community1.id, cast.by(by), told_of())
    row.recorded_at -= dt.timedelta(days=days_ago)
    db.session.commit()
    return row


def a_difficulty(cast, state: str = "asked", to: Side = Side.UNIT, registered: bool = True) -> Difficulty:
    """member1's difficulty, led to a state by the moves themselves, and committed."""
    if registered:
        walk(cast, "filed")
    row = asking.ask(cast.member1_row, cast.by("member1"), to, TROUBLE)
    office = {Side.UNIT: "liaison1", Side.COMMUNITY: "clerk1"}[to]
    for verb in DIFFICULTY_WAY[state]:
        asking.flow.moves[verb](row, cast.by("member1" if verb in BY_MEMBER else office), **asked(verb))
    db.session.commit()
    assert row.state.value == state
    return row


@pytest.fixture
def bulletin(cast):
    """`bulletin(state)` is community1's to unit1."""
    return lambda state="compiled": a_bulletin(cast, state)


@pytest.fixture
def difficulty(cast):
    """`difficulty(state, to)` is member1's."""
    return lambda state="asked", to=Side.UNIT: a_difficulty(cast, state, to)
