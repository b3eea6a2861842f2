"""The life cycle of a pledge: every verb × state × role, typed by hand."""

import pytest
from sqlalchemy import func, select

from portal import history
from portal.actors import SYSTEM, Role
from portal.audit import AuditRow
from portal.extensions import db
from portal.pledges import workflow
from portal.pledges.models import PledgeState
from tests.lifecycles import LATE, NO, OK, answer
from tests.pledges.conftest import STATES, item, reasoned, registered, without_login

# member1 of unit1 (under dept1) pledges in community1 (under 城关镇). Who may do what from the right state.
WHO = {
    "submit": {"member1"},
    "withdraw": {"member1"},
    "approve": {"liaison1", "dual"},
    "send_back": {"liaison1", "dual", "clerk1", "clerk1b", "chengguan"},
    "show": {"system"},
    "end": {"system"},
}
FROM = {
    "submit": {"draft", "returned"},
    "withdraw": {"submitted"},
    "approve": {"submitted"},
    "send_back": {"submitted", "approved", "shown"},
    "show": {"approved"},
    "end": {"draft", "submitted", "approved", "shown", "returned"},
}
# A community asks for a change only of what the unit has approved.
LATER = {("send_back", "submitted"): {"clerk1", "clerk1b", "chengguan"}}
EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "liaison3", "clerk1", "clerk1b", "clerk2", "grid1", "grid2", "member1", "member2", "member3", "dual", "system",
)  # fmt: skip


def acting(cast, person: str):
    if person == "system":
        return SYSTEM
    return cast.by(person, Role.LIAISON) if person == "dual" else cast.by(person)


def expected(person: str, verb: str, state: str) -> str:
    if person not in WHO[verb]:
        return NO
    return OK if state in FROM[verb] and person not in LATER.get((verb, state), ()) else LATE


def test_the_table_names_every_verb_and_state():
    assert set(WHO) == set(FROM) == set(workflow.flow.moves)
    assert set(STATES) == {state.value for state in PledgeState}


@pytest.mark.parametrize("verb", list(WHO))
@pytest.mark.parametrize("state", STATES)
def test_every_verb_from_every_state_by_everybody(cast, pledge, verb, state):
    row = pledge(state)
    move = workflow.flow.moves[verb]
    found = {person: answer(move, row, acting(cast, person), **reasoned(verb)) for person in EVERYBODY}
    assert found == {person: expected(person, verb, state) for person in EVERYBODY}


@pytest.mark.parametrize(
    ("verb", "start", "person", "end"),
    [
        ("submit", "draft", "member1", "submitted"), ("submit", "returned", "member1", "submitted"),
        ("withdraw", "submitted", "member1", "draft"), ("approve", "submitted", "liaison1", "approved"),
        ("send_back", "submitted", "liaison1", "returned"), ("send_back", "approved", "clerk1", "returned"),
        ("send_back", "shown", "clerk1", "returned"), ("show", "approved", "system", "shown"),
        ("end", "shown", "system", "ended"),
    ],
)  # fmt: skip
def test_each_verb_leads_to_its_state_with_one_line_and_one_audit_row(cast, pledge, verb, start, person, end):
    row = pledge(start)
    lines, audited = len(history.of(row)), db.session.scalar(select(func.count()).select_from(AuditRow))
    workflow.flow.moves[verb](row, acting(cast, person), **reasoned(verb))
    db.session.commit()
    assert row.state.value == end
    assert [(line.verb, line.to_state) for line in history.of(row)[lines:]] == [(verb, end)]
    assert db.session.scalar(select(func.count()).select_from(AuditRow)) == audited + 1


def test_sending_back_asks_for_the_reason(cast, pledge):
    assert answer(workflow.send_back, pledge("approved"), cast.by("clerk1"), reason="") == LATE


def test_a_liaison_s_own_pledge_is_approved_by_another_liaison_or_the_supervisor(cast):
    registered(cast, cast.dual_row)
    row = workflow.write(cast.dual_row, cast.by("dual", Role.MEMBER), [item()])
    workflow.submit(row, cast.by("dual", Role.MEMBER))
    db.session.commit()
    for person, expected_answer in (
        ("dual", NO), ("liaison1", OK), ("dept1", OK), ("dept2", NO), ("liaison2", NO), ("chengguan", NO),
    ):  # fmt: skip
        assert answer(workflow.approve, row, acting(cast, person)) == expected_answer, person


def test_who_stands_in_never_approves_and_is_marked(cast):
    member = without_login(cast)
    row = workflow.write(member, cast.by("liaison1"), [item()])
    workflow.submit(row, cast.by("liaison1"))
    db.session.commit()
    assert [(line.verb, line.stand_in) for line in history.of(row)] == [("write", True), ("submit", True)]
    assert row.stand_in
    for person, expected_answer in (
        ("liaison1", NO), ("dual", OK), ("dept1", OK), ("dept2", NO), ("clerk1", NO),
    ):  # fmt: skip
        assert answer(workflow.approve, row, acting(cast, person)) == expected_answer, person
    workflow.approve(row, cast.by("dept1"))
    assert history.last(row).stand_in


def test_nobody_stands_in_for_a_member_with_a_login_nor_for_themselves(cast):
    registered(cast)
    registered(cast, cast.dual_row)

    def write(member, by):
        return workflow.write(member, by, [item()])

    assert answer(write, cast.member1_row, cast.by("liaison1")) == NO
    assert answer(write, cast.dual_row, cast.by("dual", Role.LIAISON)) == NO
    assert answer(write, without_login(cast), cast.by("liaison2")) == NO
    assert answer(write, cast.member1_row, cast.by("member1")) == OK
    assert answer(write, cast.member1_row, cast.by("member2")) == NO


def test_a_clerk_who_is_the_member_asks_no_change_of_their_own(cast, pledge):
    row = pledge("shown")
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    db.session.commit()
    assert answer(workflow.send_back, row, cast.by("member1", Role.CLERK), reason="自己改") == NO
