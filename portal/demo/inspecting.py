"""Inspections of the demonstration, one in every state, as the moves write them, set back to their days."""

import datetime as dt

from sqlalchemy import select

from portal import clock
from portal.accounts import acting, queries
from portal.accounts import workflow as accounts
from portal.accounts.models import Appointment, AppointmentState, User
from portal.actors import Actor, Role
from portal.demo.county import County
from portal.demo.inspecting_words import ABOUT, FOUND, GRADES, LARGEST, REASONS
from portal.demo.setting_back import set_back
from portal.extensions import db
from portal.inspections import checking, checklists, mending, noticing, workflow
from portal.inspections.kinds import (
    CheckResult,
    Drawn,
    InspectionKind,
    Merit,
    TargetKind,
)
from portal.inspections.models import Checklist, Finding, Inspection, Target
from portal.inspections.rights import office_of
from portal.inspections.workflow import Plan


def settle(county: County) -> None:
    """Last year's check and assessment, closed; this year's from a plan to answers that wait to be judged."""
    one, other = _by("county", Role.COUNTY), _by("county2", Role.COUNTY)
    lists = {each.kind: each for each in checklists.take_standard(one)}
    _last_year(county, one, other, lists)
    _in_may(county, one, other, lists[InspectionKind.CHECK])
    _looked_again(county, one, other, lists[InspectionKind.CHECK])
    _underway(county, one, other, lists[InspectionKind.CHECK])
    soon = county.today + dt.timedelta(days=14)
    _plan(county, one, lists[InspectionKind.CHECK], "服务日活动开展情况督查", soon, 3, 2)
    off = _plan(county, one, lists[InspectionKind.CHECK], "微心愿办理情况督查", county.today, 0, 2)
    workflow.cancel(off, one, "与市委组织部的检查合并进行")


def _last_year(county: County, one: Actor, other: Actor, lists: dict[InspectionKind, Checklist]) -> None:
    day = dt.date(county.year - 1, 5, 19)
    row = _plan(county, one, lists[InspectionKind.CHECK], f"{day.year}年在职党员进社区专项督查", day, 6, 3)
    _visit(row, one, other, day, every=2)
    _answer(row, other, len(FOUND), accepted=LARGEST)
    _notice(row, one, other)
    workflow.close(row, one)
    set_back(row, day, county.today)
    day = dt.date(county.year - 1, 12, 15)
    plan = Plan(f"{day.year}年度在职党员进社区工作考核", "考核各镇、部门全年工作，不打分、不排名。", day, day)
    year = workflow.plan(one, InspectionKind.YEARLY_ASSESSMENT, lists[InspectionKind.YEARLY_ASSESSMENT], plan)
    # Counting the five ones of the whole county anew would take longer than the rest of this file.
    year.items = [item for item in year.items if item.drawn is not Drawn.FIVE_ONES]
    workflow.start(year, one)
    for number, target in enumerate(year.targets):
        grade = GRADES[number % len(GRADES)]
        checking.grade(target, one, grade, REASONS[grade])
    workflow.issue(year, other)
    workflow.close(year, one)
    set_back(year, day, county.today)


def _in_may(county: County, one: Actor, other: Actor, checklist: Checklist) -> None:
    """All answered, one answer still to be judged; the notice is a draft."""
    day = min(dt.date(county.year, 5, 19), county.days_ago(21))
    row = _plan(county, one, checklist, f"{day.year}年报到工作集中督查", day, 4, 2)
    _visit(row, one, other, day, every=2)
    _answer(row, other, LARGEST, accepted=1)
    _notice(row, one, other, published=False)
    set_back(row, day, county.today)


def _looked_again(county: County, one: Actor, other: Actor, checklist: Checklist) -> None:
    """Sent out: one finding each that nobody answered in time, that was sent back, accepted and withdrawn."""
    day = county.days_ago(30)
    row = _plan(county, one, checklist, "报到和承诺情况回头看", day, 4, 1)
    _visit(row, one, other, day, every=1)
    late, back, taken, *_ = _findings(row)
    for finding in (back, taken):
        mending.answer(finding, _office(finding.target), answer=FOUND[finding.item.drawn][2])
    mending.send_back(back, other, "没有写清完成时间和责任人职务", fix_by=county.today + dt.timedelta(days=7))
    mending.accept(taken, other)
    mending.withdraw(_findings(row)[3], other, "经核对台账，不存在这个问题")
    late.fix_by = county.days_ago(3)
    db.session.flush()
    set_back(row, day, county.today)
    late.fix_by, back.fix_by = county.days_ago(3), county.today + dt.timedelta(days=7)


