"""Months in which a member is asked for no service (暂缓): the unit asks, its supervisor agrees or declines.

Such a member is registered and counted in the report-in rate as everybody (only who is exempt stands beside it);
what is out are the duties of these months.
"""

from sqlalchemy import ColumnElement, Select, String, bindparam, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.people.models import Member, MemberStatus
from portal.people.queries import in_unit_scope
from portal.registrations import concerned, workflow
from portal.registrations.exemptions import liaison_of, supervisor_of
from portal.registrations.models import Deferment, DefermentKind, DefermentState, Registration

S = DefermentState
OPEN = (S.REQUESTED, S.AGREED)
MOST_MONTHS = 24
flow = Flow(
    Deferment, "这项暂缓申请", room="registrations.deferments", noun="deferment", visible_to=lambda by: visible_to(by),
    named=lambda row: f"暂缓（{row.kind.label}，{row.first} 至 {row.last}）",
)  # fmt: skip


def ask(member: Member, by: Actor, kind: DefermentKind, first: str, last: str) -> Deferment:
    """The unit asks that nothing is asked of a member from one month (2026-03) to another, both included.

    Raises NotYours, RuleBroken.  [二(三)3]
    """
    row = Deferment(
        member=member, unit=member.unit, unit_id=member.unit_id, member_id=member.id, kind=kind, first=first,
        last=last, asked_on=clock.today(), asked_by=by.name, state=S.REQUESTED,
    )  # fmt: skip
    if not liaison_of(row, by):
        raise NotYours(f"暂缓只能由{liaison_of.label}申请。")
    if member.status is not MemberStatus.ACTIVE:
        raise RuleBroken(f"{member.name}已不在单位名册上。")
    if not 1 <= _months(first, last) <= MOST_MONTHS:
        raise RuleBroken(f"结束的月份不能早于开始的月份，一次最多 {MOST_MONTHS} 个月。")
    workflow.hold(member)
    same = (Deferment.state.in_(OPEN), Deferment.first <= last, Deferment.last >= first)
    if other := db.session.scalar(_of(member.id).where(*same).limit(1)):
        raise RuleBroken(f"{member.name}已有{other.kind.label}暂缓（{other.first} 至 {other.last}），月份不能重叠。")
    db.session.add(row)
    flow.opened(row, by, "ask", "申请暂缓")
    return row


@flow.move("同意暂缓", start=S.REQUESTED, end=S.AGREED, who=supervisor_of, tells=concerned.member_and_asker,
           done="已同意，这几个月不要求参加服务。", undo=True)  # fmt: skip
def agree(row, by):
    """The supervisor agrees that nothing is asked of a member in these months.  [二(三)3]"""
    row.decided_on, row.decided_by = clock.today(), by.name


@flow.move("不同意", start=S.REQUESTED, end=S.DECLINED, who=supervisor_of, reason=True, danger=True,
           tells=concerned.member_and_asker, undo=True)  # fmt: skip
def decline(row, by):
    """The supervisor declines, saying why; the member serves as everybody does.  [二(三)3]"""
    row.decided_on, row.decided_by = clock.today(), by.name


@flow.move("提前结束", start=OPEN, end=S.ENDED, who=liaison_of | supervisor_of, reason=True, danger=True,
           tells=concerned.member_and_asker, undo=True)  # fmt: skip
def end(row, by):
    """Unit or supervisor ends it early: the months before this one stay out, from this month on duties count.

    [二(三)3]
    """
    row.ended_on = clock.today()


def end_all(member_id: int, by: Actor, why: str) -> None:
    """End what is asked for or still to come, as the member left the unit."""
    for row in _still_to_come(member_id):
        before, row.state, row.ended_on = row.state, S.ENDED, clock.today()
        flow.noted(row, by, "end", "提前结束", before, why)


def end_with(registration: Registration, by: Actor) -> None:
    """What the end of a registration means for 暂缓."""
    end_all(registration.member_id, by, "报到已结束")


def foreseen(member: Member) -> str:
    """What the end of the member's registration would do here."""
    kinds = "、".join(row.kind.label for row in _still_to_come(member.id))
    return f"暂缓（{kinds}）提前结束。" if kinds else ""


def _still_to_come(member_id: int) -> list[Deferment]:
    still = (Deferment.state.in_(OPEN), Deferment.last >= f"{clock.today():%Y-%m}")
    return list(db.session.scalars(_of(member_id).where(*still)))


def deferred_months(member_id: int, year: int) -> set[int]:
    """The months of a year, 1 to 12, in which nothing is asked of this member."""
    some = (Deferment.first <= f"{year}-12", Deferment.last >= f"{year}-01", Deferment.decided_on.is_not(None))
    rows = db.session.scalars(_of(member_id).where(Deferment.state.in_((S.AGREED, S.ENDED)), *some)).all()
    return {month for month in range(1, 13) if any(row.covers(f"{year}-{month:02}") for row in rows)}


def of_member(member: Member, by: Actor) -> list[Deferment]:
    """What was asked for a member, the latest first: for the member, and for whose scope it lies in."""
    rows = _of(member.id) if by.is_self(member.id) else visible_to(by).where(Deferment.member_id == member.id)
    return list(db.session.scalars(rows.order_by(Deferment.id.desc())))


def is_deferred() -> ColumnElement[bool]:
    """The condition that nothing is asked of a member in the present month."""
    month = bindparam("this_month", callable_=lambda: f"{clock.today():%Y-%m}", type_=String, unique=True)
    now = (Deferment.state == S.AGREED, Deferment.first <= month, Deferment.last >= month)
    return Member.id.in_(select(Deferment.member_id).where(*now))


def visible_to(by: Actor) -> Select:
    """What was asked by one's own unit, by the units one supervises, or by all (county)."""
    shown = (joinedload(Deferment.member), joinedload(Deferment.unit))
    return select(Deferment).where(in_unit_scope(by, Deferment.unit_id)).options(*shown)


def _of(member_id: int) -> Select:
    return select(Deferment).where(Deferment.member_id == member_id)


def _months(first: str, last: str) -> int:
    """How many months there are from first to last, both included."""
    (year, month), (last_year, last_month) = (map(int, each.split("-")) for each in (first, last))
    return (last_year - year) * 12 + last_month - month + 1
