"""What follows without anybody's asking: time shows pledges; leaving ends them, a new home takes them along."""

import datetime as dt

from sqlalchemy import select

from portal import clock, history
from portal.actors import SYSTEM, Actor
from portal.errors import Refused
from portal.extensions import db
from portal.logs import log
from portal.people.models import Member
from portal.pledges import queries, workflow
from portal.pledges.models import Pledge, PledgeState
from portal.registrations.models import Registration, TransferRequest
from portal.registrations.workflow import LEAVING

S = PledgeState
AT_ONCE = 200  # pledges of one tick, so that the write lock is not held for long; the next minute takes the rest


def show_due(now: dt.datetime) -> None:
    """Show the approved pledges of which no community asked a change in time.  [三2]"""
    today = clock.local(now).date()
    lately = Pledge.year.in_((today.year, today.year - 1))  # approved in the last days of December
    due = select(Pledge).where(lately, Pledge.state == S.APPROVED, Pledge.show_on <= today)
    for row in db.session.scalars(due.order_by(Pledge.id).limit(AT_ONCE)):
        try:
            with db.session.begin_nested():
                workflow.show(row, SYSTEM)
        except Refused as refusal:
            # The community asked for a change at this very moment.
            log.warning("time could not show a pledge", pledge=row.number, refusal=type(refusal).__name__)


def end_with(registration: Registration, by: Actor) -> None:
    """Whoever leaves takes this year's pledge off the public page, in the transaction of leaving.  [二(三)3]"""
    row = queries.of_member(registration.member_id, clock.today().year)
    if row is not None and row.state is not S.ENDED and registration.end_kind in LEAVING:
        workflow.end(row, SYSTEM, reason=f"报到 {registration.number} 已结束：{registration.end_kind.label}")


def foreseen(member: Member) -> str:
    """What a member's leaving would do to the pledge of this year, in one line."""
    row = queries.of_member(member.id, clock.today().year)
    return "除“迁居”外，今年的服务承诺撤下。" if row is not None and row.state is not S.ENDED else ""


def pledged_since(registration: Registration, _by: Actor) -> str:
    """What keeps an acceptance from being undone: a pledge written under it."""
    row = queries.of_member(registration.member_id, clock.today().year)
    accepted = history.last(registration)
    since = row is not None and accepted is not None and row.written_at >= accepted.at
    return f"{registration.member.name}报到后已填写服务承诺，不能撤销。" if since else ""


def change_unit(transfer: TransferRequest, by: Actor) -> None:
    """A pledge goes along to the new unit, which approves it from now on; a final card names that unit.  [二(三)3]"""
    row = queries.of_member(transfer.member_id, clock.today().year)
    if row is None or row.state is S.ENDED:
        return
    row.unit = transfer.to_unit
    if row.is_approved:
        workflow.make_final(row)
    workflow.flow.noted(row, by, "change_unit", "随单位变更", row.state, transfer.to_unit.name)


def go_along(registration: Registration, by: Actor) -> None:
    """A pledge goes along to where its member is received now; one that had ended may be taken up again.  [二(二)1]"""
    row = queries.of_member(registration.member_id, clock.today().year)
    if row is None or (row.state is not S.ENDED and row.community_id == registration.community_id):
        return
    before = row.state
    workflow.serve_under(row, registration)
    if before is S.ENDED:
        workflow.open_again(row)
        row.state = S.RETURNED
    elif row.is_approved:
        workflow.make_final(row)
    workflow.flow.noted(row, by, "go_along", "随报到转入", before, f"{registration.community.name}已接洽")
