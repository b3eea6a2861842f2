"""Change of unit on request: the new unit asks, the old one lets go; the same member row moves, never a second one.

Asking decides nothing, so a liaison may ask for themselves, as in a roster they import; whoever releases is never
the subject. Who has already left a roster (调离) needs nobody's release.
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.workflow import follow_to_unit
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.people.members import identity_index, set_member_facts
from portal.people.models import Member, MemberStatus, Unit
from portal.people.queries import in_unit_scope
from portal.registrations import concerned, deferments, exemptions, queries, undoing, workflow
from portal.registrations.models import EndKind, Registration, TransferRequest, TransferState
from portal.rosters.models import RosterImport
from portal.rosters.queries import elsewhere_in
from portal.scheme import queries as scheme

S = TransferState
_when_carried_over: dict[Callable[[TransferRequest, Actor], None], None] = {}
flow = Flow(TransferRequest, "这项转入申请", room="registrations.transfers", noun="transfer", named=concerned.named,
            visible_to=lambda by: visible_to(by), first=workflow.hold_first)  # fmt: skip


def when_carried_over(consequence: Callable[[TransferRequest, Actor], None]) -> None:
    """Later rooms say what goes along when a member changes unit; called in the transaction of `release`."""
    _when_carried_over[consequence] = None


@who("申请单位联络员")
def asking_liaison(row: TransferRequest, by: Actor) -> bool:
    """A liaison of the unit that asks, or the import of its roster from the command line."""
    return by.is_in(Role.SYSTEM) or (by.is_in(Role.LIAISON) and by.unit_id == row.to_unit_id)


@who("原单位联络员（本人的除外）")
def old_liaison(row: TransferRequest, by: Actor) -> bool:
    """A liaison of the unit whose roster names the member, not the member."""
    return by.is_in(Role.LIAISON) and by.unit_id == row.from_unit_id and not by.is_self(row.member_id)


@who("原单位的主管部门")
def old_supervisor(row: TransferRequest, by: Actor) -> bool:
    """The supervisor of that unit, not the member."""
    above = by.is_in(Role.DEPARTMENT, Role.TOWN) and by.supervisor_id == row.from_unit.supervisor_id
    return above and not by.is_self(row.member_id)


@who("县委组织部（原单位逾期未答复的）")
def county_when_late(row: TransferRequest, by: Actor) -> bool:
    """The county, once the old unit has not answered for the days of the scheme year."""
    return by.is_in(Role.COUNTY) and row.asked_on <= late_since() and not by.is_self(row.member_id)


def late_since() -> dt.date:
    """Requests of this day and before have waited too long."""
    today = clock.today()
    return today - dt.timedelta(days=scheme.year_of(today).transfer_release_days)


def find(name: str, born: str, phone: str) -> Member:
    """The one member of the county of this name, birth month and phone; RuleBroken when there is none."""
    same = Member.identity_index == identity_index(name, born, phone)
    # One on a roster stands before one who left.
    found = db.session.scalar(select(Member).where(same).order_by(Member.status, Member.id).limit(1))
    if found is None:
        raise RuleBroken("全县名册上没有三项都相同的党员：请与原单位核对；新党员请直接“新增一名党员”。")
    return found.merged_into or found


def ask(member: Member, unit: Unit, by: Actor, roster: RosterImport | None = None) -> TransferRequest:
    """A unit asks for a member whom another's roster names. Raises NotYours, RuleBroken.  [二(三)3]"""
    row = TransferRequest(
        member=member, member_id=member.id, from_unit=member.unit, from_unit_id=member.unit_id, to_unit=unit,
        to_unit_id=unit.id, roster_id=roster and roster.id, asked_on=clock.today(), asked_by=by.name,
        state=S.REQUESTED,
    )  # fmt: skip
    if not asking_liaison(row, by):
        raise NotYours(f"转入只能由{asking_liaison.label}申请。")
    if member.unit_id == unit.id:
        raise RuleBroken(f"{member.name}已在本单位名册上。")
    workflow.hold(member)
    if other := open_of(member.id):
        raise RuleBroken(f"{member.name}已有转入{other.to_unit.name}的申请，正等原单位答复。")
    db.session.add(row)
    flow.opened(row, by, "ask", "申请转入")
    if member.status is MemberStatus.LEFT:
        row.state, why = S.RELEASED, f"{row.from_unit.name}已办理离册，不必再放行"
        _carry_over(row, by)
        flow.noted(row, by, "release", "转入", S.REQUESTED, why, concerned.both_units)
    return row


@flow.move("放行", start=S.REQUESTED, end=S.RELEASED, who=old_liaison | old_supervisor, stand_in=county_when_late,
           tells=concerned.both_units, done="已放行，转到新单位名册；报到照常有效。", undo=undoing.begun)  # fmt: skip
