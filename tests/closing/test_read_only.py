"""A closed year is read-only: every verb that touches a dated thing × a closed year, typed by hand."""

import datetime as dt

import pytest

from portal import clock, years
from portal.activities import workflow as activities
from portal.activities.models import ActivityState
from portal.closing import queries
from portal.errors import TooLate
from portal.evaluations import noting
from portal.evaluations import workflow as evaluations
from portal.exemplars import workflow as exemplars
from portal.extensions import db
from portal.feedback import workflow as feedback
from portal.flow import FLOWS, open_moves
from portal.households import visiting
from portal.pledges import workflow as pledges
from portal.records import workflow as records
from portal.records.models import Evidence
from portal.reports import confirming
from portal.reports import workflow as reports
from portal.work import workflow as work
from tests.closing.conftest import YEAR, a_record, close, service

WORDS = "2025年度已结账，只能查阅；确有差错的，请县委组织部办理更正。"
# Of each life cycle whose cases belong to a year, the verbs: none is made once the year is closed.
FROZEN = {
    "service_records": {"confirm", "reject", "void", "object"},
    "objections": {"uphold", "dismiss"},
    "visits": {"confirm", "reject", "withdraw"},
    "pledges": {"submit", "withdraw", "approve", "send_back", "show", "end"},
    "evaluations": {"grade", "assess", "send", "reply", "answer", "acknowledge", "withdraw", "drop", "resume"},
    "evaluation_notes": {"reply", "acknowledge", "withdraw"},
    "bulletins": {"remark", "send", "acknowledge"},
    "reports": {"submit", "withdraw", "accept", "send_back", "urge"},
    "report_parts": {"confirm", "confirm_for", "urge"},
    "exemplars": {"amend", "withdraw", "confirm", "send_back"},
    "own_work": {"cancel"},
    "activities": {
        "publish", "postpone", "cancel", "hold", "sign_up", "sign_up_for", "withdraw", "take_off", "renew",
        "renew_for", "let_go", "mark", "walk_in", "set_hours", "settle", "take_up", "drop_wish", "invite_team",
        "sign_up_team", "ask_member", "free_held",
    },
}  # fmt: skip
FLOWS_OF_A_YEAR = (
    records.flow, records.objections, visiting.flow, pledges.flow, evaluations.flow, noting.flow, feedback.flow,
    reports.flow, confirming.flow, exemplars.flow, work.flow, activities.flow,
)  # fmt: skip
DAY = dt.date(YEAR, 6, 7)


def a_row(flow):
    """A case of the closed year as its life cycle reads it, in no database."""
    row = flow.model()
    if flow is records.objections:
        row.record = records.flow.model(day=DAY)
    elif flow is confirming.flow:
        row.report = reports.flow.model(year=YEAR)
    elif "year" in flow.model.__table__.columns and flow is not activities.flow:
        row.year = YEAR
    else:
        row.day = DAY
    row.state = ActivityState.HELD if flow is activities.flow else next(iter(flow.moves.values())).starts[0]
    return row


def test_the_table_is_whole(app):
    table = {flow.name: set(flow.moves) for flow in FLOWS_OF_A_YEAR}
    table["exemplars"] -= {"revoke"}  # who proves unworthy is no exemplar any more, also of a closed year
    assert table == FROZEN
    dated = {flow.name for flow in FLOWS.values() if flow.of_year.__module__ != "portal.flow"}
    assert dated == set(FROZEN)


@pytest.mark.parametrize("flow", FLOWS_OF_A_YEAR, ids=lambda flow: flow.name)
def test_a_case_of_a_closed_year_refuses_every_move(cast, flow):
    row = a_row(flow)
    assert not flow.is_over(row)  # as long as the year is open
    close(cast)
    assert flow.of_year(row) == YEAR and flow.is_over(row)
    with pytest.raises(TooLate) as refusal:
        flow.check_year(row)
    assert refusal.value.sentence == WORDS


@pytest.mark.parametrize("verb", ["confirm", "reject", "void", "object"])
def test_a_record_of_a_closed_year_refuses_by_its_own_moves(cast, verb):
    record = a_record(cast)
    by = {"void": "clerk1", "object": "member1"}.get(verb, "clerk1b")
    asked = {"object": {"words": "不对"}, "confirm": {}}.get(verb, {"reason": "登记有误"})
    close(cast)
    with pytest.raises(TooLate) as refusal:
        records.flow.moves[verb](record, cast.by(by), **asked)
    assert refusal.value.sentence == WORDS
    assert open_moves(record, cast.by("clerk1")) == []


def test_a_service_of_a_closed_year_is_not_written_down_any_more(cast):
    close(cast)
    with pytest.raises(TooLate, match="2025年度已结账"):
        records.record_service(service(cast), cast.by("clerk1"), Evidence.LATE)
    db.session.rollback()
    this_year = dt.date(clock.today().year, 3, 7)
    assert records.record_service(service(cast, this_year), cast.by("clerk1"), Evidence.LATE).id


def test_while_it_is_being_closed_nothing_changes_either(cast):
    record = a_record(cast)
    queries.stored(YEAR).locked_at = clock.now()
    db.session.commit()
    with pytest.raises(TooLate, match="2025年度正在结账，不能再改动"):
        records.void(record, cast.by("clerk1"), reason="登记有误")


def test_an_act_of_before_is_not_taken_back_after_it(cast):
    record = a_record(cast)
    records.void(record, cast.by("clerk1"), reason="登记有误")
    db.session.commit()
    assert [move.verb for move in open_moves(record, cast.by("clerk1"))] == ["undo"]
    close(cast)
    assert open_moves(record, cast.by("clerk1")) == []
    with pytest.raises(TooLate):
        records.flow.undo(record, cast.by("clerk1"))


def test_a_draft_of_an_activity_belongs_to_no_year(app):
    row = activities.flow.model(day=DAY, state=ActivityState.DRAFT)
    assert activities.flow.of_year(row) is None


def test_this_year_is_never_asked_for(app):
    assert years.why_closed(clock.today().year) == ""
    assert years.why_closed(None) == ""
