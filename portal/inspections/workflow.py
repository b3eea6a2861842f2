"""The life cycle of an inspection: planned, held on the spot, sent out, answered, closed.

Who inspects is appointed for this inspection, by a second person's leave, and stops with it.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from portal import clock, numbers
from portal.accounts import workflow as accounts
from portal.accounts.models import Appointment, AppointmentState, User
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.inspections import evidence, listing, queries
from portal.inspections.apart import places_of
from portal.inspections.kinds import FindingState, InspectionKind, InspectionState, TargetKind
from portal.inspections.models import (
    TO_MEND,
    UNSETTLED,
    Checklist,
    Finding,
    Inspection,
    InspectionItem,
    Inspector,
    Target,
)
from portal.inspections.rights import county, office_of, second_person
from portal.people.models import Supervisor, SupervisorKind
from portal.telling import Addressee, Tells, Topic

S = InspectionState
flow = Flow(
    Inspection, "这次督查", room="inspections", noun="inspection", visible_to=queries.visible_to,
    named=lambda row: f"{row.kind.label}“{row.title}”",
)  # fmt: skip
COLUMN = {TargetKind.UNIT: "unit_id", TargetKind.COMMUNITY: "community_id"}


@dataclass(frozen=True)
class Plan:
    """What an inspection is about and when it is held; `fix_by` the day by which findings are to be mended."""

    title: str
    about: str
    starts_on: dt.date
    ends_on: dt.date
    fix_by: dt.date | None = None


def _targets(inspection: Inspection) -> list[Addressee]:
    return [office_of(target) for target in inspection.targets]


tells_targets = Tells(Topic.INSPECTION, _targets)


def plan(by: Actor, kind: InspectionKind, checklist: Checklist, wanted: Plan) -> Inspection:
    """The county plans an inspection with its own copy of a checklist; an assessment is of all towns and departments.

    Raises NotYours, RuleBroken.  [三3]
    """
    if not by.is_in(Role.COUNTY):
        raise NotYours("督查由县委组织部安排。")
    _check(wanted)
    if not checklist.items:
        raise RuleBroken(f"清单“{checklist.title}”还没有内容，请先补充。")
    year = wanted.starts_on.year
    serial = numbers.draw("inspection", year)
    row = Inspection(
        state=S.PLANNED, number=numbers.address_number(year, serial), year=year, serial=serial, kind=kind,
        planned_by_user_id=by.user_id, **vars(wanted),
    )  # fmt: skip
    row.items = [
        InspectionItem(place=at, asked_of=item.asked_of, words=item.words, drawn=item.drawn, clause=item.clause)
        for at, item in enumerate(checklist.items, 1)
    ]
    db.session.add(row)
    flow.opened(row, by, "plan", "制定方案")
    if row.is_assessment:
        bodies = select(Supervisor).where(Supervisor.kind.in_(queries.BODIES)).order_by(Supervisor.name)
        for body in db.session.scalars(bodies):
            town = body.kind is SupervisorKind.TOWN
            kind_of = TargetKind.TOWN if town else TargetKind.DEPARTMENT
            db.session.add(Target(inspection=row, kind=kind_of, supervisor=body))
    return row


def change(inspection: Inspection, by: Actor, wanted: Plan) -> None:
    """The county changes the plan before the findings are sent; inspectors serve as long as it then lasts.  [三3]"""
    check_plan(inspection, by)
    _check(wanted)
    for name, value in vars(wanted).items():
        setattr(inspection, name, value)
    for each in inspection.inspectors:
        if each.appointment.state is not AppointmentState.ENDED and each.appointment.ends_on != wanted.ends_on:
            each.appointment.ends_on = max(wanted.ends_on, each.appointment.starts_on)
            accounts.appointments.opened(each.appointment, by, "follow", "随督查日期变更")
    flow.noted(inspection, by, "change", "修改方案", inspection.state)


def choose(inspection: Inspection, by: Actor, kind: TargetKind, ids: Collection[int]) -> int:
    """The county chooses whom to inspect, of one kind; how many came to those chosen before.  [三3]"""
    check_plan(inspection, by)
    if inspection.is_assessment and kind not in (TargetKind.TOWN, TargetKind.DEPARTMENT):
        raise RuleBroken("年度考核的对象是镇和部门。")
    column = COLUMN.get(kind, "supervisor_id")
    chosen = {getattr(target, column) for target in inspection.targets}
    known = {key for key, _ in db.session.execute(listing.candidates(kind))}
    new = sorted(set(ids) & known - chosen)
    if new:
        inspection.targets += [Target(kind=kind, **{column: key}) for key in new]
        flow.noted(inspection, by, "choose", f"选定督查对象 {len(new)} 个", inspection.state)
    return len(new)


def drop(target: Target, by: Actor) -> None:
    """The county takes a target off the list, as long as nothing was written down there.  [三3]"""
    inspection = target.inspection
    check_plan(inspection, by)
    if target.findings or any(check.result for check in target.checks) or target.words or target.grade:
        raise RuleBroken(f"{target.name}已有督查记录，不能移出。")
    for check in target.checks:
        db.session.delete(check)
    flow.noted(inspection, by, "drop", f"移出{target.name}"[:32], inspection.state)
    db.session.delete(target)


def appoint(inspection: Inspection, by: Actor, user: User) -> Inspector:
    """The county names an inspector for this inspection; a second person approves it, and it ends with it.

    Raises NotYours, RuleBroken.  [三3]
    """
    check_plan(inspection, by)
    places, targets = places_of(user.id), select(Target).where(Target.inspection_id == inspection.id)
    named = db.session.scalars(targets.options(*queries.named()).order_by(Target.id))
    if own := [target.name for target in named if places.include(target)]:
        more = "等" if len(own) > 1 else ""
        raise RuleBroken(f"{user.name}属于被督查的{own[0]}{more}，不能督查自己所在的党组织，请另选一位。")
    held = _unbound(user) or accounts.appoint(
        by, user, role=Role.INSPECTOR, starts_on=min(clock.today(), inspection.starts_on), ends_on=inspection.ends_on
    )
    if held.ends_on != inspection.ends_on:
        held.ends_on = max(inspection.ends_on, held.starts_on)
    made = Inspector(appointment=held)
    inspection.inspectors.append(made)
    flow.noted(inspection, by, "appoint", f"抽调督查员：{user.name}"[:32], inspection.state)
    return made


def _unbound(user: User) -> Appointment | None:
    """An appointment as inspector that was given before it was known for which inspection."""
    open_ones = (AppointmentState.PROPOSED, AppointmentState.ACTIVE)
    rows = select(Appointment).where(
        Appointment.user_id == user.id, Appointment.role == Role.INSPECTOR, Appointment.state.in_(open_ones),
        Appointment.id.not_in(select(Inspector.appointment_id)),
    )  # fmt: skip
    return db.session.scalar(rows.order_by(Appointment.id).limit(1))


@flow.move("开始督查", start=S.PLANNED, end=S.UNDERWAY, who=county, done="督查已开始，督查员可以现场记录。",
           undo=True)  # fmt: skip
def start(inspection: Inspection, by):
    """The county begins an inspection; the evidence of an assessment is set in for every body.  [三3]"""
    if not inspection.targets:
        raise RuleBroken("还没有选定督查对象。")
    if inspection.is_assessment:
        evidence.prefill(inspection, inspection.counts_until(clock.today()))


def _nothing_followed(inspection: Inspection, _by: Actor) -> str:
    if inspection.notice is not None:
        return "已起草督查结果通报，不能撤销。"
    rows = select(Finding).join(Finding.target).where(Target.inspection_id == inspection.id)
    return "已有党组织作了答复，不能撤销。" if queries.count(rows.where(Finding.answer.is_not(None))) else ""


@flow.move("下发", start=S.UNDERWAY, end=(S.ISSUED, S.ANSWERED), who=second_person, tells=tells_targets,
           done="已下发，被督查的党组织可以看到结果。", undo=_nothing_followed)  # fmt: skip
def issue(inspection: Inspection, by):
    """A second person of the county sends every body what was found there.  [三3]"""
    if inspection.is_assessment and (left := [t for t in inspection.targets if t.grade is None]):
        raise RuleBroken(f"还有 {len(left)} 个党组织没有评定，如{left[0].name}。")
    if not inspection.is_assessment and (left := [t for t in inspection.targets if t.visited_on is None]):
        raise RuleBroken(f"还有 {len(left)} 个对象没有督查，如{left[0].name}；不再督查的请先移出。")
    inspection.issued_on = clock.today()
    return S.ISSUED if _left(inspection, TO_MEND) else S.ANSWERED


@flow.move("办结", start=S.ANSWERED, end=S.CLOSED, who=county, tells=tells_targets, done="这次督查已办结。", undo=True)
def close(inspection: Inspection, by):
    """The county closes an inspection in which all that was found is mended; its inspectors' offices end.  [三3]"""
    if left := _left(inspection, UNSETTLED):
        raise RuleBroken(f"还有 {left} 个问题没有认可，不能办结。")
    _dismiss(inspection, by)
    inspection.state, inspection.closed_on = S.CLOSED, clock.today()


