"""The life cycle of a registration: every verb × state × role, typed by hand."""

import pytest

from portal import history
from portal.actors import Role
from portal.errors import TooLate
from portal.extensions import db
from portal.registrations import workflow
from portal.registrations.models import EndKind, RegistrationState
from tests.lifecycles import LATE, NO, OK, answer

# member1 of unit1 (under dept1) reports to community1 (under 城关镇). Who may do what from the right state.
WHO = {
    "present": {"member1", "liaison1", "dual"},
    "accept": {"clerk1", "clerk1b", "chengguan"},
    "file": {"liaison1", "dual"},
    "reissue": {"liaison1", "dual"},
    "send_back": {"clerk1", "clerk1b", "chengguan"},
    "cancel": {"liaison1", "dual"},
    "end": {"liaison1", "dual", "clerk1", "clerk1b", "chengguan"},
    "relocate": {"member1", "liaison1", "dual", "clerk1", "clerk1b", "chengguan"},
}
FROM = {
    "present": {"issued"},
    "accept": {"issued", "presented"},
    "file": {"accepted"},
    "reissue": {"returned"},
    "send_back": {"issued", "presented"},
    "cancel": {"issued", "presented", "returned"},
    "end": {"accepted", "filed"},
    "relocate": {"accepted", "filed"},
}
STATES = ("issued", "presented", "accepted", "filed", "returned", "cancelled", "ended")
EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "liaison3", "clerk1", "clerk1b", "clerk2", "grid1", "grid2", "member1", "member2", "member3", "dual",
)  # fmt: skip


def asked(cast, verb: str) -> dict:
    return {
        "send_back": {"community_id": cast.community2.id, "reason": "不住本社区"},
        "cancel": {"reason": "开错了"},
        "end": {"kind": EndKind.MOVED, "reason": "搬到外县"},
        "relocate": {"community_id": cast.community2.id, "address": "西关街8号"},
    }.get(verb, {})


def acting(cast, person: str):
    return cast.by(person, Role.LIAISON) if person == "dual" else cast.by(person)


def test_the_table_names_every_verb_and_state():
    assert set(WHO) == set(FROM) == set(workflow.flow.moves)
    assert set(STATES) == {state.value for state in RegistrationState}


@pytest.mark.parametrize("verb", list(WHO))
@pytest.mark.parametrize("state", STATES)
def test_every_verb_from_every_state_by_everybody(cast, registration, verb, state):
    row = registration(state)
    move = workflow.flow.moves[verb]
    expected = {person: NO if person not in WHO[verb] else OK if state in FROM[verb] else LATE for person in EVERYBODY}
    found = {person: answer(move, row, acting(cast, person), **asked(cast, verb)) for person in EVERYBODY}
    assert found == expected


@pytest.mark.parametrize(
    ("verb", "end"),
    [
        ("present", "presented"), ("accept", "accepted"), ("file", "filed"), ("reissue", "issued"),
        ("send_back", "returned"), ("cancel", "cancelled"), ("end", "ended"), ("relocate", "accepted"),
    ],
)  # fmt: skip
def test_each_verb_leads_to_its_state_with_one_line(cast, registration, verb, end):
    row = registration(next(iter(sorted(FROM[verb]))))
    lines = len(history.of(row))
    person = "member1" if verb == "present" else "clerk1" if "clerk1" in WHO[verb] else "liaison1"
    workflow.flow.moves[verb](row, cast.by(person), **asked(cast, verb))
    db.session.commit()
    assert row.state.value == end
    assert [line.to_state for line in history.of(row)[lines:]] == [end]


@pytest.mark.parametrize("verb", ["send_back", "cancel", "end"])
def test_what_takes_away_asks_for_the_reason(cast, registration, verb):
    row = registration(next(iter(sorted(FROM[verb]))))
    person = "clerk1" if verb == "send_back" else "liaison1"
    assert answer(workflow.flow.moves[verb], row, cast.by(person), **asked(cast, verb) | {"reason": ""}) == LATE


ISSUERS = {"liaison1", "dual"}


def test_only_a_liaison_of_the_unit_issues(cast):
    for person in EVERYBODY:
        made = answer(lambda member, by: workflow.issue(member, by), cast.member1_row, acting(cast, person))
        assert made == (OK if person in ISSUERS else NO), person


def test_nobody_handles_their_own_papers_but_the_supervisor_does(cast):
    own, above = cast.by("dual", Role.LIAISON), cast.by("dept1")
    assert answer(lambda member, by: workflow.issue(member, by), cast.dual_row, own) == NO
    row = workflow.issue(cast.dual_row, above)
    assert history.last(row).stand_in
    workflow.present(row, own)  # a liaison leads the group in which they report themselves
    workflow.accept(row, cast.by("clerk1"))
    db.session.commit()
    assert answer(workflow.file, row, own) == NO
    assert answer(workflow.file, row, cast.by("dept2")) == NO
    assert answer(workflow.file, row, cast.by("liaison1")) == OK
    assert answer(workflow.file, row, above) == OK


def test_a_clerk_who_is_the_member_does_not_accept_their_own(cast, registration):
    row = registration("presented")
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    db.session.commit()
    assert answer(workflow.accept, row, cast.by("member1", Role.CLERK)) == NO
    assert answer(workflow.send_back, row, cast.by("member1", Role.CLERK), **asked(cast, "send_back")) == NO


@pytest.mark.parametrize(
    ("verb", "state", "person", "stands_in"),
    [
        ("present", "issued", "member1", False), ("present", "issued", "liaison1", True),
        ("accept", "presented", "clerk1", False), ("accept", "presented", "chengguan", True),
        ("send_back", "presented", "chengguan", True), ("end", "filed", "chengguan", True),
        ("end", "filed", "clerk1", False), ("relocate", "filed", "member1", False),
        ("relocate", "filed", "clerk1", False), ("relocate", "filed", "liaison1", True),
        ("file", "accepted", "liaison1", False),
    ],
)  # fmt: skip
def test_who_stands_in_is_marked(cast, registration, verb, state, person, stands_in):
    row = registration(state)
    workflow.flow.moves[verb](row, cast.by(person), **asked(cast, verb))
    assert history.last(row).stand_in is stands_in


def test_the_community_ends_only_what_it_knows_of(cast, registration):
    row = registration("filed")
    for kind, expected in (
        (EndKind.MOVED, OK), (EndKind.DIED, OK), (EndKind.TRANSFERRED, LATE), (EndKind.RETIRED, LATE),
        (EndKind.LEFT, LATE),
    ):  # fmt: skip
        assert answer(workflow.end, row, cast.by("clerk1"), kind=kind, reason="核实过") == expected
        assert answer(workflow.end, row, cast.by("liaison1"), kind=kind, reason="核实过") == OK


def test_the_second_clerk_is_told_who_was_first(cast, registration, time_machine):
    time_machine.move_to("2026-05-06 01:30:00+00:00")
    row = registration("presented")
    workflow.accept(row, cast.by("clerk1"))
    db.session.commit()
    with pytest.raises(TooLate) as refusal:
        workflow.accept(row, cast.by("clerk1b"))
    assert refusal.value.sentence == ("5月6日09:30 儒林社区 王秀兰已先“接洽”，这次报到现在是“已接洽”，不能接洽。")
