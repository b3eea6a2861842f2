"""Exemptions from reporting (免报): the unit asks with a reason, its supervisor agrees or declines."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.people.models import Member
from portal.people.queries import in_unit_scope
from portal.registrations import concerned, queries, workflow
from portal.registrations.models import Exemption, ExemptionState, Registration

S = ExemptionState
OPEN = (S.REQUESTED, S.AGREED)
flow = Flow(
    Exemption, "这项免报申请", room="registrations.exemptions", noun="exemption", visible_to=lambda by: visible_to(by),
    named=lambda row: "免报",
)  # fmt: skip


@who("所在单位联络员（本人的除外）")
def liaison_of(row: Exemption, by: Actor) -> bool:
    """A liaison of the unit, not the subject."""
    return by.is_in(Role.LIAISON) and by.unit_id == row.unit_id and not by.is_self(row.member_id)


@who("主管部门")
def supervisor_of(row: Exemption, by: Actor) -> bool:
    """The supervisor of the unit, not the subject."""
    above = by.is_in(Role.DEPARTMENT, Role.TOWN) and by.supervisor_id == row.unit.supervisor_id
    return above and not by.is_self(row.member_id)


def ask(member: Member, by: Actor, reason: str) -> Exemption:
    """The unit asks that a member need not report; counted only once the supervisor agrees.  [二(三)2]"""
    row = Exemption(
        member=member, unit=member.unit, unit_id=member.unit_id, member_id=member.id, reason=reason,
        asked_on=clock.today(), asked_by=by.name, state=S.REQUESTED,
    )  # fmt: skip
    if not liaison_of(row, by):
        raise NotYours(f"免报只能由{liaison_of.label}申请。")
    workflow.hold(member)
    if open_of(member.id):
        raise RuleBroken(f"{member.name}已有免报申请，不必重复申请。")
    if queries.current_of(member.id):
        raise RuleBroken(f"{member.name}已经报到，不必申请免报。")
    db.session.add(row)
    flow.opened(row, by, "ask", "申请免报")
    return row


@flow.move("同意免报", start=S.REQUESTED, end=S.AGREED, who=supervisor_of, tells=concerned.member_and_asker,
           done="已同意，不再计入应报到人数。", undo=True)  # fmt: skip
def agree(row, by):
    """The supervisor agrees that a member need not report.  [二(三)2]"""
    row.decided_on, row.decided_by = clock.today(), by.name


@flow.move("不同意", start=S.REQUESTED, end=S.DECLINED, who=supervisor_of, reason=True, danger=True,
           tells=concerned.member_and_asker, undo=True)  # fmt: skip
def decline(row, by):
    """The supervisor declines, saying why; the member reports as everybody does.  [二(三)2]"""
    row.decided_on, row.decided_by = clock.today(), by.name


@flow.move("取消免报", start=OPEN, end=S.ENDED, who=liaison_of | supervisor_of, reason=True, danger=True,
           tells=concerned.member_and_asker, undo=True)  # fmt: skip
def end(row, by):
    """Unit or supervisor ends an exemption whose reason has passed.  [二(三)2]"""


def end_all(member_id: int, by: Actor, why: str) -> None:
    """End what is asked for or in force, as the member left the unit or the town."""
    if row := open_of(member_id):
        before, row.state = row.state, S.ENDED
        flow.noted(row, by, "end", "取消免报", before, why)


def end_with(registration: Registration, by: Actor) -> None:
    """What the end of a registration means for an exemption."""
    end_all(registration.member_id, by, "报到已结束")


def foreseen(member: Member) -> str:
    """What the end of the member's registration would do here."""
    return "免报随即取消。" if open_of(member.id) else ""


def open_of(member_id: int) -> Exemption | None:
    """The exemption of a member that is asked for or in force, or None."""
    return db.session.scalar(select(Exemption).where(Exemption.member_id == member_id, Exemption.state.in_(OPEN)))


def visible_to(by: Actor) -> Select:
    """The exemptions of one's own unit, of the units one supervises, or all (county)."""
    shown = (joinedload(Exemption.member), joinedload(Exemption.unit))
    return select(Exemption).where(in_unit_scope(by, Exemption.unit_id)).options(*shown)