@flow.move("取消", start=(S.PLANNED, S.UNDERWAY), end=S.CANCELLED, who=county, reason=True, danger=True,
           done="已取消这次督查。", undo=True)  # fmt: skip
def cancel(inspection: Inspection, by):
    """The county calls an inspection off before anything was sent, saying why.  [三3]"""
    _dismiss(inspection, by)


def follow(inspection: Inspection, by: Actor) -> None:
    """The state of an inspection after something became of one of its findings."""
    left = _left(inspection, TO_MEND)
    before, after = inspection.state, S.ISSUED if left else S.ANSWERED
    if before is not after and before in (S.ISSUED, S.ANSWERED):
        inspection.state = after
        flow.noted(inspection, by, "follow", "全部已答复" if after is S.ANSWERED else "继续整改", before)


def hold(inspection: Inspection) -> None:
    """Take the inspection for this transaction, so that of two last answers the second sees the first."""
    db.session.flush()
    db.session.scalars(select(Inspection.id).where(Inspection.id == inspection.id).with_for_update()).one()
    db.session.refresh(inspection)


def _left(inspection: Inspection, states: tuple[FindingState, ...]) -> int:
    rows = select(Finding).join(Finding.target).where(Target.inspection_id == inspection.id, Finding.state.in_(states))
    return queries.count(rows)


def _dismiss(inspection: Inspection, by: Actor) -> None:
    """The offices of the inspectors end with their inspection, and with them their sessions."""
    for each in inspection.inspectors:
        held = each.appointment
        if held.state is not AppointmentState.ENDED:
            accounts.close(held)
            held.state = AppointmentState.ENDED
            accounts.appointments.opened(held, by, "end", "结束：督查已结束")


def check_plan(inspection: Inspection, by: Actor, held: bool = True) -> None:
    """Raise NotYours or RuleBroken where this person may not change the plan, the targets or the inspectors now.

    Without `held` it is only looked at, for the form of a change.
    """
    if not by.is_in(Role.COUNTY):
        raise NotYours("督查由县委组织部安排。")
    if held:
        hold(inspection)
    if inspection.state not in (S.PLANNED, S.UNDERWAY):
        raise RuleBroken(f"这次督查现在是“{inspection.state.label}”，不能再改。")


def _check(wanted: Plan) -> None:
    if wanted.ends_on < wanted.starts_on:
        raise RuleBroken("结束日期不能早于开始日期。")
    if wanted.fix_by and wanted.fix_by < wanted.ends_on:
        raise RuleBroken("整改期限不能早于督查结束的日期。")
