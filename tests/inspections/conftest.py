"""Inspections on their way: planned in May 2026, walked by hand from state to state."""

import datetime as dt

import pytest

from portal import clock
from portal.accounts import workflow as accounts
from portal.accounts.models import AppointmentState
from portal.extensions import db
from portal.inspections import checking, checklists, mending, noticing, workflow
from portal.inspections.kinds import AssessmentGrade, CheckResult, InspectionKind, TargetKind
from portal.inspections.models import Checklist, Finding, Inspection, ResultNotice
from portal.inspections.workflow import Plan

FIX_BY = dt.date(2026, 6, 5)
ANSWER = "已召开专题会研究，逐人催办，六月底前全部到位。"


@pytest.fixture(autouse=True)
def in_may(time_machine):
    time_machine.move_to("2026-05-19 02:00:00+00:00")


@pytest.fixture
def as_(browse, cast):
    """A browser in which this login is signed in."""
    return lambda username: browse(db.session.merge(cast.users[username]))


def in_days(days: int) -> dt.date:
    """A day around today, which is 19 May in this room's tests."""
    return clock.today() + dt.timedelta(days=days)


def a_plan(**more) -> Plan:
    usual = {"title": "5月专项督查", "about": "检查报到和服务情况。", "starts_on": in_days(-1), "ends_on": in_days(3),
             "fix_by": in_days(17)}  # fmt: skip
    return Plan(**usual | more)


def lists(cast) -> dict[InspectionKind, Checklist]:
    made = db.session.scalars(db.select(Checklist)).all() or checklists.take_standard(cast.by("county"))
    return {each.kind: each for each in made}


def planned(cast, kind=InspectionKind.CHECK, **more) -> Inspection:
    """An inspection of unit1 and community1 (an assessment: of all towns and departments), with its inspector."""
    county = cast.by("county")
    row = workflow.plan(county, kind, lists(cast)[kind], a_plan(**more))
    db.session.commit()
    if kind is InspectionKind.CHECK:
        workflow.choose(row, county, TargetKind.UNIT, [cast.unit1.id])
        workflow.choose(row, county, TargetKind.COMMUNITY, [cast.community1.id])
        workflow.appoint(row, county, cast.users["inspector"])
        db.session.commit()
    return row


def target_of(inspection: Inspection, body):
    return next(target for target in inspection.targets if target.body == body)


def found(cast, target, by="inspector", **more) -> Finding:
    usual = {"words": "有党员没有报到。", "demand": "逐人催办。", "fix_by": in_days(17)}
    item = next((each for each in target.inspection.items if each.drawn and each.asked_of.includes(target.kind)), None)
    row = mending.find(target, cast.by(by), mending.Found(**usual | {"item": item} | more))
    db.session.commit()
    return row


def walk(cast, state: str, kind=InspectionKind.CHECK) -> Inspection:
    """An inspection in this state; a check has one finding at unit1, an assessment a grade at every body."""
    row, county, other = planned(cast, kind), cast.by("county"), cast.by("county_b")
    if state == "planned":
        return row
    if state == "cancelled":
        workflow.cancel(row, county, "计划有变")
        db.session.commit()
        return row
    workflow.start(row, county)
    db.session.commit()
    if kind is InspectionKind.CHECK:
        unit, community = target_of(row, cast.unit1), target_of(row, cast.community1)
        found(cast, unit)
        checking.sum_up(community, cast.by("inspector"), clock.today(), "工作扎实。")
        db.session.commit()
    else:
        for target in row.targets:
            checking.grade(target, county, AssessmentGrade.GOOD, "各项工作落实较好。")
        db.session.commit()
    if state == "underway":
        return row
    workflow.issue(row, other)
    db.session.commit()
    if state == "issued" or row.state.value == state:
        return row
    finding = finding_of(row)
    mending.answer(finding, cast.by("liaison1"), answer=ANSWER)
    db.session.commit()
    if state == "answered":
        return row
    mending.accept(finding, other)
    workflow.close(row, county)
    db.session.commit()
    return row


def finding_of(inspection: Inspection) -> Finding:
    return next(each for target in inspection.targets for each in target.findings)


def walk_finding(cast, state: str) -> Finding:
    """The finding at unit1 in this state; `unsent` is open before the inspection was sent out."""
    if state == "unsent":
        return finding_of(walk(cast, "underway"))
    row = finding_of(walk(cast, "issued" if state == "open" else "answered" if state != "withdrawn" else "issued"))
    other = cast.by("county_b")
    if state == "accepted":
        mending.accept(row, other)
    elif state == "returned":
        mending.send_back(row, other, "措施不具体", fix_by=in_days(24))
    elif state == "withdrawn":
        mending.withdraw(row, other, "经核实不存在")
    db.session.commit()
    return row


def drafted(cast, state="issued") -> ResultNotice:
    """The notice of an inspection that was sent out, drafted by county."""
    row = walk(cast, state)
    words = noticing.first_words(row, len(row.targets))
    notice = noticing.draft(row, cast.by("county"), words)
    db.session.commit()
    return notice


def approve(cast, inspection: Inspection) -> None:
    """The second person approves the inspectors that were named."""
    for each in inspection.inspectors:
        if each.appointment.state is AppointmentState.PROPOSED:
            accounts.approve(each.appointment, cast.by("county_b"))
    db.session.commit()


def tick(cast, target, place: int, result=CheckResult.GOOD, by="inspector", **more):
    item = next(each for each in target.inspection.items if each.place == place)
    check = checking.tick(target, item, cast.by(by), result, **more)
    db.session.commit()
    return check
