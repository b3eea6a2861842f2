"""Whoever leaves the roster acts as a member no more, from the same moment; whoever only moved house goes on."""

import pytest
from sqlalchemy import select

from portal import history
from portal.accounts.models import Appointment, AppointmentState
from portal.actors import Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.registrations import workflow
from portal.registrations.models import EndKind

ACTIVE, ENDED = AppointmentState.ACTIVE, AppointmentState.ENDED


def as_member(user) -> Appointment:
    of_user = (Appointment.user_id == user.id, Appointment.role == Role.MEMBER)
    return db.session.scalars(select(Appointment).where(*of_user)).one()


@pytest.mark.parametrize(
    ("kind", "state", "answer"),
    [
        (EndKind.MOVED, ACTIVE, 200),  # out of the county town: on the unit's roster still
        (EndKind.TRANSFERRED, ENDED, 302),
        (EndKind.RETIRED, ENDED, 302),
        (EndKind.LEFT, ENDED, 302),
        (EndKind.DIED, ENDED, 302),
    ],
)
def test_the_login_follows_the_kind(cast, registration, browse, kind, state, answer):
    row, browser = registration("filed"), browse(cast.users["member1"])
    assert browser.get("/desk").status_code == 200
    workflow.end(row, cast.by("liaison1"), kind=kind, reason="经核实")
    db.session.commit()
    assert as_member(cast.users["member1"]).state is state
    assert browser.get("/desk").status_code == answer


def test_reporting_in_another_community_leaves_the_login_alone(cast, registration):
    registration("filed")
    cast.member1_row.community = cast.community2
    workflow.accept(workflow.issue(cast.member1_row, cast.by("liaison1")), cast.by("clerk2"))
    db.session.commit()
    assert as_member(cast.users["member1"]).state is ACTIVE


def test_an_office_held_besides_is_ended_by_who_gave_it(cast):
    row = workflow.issue(cast.dual_row, cast.by("dept1"))
    workflow.accept(row, cast.by("clerk1"))
    workflow.end(row, cast.by("clerk1"), kind=EndKind.DIED, reason="因病去世")
    db.session.commit()
    dual = cast.users["dual"]
    held = {appointment.role: appointment.state for appointment in dual.appointments}
    assert held == {Role.MEMBER: ENDED, Role.LIAISON: ACTIVE}
    line = history.last(as_member(dual))
    assert (line.verb, line.label) == ("end", "结束：去世")


def test_what_refuses_the_end_keeps_the_login(cast, registration, monkeypatch):
    row = registration("filed")

    def refuse(_ended, _by):
        raise RuleBroken("还不能结束")

    monkeypatch.setitem(workflow._when_ended, refuse, None)
    with pytest.raises(RuleBroken), db.session.begin_nested():
        workflow.end(row, cast.by("liaison1"), kind=EndKind.RETIRED, reason="到龄退休")
    assert as_member(cast.users["member1"]).state is ACTIVE
