"""The life cycle of a closing: every verb × state × role, typed by hand; when it may be proposed; two at once."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from portal import clock, history
from portal.actors import SYSTEM, Role, resident_of
from portal.closing import queries, workflow
from portal.closing.models import Closing, ClosingState
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.scheme.models import SchemeYear
from tests.closing.conftest import YEAR, a_record, run
from tests.lifecycles import LATE, NO, OK, answer

EVERYBODY = (
    "county", "county_b", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
    "clerk2", "grid1", "member1", "dual",
)  # fmt: skip
COUNTY = {"county", "county_b"}
# Proposed by county. Who may do what from which state; elsewhere whose the move is answers: not now.
WHO = {
    "confirm": {"county_b"}, "withdraw": COUNTY, "resume": COUNTY, "stop": set(), "close": set(),
}  # fmt: skip
FROM = {
    "confirm": {"proposed"}, "withdraw": {"proposed"}, "resume": {"stopped"}, "stop": {"running"}, "close": {"running"},
}  # fmt: skip
STATES = [state.value for state in ClosingState]
ASKED = {"withdraw": {"reason": "还要再核对"}, "stop": {"reason": "出错"}, "close": {"sha256": "0" * 64}}


def a_closing(cast, state: str = "proposed") -> Closing:
    row = workflow.propose(YEAR, cast.by("county"))
    if state in ("running", "stopped", "closed"):
        workflow.confirm(row, cast.by("county_b"))
    if state == "stopped":
        workflow.stop(row, SYSTEM, reason="出错")
    elif state == "closed":
        workflow.close(row, SYSTEM, sha256="0" * 64)
    elif state == "withdrawn":
        workflow.withdraw(row, cast.by("county"), reason="还要再核对")
    db.session.commit()
    assert row.state.value == state
    return row


def test_the_table_is_whole(app):
    assert set(WHO) == set(FROM) == set(workflow.flow.moves)


@pytest.mark.parametrize("verb", list(WHO))
@pytest.mark.parametrize("state", STATES)
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    row, move, asked = a_closing(cast, state), workflow.flow.moves[verb], ASKED.get(verb, {})
    allowed = OK if state in FROM[verb] else LATE
    expected = {person: allowed if person in WHO[verb] else NO for person in EVERYBODY}
    assert {person: answer(move, row, cast.by(person), **asked) for person in EVERYBODY} == expected
    assert answer(move, row, resident_of(0), **asked) == NO
    assert answer(move, row, SYSTEM, **asked) == (allowed if verb in ("stop", "close") else NO)


@pytest.mark.parametrize("person", [name for name in EVERYBODY if name not in COUNTY])
def test_only_the_county_proposes(cast, person):
    with pytest.raises(NotYours):
        workflow.propose(YEAR, cast.by(person))


def test_the_proposer_never_confirms_in_another_appointment_either(cast):
    row = a_closing(cast)
    cast.appoint("county", "刘建国", Role.COUNTY)
    for move in (workflow.confirm,):
        assert answer(move, row, cast.by("county")) == NO
    row.state, row.confirmed_at = ClosingState.RUNNING, clock.now()
    row.confirmed_by_user_id = row.proposed_by_user_id  # what no rule let through the database refuses
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_year_is_closed_from_31_january_on(cast):
    with pytest.raises(RuleBroken, match="2026年度要到2027年1月31日以后才能结账"):
        workflow.propose(2026, cast.by("county"))
    assert queries.opens_on(2025) == dt.date(2026, 1, 31)


def test_a_year_that_was_never_opened_is_not_closed(cast):
    with pytest.raises(RuleBroken, match="2024年度还没有开设"):
        workflow.propose(2024, cast.by("county"))


def test_what_is_in_the_way_is_named_and_keeps_it_from_being_proposed_and_confirmed(cast):
    row = a_closing(cast)
    a_record(cast, confirmed=False)
    with pytest.raises(RuleBroken, match="写实记录待确认 1 件"):
        workflow.confirm(row, cast.by("county_b"))
    db.session.rollback()
    assert queries.stored(YEAR).locked_at is None
    workflow.withdraw(row, cast.by("county_b"), reason="还有没确认的")
    db.session.commit()
    with pytest.raises(RuleBroken, match="写实记录待确认 1 件"):
        workflow.propose(YEAR, cast.by("county"))


def test_it_is_proposed_once_and_after_a_refusal_again(cast):
    row = a_closing(cast)
    with pytest.raises(TooLate, match="已经提出2025年度结账"):
        workflow.propose(YEAR, cast.by("county_b"))
    workflow.withdraw(row, cast.by("county_b"), reason="还要再核对")
    db.session.commit()
    again = workflow.propose(YEAR, cast.by("county_b"))
    db.session.commit()
    assert again.id != row.id
    with pytest.raises(IntegrityError):
        row.state = ClosingState.PROPOSED
        db.session.flush()


def test_a_closed_year_is_not_closed_again(cast):
    a_closing(cast, "running")
    run()
    year = db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == YEAR)).one()
    assert year.closed_at and year.locked_at
    with pytest.raises(TooLate, match="2025年度已结账"):
        workflow.propose(YEAR, cast.by("county_b"))


def test_every_step_leaves_one_line_and_cannot_be_undone(cast):
    row = a_closing(cast, "running")
    run()
    assert [line.verb for line in history.of(row)] == ["propose", "confirm", "close"]
    assert "undo" not in workflow.flow.all_moves