def release(row, by):
    """The old unit, its supervisor, or after the days of waiting the county lets a member go.  [二(三)3]"""
    db.session.refresh(row.member)
    if row.member.unit_id != row.from_unit_id:
        raise RuleBroken(f"{row.member.name}现在在{row.member.unit.name}名册上，请由申请单位撤回后重新申请。")
    _carry_over(row, by)


@flow.move("不同意", start=S.REQUESTED, end=S.DECLINED, who=old_liaison | old_supervisor, reason=True, danger=True,
           tells=concerned.asker, undo=True)  # fmt: skip
def decline(row, by):
    """The old unit declines, saying why: the person still works there, or is another one.  [二(三)3]"""
    row.decided_on, row.decided_by = clock.today(), by.name


@flow.move("撤回申请", start=S.REQUESTED, end=S.WITHDRAWN, who=asking_liaison, danger=True, undo=True)
def withdraw(row, by):
    """The unit that asked takes the request back.  [二(三)3]"""


def _carry_over(row: TransferRequest, by: Actor) -> None:
    """The member row goes over with what belongs to the person; what belonged to the old post stays behind."""
    member, words = row.member, f"{row.from_unit.name} → {row.to_unit.name}"
    row.decided_on, row.decided_by = clock.today(), by.name
    workflow.cancel_on_the_way(member.id, by, words)
    exemptions.end_all(member.id, by, words)
    deferments.end_all(member.id, by, words)
    follow_to_unit(member.id, row.from_unit_id, row.to_unit_id, by)
    if current := queries.current_of(member.id):
        current.issuer_id = current.issuer_id or current.unit_id
        current.unit = row.to_unit
        workflow.flow.noted(current, by, "follow", "随单位变更", current.state, words)
    set_member_facts(member, branch=None, post=None, leading=False)
    member.unit, member.status, member.since = row.to_unit, MemberStatus.ACTIVE, clock.today()
    member.version += 1
    for consequence in _when_carried_over:
        consequence(row, by)


def ask_for_those_elsewhere(roster: RosterImport, by: Actor) -> None:
    """What follows when an import is written: the people on other rosters are asked for, each once."""
    for member in elsewhere_in(roster):
        if member.unit_id != roster.unit_id and open_of(member.id) is None:
            ask(member, roster.unit, by, roster)


def withdraw_those_of(roster: RosterImport, by: Actor) -> None:
    """What follows when an import is undone: what nobody has answered yet is taken back."""
    unanswered = (TransferRequest.roster_id == roster.id, TransferRequest.state == S.REQUESTED)
    for row in db.session.scalars(select(TransferRequest).where(*unanswered)).all():
        withdraw(row, by)


def close_for(member: Member, by: Actor, kind: EndKind) -> None:
    """Whoever leaves for good is let go nowhere; whom a unit asks for is released instead of ended."""
    row = open_of(member.id)
    if row is None:
        return
    if kind is EndKind.TRANSFERRED:
        raise RuleBroken(f"{row.to_unit.name}已申请转入{member.name}：请在“转入转出”中放行，报到不必结束。")
    before, row.state, row.decided_on, row.decided_by = row.state, S.DECLINED, clock.today(), by.name
    flow.noted(row, by, "decline", "不同意", before, f"已办理结束：{kind.label}", tells=concerned.asker)


def close_with(registration: Registration, by: Actor) -> None:
    """What the end of a registration means for a request that waits: nothing for who only moved out of town."""
    if registration.end_kind in workflow.LEAVING:
        close_for(registration.member, by, registration.end_kind)


def foreseen(member: Member) -> str:
    """What the end of the member's registration would do here."""
    row = open_of(member.id)
    return f"{row.to_unit.name}的转入申请视为不同意；调离到该单位的，请放行那项申请，不必在这里结束。" if row else ""


def open_of(member_id: int) -> TransferRequest | None:
    """The request for a member that nobody has answered, or None."""
    waiting = (TransferRequest.member_id == member_id, TransferRequest.state == S.REQUESTED)
    return db.session.scalar(select(TransferRequest).where(*waiting))


def visible_to(by: Actor) -> Select:
    """The requests from and to one's own unit, the units one supervises, or all (county)."""
    scope = or_(in_unit_scope(by, TransferRequest.from_unit_id), in_unit_scope(by, TransferRequest.to_unit_id))
    shown = map(joinedload, (TransferRequest.member, TransferRequest.from_unit, TransferRequest.to_unit))
    return select(TransferRequest).where(scope).options(*shown)


def waiting_for(by: Actor) -> Select:
    """The requests that this person's office should answer: of the own unit; for the county those too late."""
    rows = visible_to(by).where(TransferRequest.state == S.REQUESTED)
    if by.is_in(Role.COUNTY):
        return rows.where(TransferRequest.asked_on <= late_since())
    return rows.where(TransferRequest.from_unit_id == by.unit_id)