def _underway(county: County, one: Actor, other: Actor, checklist: Checklist) -> None:
    """Under way with its inspector: one body visited, one found something at, the rest still to be visited."""
    day = county.today - dt.timedelta(days=1)
    row = _plan(county, one, checklist, "在职党员进社区随机抽查", day, 3, 2)
    inspector = db.session.scalars(select(User).where(User.username == "inspector1")).one()
    held = workflow.appoint(row, one, inspector).appointment
    if held.state is AppointmentState.PROPOSED:
        accounts.approve(held, other)
    workflow.start(row, one)
    by = _by("inspector1", Role.INSPECTOR)
    first = row.targets[0]
    for item in row.items[:4]:
        if item.asked_of.includes(first.kind):
            checking.tick(first, item, by, CheckResult.PARTLY if item.drawn else CheckResult.GOOD, "看了台账")
    mending.find(first, by, _found(row, first, 0, county.today + dt.timedelta(days=15)))


def _plan(county: County, by: Actor, checklist: Checklist, title: str, day: dt.date, units: int, places: int):
    """A plan for some days with its targets: the first units and communities, more of them in a larger county."""
    fix_by = day + dt.timedelta(days=17)
    plan = Plan(title, ABOUT, day, day + dt.timedelta(days=4), fix_by)
    row = workflow.plan(by, InspectionKind.CHECK, checklist, plan)
    share = min(max(units, len(county.offices) // 8), LARGEST) if units else 0
    workflow.choose(row, by, TargetKind.UNIT, [office.id for office in county.offices[:share]])
    workflow.choose(row, by, TargetKind.COMMUNITY, [place.id for place in county.places[:places]])
    return row


def _visit(row: Inspection, one: Actor, other: Actor, day: dt.date, every: int) -> None:
    """Every body is visited, something is found at each second one or at all, and it is sent out."""
    workflow.start(row, one)
    for number, target in enumerate(row.targets):
        checking.sum_up(target, other, max(day, row.starts_on), "有部署、有台账，党员服务情况与登记基本一致。")
        if number % every == 0 and _office(target):
            mending.find(target, other, _found(row, target, number, clock.today() + dt.timedelta(days=17)))
    workflow.issue(row, one)


def _found(row: Inspection, target: Target, number: int, fix_by: dt.date) -> mending.Found:
    items = [item for item in row.items if item.drawn and item.asked_of.includes(target.kind)]
    plain = [item for item in items if item.drawn is not Drawn.FIVE_ONES]
    item = plain[number % len(plain)]
    words, demand, _ = FOUND[item.drawn]
    return mending.Found(words, fix_by, demand, item)


def _findings(row: Inspection) -> list[Finding]:
    found = select(Finding).join(Finding.target).where(Target.inspection_id == row.id).order_by(Finding.id)
    return list(db.session.scalars(found))


def _answer(row: Inspection, judge: Actor, answered: int, accepted: int) -> None:
    """The bodies answer; the county accepts the first so many answers."""
    for number, finding in enumerate(_findings(row)):
        mending.answer(finding, _office(finding.target), answer=FOUND[finding.item.drawn][2])
        if number < accepted:
            mending.accept(finding, judge)


def _notice(row: Inspection, one: Actor, other: Actor, published: bool = True) -> None:
    praised, criticised = row.targets[-1], row.targets[0]
    checking.name(praised, one, Merit.PRAISED, "报到接洽有专人，微心愿当周审核、按期办结")
    checking.name(criticised, one, Merit.CRITICISED, "报到工作抓得不紧，督查时仍有党员没有报到")
    notice = noticing.draft(row, one, noticing.first_words(row, len(row.targets)))
    if published:
        noticing.publish(notice, other)


def _office(target: Target) -> Actor | None:
    """Whoever holds the office of a body."""
    office = office_of(target)
    rows = select(Appointment).where(Appointment.role == office.role, getattr(Appointment, office.scope) == office.id)
    held = db.session.scalar(rows.where(queries.in_force(clock.today())).order_by(Appointment.id).limit(1))
    return acting.actor_of(held.user, held) if held else None


def _by(username: str, role: Role) -> Actor:
    user = db.session.scalars(select(User).where(User.username == username)).one()
    held = queries.appointments_of(user.id, clock.today())
    return acting.actor_of(user, next(each for each in held if each.role is role))
