"""The four life cycles of this room: every verb × state × person, typed by hand."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from portal import clock, history
from portal.actors import Role
from portal.audit import AuditRow
from portal.extensions import db
from portal.pairings import actions, contact_points, projects, workflow
from portal.pairings.models import ActionState, ContactPointState, PairingState, ProjectState
from tests.lifecycles import LATE, NO, OK, answer
from tests.pairings.conftest import (
    ACTION_WAY,
    EVERYBODY,
    PAIRING_WAY,
    POINT_WAY,
    PROJECT_WAY,
    action,
    asked,
    paired,
    point,
    project,
    with_lists,
)

UNIT, COMMUNITY = {"liaison1", "dual"}, {"clerk1", "clerk1b"}
BOTH = UNIT | COMMUNITY
TABLES = {
    # unit1 proposed to community1
    "pairing": {
        "agree": (COMMUNITY, {"proposed"}),
        "decline": (COMMUNITY, {"proposed"}),
        "withdraw": (UNIT, {"proposed"}),
        "add_need": (COMMUNITY, {"active"}),
        "add_resource": (UNIT, {"active"}),
        "strike": (BOTH, set()),  # nothing stands on a list yet; tried below
        "end": (BOTH, {"active"}),
    },
    "project": {
        "start": (BOTH, {"planned"}),
        "finish": (BOTH, {"planned", "underway"}),
        "postpone": (BOTH, {"planned", "underway"}),
        "drop": (BOTH, {"planned", "underway"}),
    },
    # unit1 recorded it
    "action": {
        "confirm": (COMMUNITY, {"recorded"}),
        "reject": (COMMUNITY, {"recorded"}),
        "withdraw": (UNIT, {"recorded"}),
    },
    # a leader of unit1 (under dept1) and community1
    "point": {
        "agree": (COMMUNITY, {"proposed"}),
        "decline": (COMMUNITY, {"proposed"}),
        "withdraw": (UNIT | {"dept1"}, {"proposed"}),
        "end": (BOTH | {"dept1"}, {"active"}),
    },
}
KINDS = {
    "pairing": (workflow.flow, paired, PAIRING_WAY, PairingState),
    "project": (projects.flow, project, PROJECT_WAY, ProjectState),
    "action": (actions.flow, action, ACTION_WAY, ActionState),
    "point": (contact_points.flow, point, POINT_WAY, ContactPointState),
}
CASES = [(kind, state, verb) for kind, (_, _, way, _) in KINDS.items() for state in way for verb in TABLES[kind]]


def acting(cast, person: str):
    return cast.by(person, Role.LIAISON) if person == "dual" else cast.by(person)


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_tables_name_every_verb_and_state(kind):
    flow, _, way, states = KINDS[kind]
    assert set(TABLES[kind]) == set(flow.moves)
    assert set(way) == {state.value for state in states}


@pytest.mark.parametrize(("kind", "state", "verb"), CASES)
def test_every_verb_from_every_state_by_everybody(cast, kind, state, verb):
    flow, make, _, _ = KINDS[kind]
    row = make(cast, state)
    who, start = TABLES[kind][verb]
    found = {person: answer(flow.moves[verb], row, acting(cast, person), **asked(flow, verb)) for person in EVERYBODY}
    assert found == {p: (OK if state in start else LATE) if p in who else NO for p in EVERYBODY}


@pytest.mark.parametrize(
    ("kind", "verb", "start", "person", "end"),
    [
        ("pairing", "agree", "proposed", "clerk1", "active"), ("pairing", "decline", "proposed", "clerk1", "declined"),
        ("pairing", "withdraw", "proposed", "liaison1", "ended"), ("pairing", "end", "active", "clerk1", "ended"),
        ("pairing", "add_need", "active", "clerk1", "active"),
        ("pairing", "add_resource", "active", "liaison1", "active"),
        ("project", "start", "planned", "clerk1", "underway"), ("project", "finish", "planned", "liaison1", "done"),
        ("project", "finish", "underway", "clerk1", "done"), ("project", "drop", "underway", "liaison1", "dropped"),
        ("project", "postpone", "planned", "clerk1", "planned"),
        ("project", "postpone", "underway", "clerk1", "underway"),
        ("action", "confirm", "recorded", "clerk1", "confirmed"),
        ("action", "reject", "recorded", "clerk1", "rejected"),
        ("action", "withdraw", "recorded", "liaison1", "withdrawn"),
        ("point", "agree", "proposed", "clerk1", "active"), ("point", "decline", "proposed", "clerk1", "declined"),
        ("point", "withdraw", "proposed", "dept1", "ended"), ("point", "end", "active", "dept1", "ended"),
    ],
)  # fmt: skip
def test_each_verb_leads_to_its_state_with_one_line_and_one_audit_row(cast, kind, verb, start, person, end):
    flow, make, _, _ = KINDS[kind]
    row = make(cast, start)
    lines, audited = len(history.of(row)), db.session.scalar(select(func.count()).select_from(AuditRow))
    flow.moves[verb](row, cast.by(person), **asked(flow, verb))
    db.session.commit()
    assert row.state.value == end
    assert [(line.verb, line.to_state) for line in history.of(row)[lines:]] == [(verb, end)]
    assert db.session.scalar(select(func.count()).select_from(AuditRow)) == audited + 1


@pytest.mark.parametrize(
    ("kind", "start", "verb", "person"),
    [
        ("pairing", "proposed", "decline", "clerk1"), ("pairing", "active", "end", "liaison1"),
        ("project", "planned", "drop", "clerk1"), ("project", "planned", "postpone", "clerk1"),
        ("project", "planned", "finish", "clerk1"), ("action", "recorded", "reject", "clerk1"),
        ("point", "proposed", "decline", "clerk1"), ("point", "active", "end", "clerk1"),
    ],
)  # fmt: skip
def test_what_the_spec_stars_asks_for_words(cast, kind, start, verb, person):
    flow, make, _, _ = KINDS[kind]
    words = {"reason": ""} if flow.moves[verb].reason else {"result": ""}
    assert answer(flow.moves[verb], make(cast, start), cast.by(person), **asked(flow, verb) | words) == LATE


def test_a_community_may_propose_and_then_the_unit_answers(cast):
    row = workflow.propose(cast.unit1, cast.community1, cast.by("clerk1"))
    db.session.commit()
    for verb, who in (("agree", UNIT), ("decline", UNIT), ("withdraw", COMMUNITY)):
        found = {p for p in EVERYBODY if answer(workflow.flow.moves[verb], row, acting(cast, p),
                                                **asked(workflow.flow, verb)) == OK}  # fmt: skip
        assert found == who, verb


def test_only_the_two_sides_propose(cast):
    def propose(_row, by):
        workflow.propose(cast.unit1, cast.community1, by)

    found = {person for person in EVERYBODY if answer(propose, None, acting(cast, person)) == OK}
    assert found == BOTH


def test_only_unit_and_supervisor_propose_a_contact_point(cast):
    leader = cast.member2_row
    leader.leading = True
    db.session.commit()

    def propose(_row, by):
        contact_points.propose(leader, cast.community1, by)

    assert {p for p in EVERYBODY if answer(propose, None, acting(cast, p)) == OK} == UNIT | {"dept1"}


def test_only_the_two_sides_plan_and_record(cast):
    row = with_lists(cast)
    need, day = row.needs[0].id, clock.today()

    def plan(pairing, by):
        projects.plan(pairing, by, what="x", responsible="x", due_on=day + dt.timedelta(days=1), need_id=need)

    def record(pairing, by):
        actions.record(pairing, by, held_on=day, what="x", took_part=1)

    for act in (plan, record):
        found = {person: answer(act, row, acting(cast, person)) for person in EVERYBODY}
        assert found == {person: OK if person in BOTH else NO for person in EVERYBODY}


@pytest.mark.parametrize("state", ["proposed", "declined", "ended"])
def test_nothing_is_planned_or_recorded_unless_both_build_together(cast, state):
    row = paired(cast, state)

    def record(pairing, by):
        actions.record(pairing, by, held_on=clock.today(), what="x", took_part=1)

    assert answer(record, row, cast.by("liaison1")) == LATE
