"""What follows without anybody's asking: who leaves the roster is not evaluated, a draft goes along to a new unit."""

from sqlalchemy import select

from portal.actors import Actor
from portal.evaluations.models import Evaluation, EvaluationState
from portal.evaluations.workflow import flow
from portal.extensions import db
from portal.people.models import Member
from portal.registrations.models import Registration, TransferRequest
from portal.registrations.transfers import when_carried_over
from portal.registrations.workflow import LEAVING, when_ended

S = EvaluationState


def drafts_of(member_id: int) -> list[Evaluation]:
    """A member's evaluations that were not sent yet."""
    rows = select(Evaluation).where(Evaluation.member_id == member_id, Evaluation.state == S.DRAFT)
    return list(db.session.scalars(rows.order_by(Evaluation.id)))


def drop_with(registration: Registration, by: Actor) -> None:
    """Whoever leaves the roster is not evaluated any more; who only moves house still is, where they served."""
    if registration.end_kind in LEAVING:
        for row in drafts_of(registration.member_id):
            row.state = S.WITHDRAWN
            flow.noted(row, by, "drop", "不作评议", S.DRAFT, f"已离册：{registration.end_kind.label}")


def foreseen(member: Member) -> str:
    """What a member's leaving would do to the evaluation that was not sent yet, in one line."""
    return "除“迁居”外，还没有反馈的评议不再办理。" if drafts_of(member.id) else ""


def change_unit(transfer: TransferRequest, by: Actor) -> None:
    """What is not sent yet goes to the new unit."""
    for row in drafts_of(transfer.member_id):
        row.unit, row.supervisor = transfer.to_unit, transfer.to_unit.supervisor
        flow.noted(row, by, "change_unit", "随单位变更", row.state, transfer.to_unit.name)


def register() -> None:
    """Say it to the registrations."""
    when_ended(drop_with, foreseen)
    when_carried_over(change_unit)
