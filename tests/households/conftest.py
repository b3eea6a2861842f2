"""Households in any state, for the room's tests: those of community1, first grid."""

import datetime as dt

import pytest

from portal import clock
from portal.extensions import db
from portal.households import supporting, visiting, workflow
from portal.households.kinds import CloseKind, ConsentBy, Difficulty, HouseholdKind, Need, Way
from portal.households.models import Household, Support, Visit
from portal.people.models import Sex
from tests.cast import Cast, make_member
from tests.wishes.making import register

NAME, PHONE, ADDRESS = "陈桂英", "13991234567", "儒林苑3号楼2单元501室"
NOTE = "儿子在外地，过年才回来"


@pytest.fixture
def county(cast) -> Cast:
    """The cast registered, with 史珍香 of community1, who has no login, and another dual one: clerk and member."""
    silent = make_member(cast.unit2, cast.community1, "史珍香", "13891701009")
    cast.places["silent_row"] = silent
    register(cast, "member1", "member2", "member3", "dual", "silent")
    return cast


def facts(cast, **more) -> dict:
    """What the form of a file gives."""
    return {
        "kind": HouseholdKind.ELDER, "name": NAME, "sex": Sex.FEMALE, "born": "1941-03", "phone": PHONE,
        "address": ADDRESS, "grid_id": cast.grid1.id, "difficulties": [Difficulty.ALONE], "policies": [],
        "needs": [Need.COMPANY, Need.ERRANDS], "need_words": "每周有人说说话", "ways": [Way.VISITS],
        "aim": "每月走访，代买米面", "note": NOTE,
        "people": [{"relation": "儿子", "born": "1970", "does": "在外务工"}],
    } | more  # fmt: skip


def consent(**more) -> dict:
    """What opening a file asks for."""
    given = {"consent_by": ConsentBy.SELF, "consent_on": clock.today(), "consent_taken_by": "王秀兰", "guardian": ""}
    return given | more


def a_household(cast, state: str = "active", **more) -> Household:
    """A household of community1, led to a state by the moves themselves, and committed."""
    clerk = cast.by("clerk1")
    household = workflow.enter(cast.community1, clerk, **facts(cast, **more))
    if state != "draft":
        workflow.activate(household, clerk, **consent())
    if state == "closed":
        workflow.close(household, clerk, kind=CloseKind.IMPROVED, reason="儿子回来照顾了")
    db.session.commit()
    return household


def a_support(cast, household: Household, username: str = "member1", state: str = "active") -> Support:
    """A member's support of a household, in a state, and committed."""
    support = supporting.propose(household, cast.places[f"{username}_row"], cast.by("clerk1"))
    if state != "proposed" and support.state.value == "proposed":
        supporting.accept(support, cast.by(username))
    if state == "ended":
        supporting.end(support, cast.by("clerk1"), reason="调离本县")
    db.session.commit()
    return support


def visit_facts(cast, *usernames: str, **more) -> dict:
    """What the form of a visit gives."""
    people = [cast.places[f"{name}_row"].id for name in usernames or ("member1",)]
    return {"day": clock.today(), "starts": dt.time(19), "half_hours": 3, "done": "陪老人说话，代买了米面",
            "solved": "一周的口粮", "people": people} | more  # fmt: skip


def a_visit(cast, household: Household, state: str = "recorded", by: str = "member1", **more) -> Visit:
    """A visit by its supporter, in a state, and committed."""
    visit = visiting.record(household, cast.by(by), **visit_facts(cast, by if by.startswith("member") else "silent")
                            | more)  # fmt: skip
    match state:
        case "confirmed":
            visiting.confirm(visit, cast.by("grid1"))
        case "rejected":
            visiting.reject(visit, cast.by("grid1"), reason="那天没有来")
        case "withdrawn":
            visiting.withdraw(visit, cast.by(by))
    db.session.commit()
    return visit
