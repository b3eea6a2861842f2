"""The life cycle of a 志愿服务记录证明: a community attests what a member did, and cancels what was wrong."""

import datetime as dt

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal import clock, numbers
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.labels import Category
from portal.numbers import PaperState
from portal.papers.models import ServiceProof, ServiceProofLine, ServiceProofState
from portal.people.names import surname_of
from portal.people.queries import in_scope
from portal.records.models import RecordState, ServiceRecord
from portal.registrations.models import Registration
from portal.registrations.workflow import hold
from portal.telling import Tells, Topic, to_member

KIND = "service-proof"
EARLIEST = dt.date(2014, 1, 1)
S = ServiceProofState
Sums = list[tuple[Category, int, int]]  # category, times, half hours


def visible_to(by: Actor) -> Select:
    """The proofs that this person may see: own, of own unit, of own community, of the scope above."""
    seen = in_scope(by, ServiceProof.member_id, ServiceProof.unit_id, ServiceProof.community_id)
    shown = (ServiceProof.member, ServiceProof.unit, ServiceProof.community)
    return select(ServiceProof).where(seen).options(*(joinedload(one) for one in shown))


flow = Flow(
    ServiceProof, "这份证明", room="proofs", noun="proof", visible_to=visible_to,
    named=lambda row: f"志愿服务记录证明（{row.number}）",
)  # fmt: skip
tells_member = Tells(Topic.RECORD, lambda row: [to_member(row.member_id)])


@who("开具的社区专干（本人的除外）")
def clerk_of(row: ServiceProof, by: Actor) -> bool:
    """A clerk of the community that issued it, not its subject."""
    return by.is_in(Role.CLERK) and by.community_id == row.community_id and not by.is_self(row.member_id)


def counted(member_id: int, first: dt.date, last: dt.date) -> Sums:
    """What a second person has confirmed of a member's services in a period, by category."""
    rows = (
        select(ServiceRecord.category, func.count(), func.sum(ServiceRecord.half_hours))
        .where(
            ServiceRecord.member_id == member_id,
            ServiceRecord.state == RecordState.CONFIRMED,
            ServiceRecord.day.between(first, last),
            ServiceRecord.half_hours >= 1,
        )
        .group_by(ServiceRecord.category)
    )
    found = {category: (times, half_hours) for category, times, half_hours in db.session.execute(rows)}
    return [(category, *found[category]) for category in Category if category in found]


def total(sums: Sums) -> tuple[int, int]:
    """How many services these are, and how many half hours."""
    return sum(times for _, times, _ in sums), sum(half_hours for _, _, half_hours in sums)


def issue(registration: Registration, by: Actor, first: dt.date, last: dt.date) -> ServiceProof:
    """A clerk attests, on request, what a member of the community did from the first to the last day.  [二(二)4]

    Raises NotYours, or RuleBroken with a sentence: days out of order, nothing confirmed, issued already.
    """
    member = registration.member
    if not by.is_in(Role.CLERK) or by.community_id != registration.community_id or by.is_self(member.id):
        raise NotYours("证明由党员报到的社区开具，不能给自己开。")
    _check_days(first, last)
    hold(member)
    if same := _standing(member.id, first, last):
        raise RuleBroken(f"这段时间的证明已开具（{same.number}），请直接打印；数字不对的，作废后再开。")
    sums = counted(member.id, first, last)
    if not sums:
        raise RuleBroken("这段时间没有经第二人确认的服务，不能开具证明。")
    row = _new(registration, by, first, last, sums)
    db.session.add(row)
    flow.opened(row, by, "issue", "开具证明", tells=tells_member)
    numbers.issue(KIND, row.year, row.serial, 1, row.id, surname_of(member.name), row.community.name)
    return row


@flow.move("作废", start=S.ISSUED, end=S.CANCELLED, who=clerk_of, reason=True, danger=True, tells=tells_member,
           done="已作废，扫码核验会提示作废；纸件请收回。")  # fmt: skip
def cancel(row, by):
    """A clerk cancels a proof that is wrong or was lost; whoever checks its code is told.  [二(二)4]"""
    numbers.set_aside(KIND, row.id, PaperState.CANCELLED)


def _check_days(first: dt.date, last: dt.date) -> None:
    if first > last:
        raise RuleBroken("开始日期不能晚于结束日期。")
    if last > clock.today():
        raise RuleBroken("结束日期不能晚于今天。")
    if first < EARLIEST:
        raise RuleBroken(f"开始日期不能早于{EARLIEST.year}年。")


def _standing(member_id: int, first: dt.date, last: dt.date) -> ServiceProof | None:
    same = (ServiceProof.member_id == member_id, ServiceProof.first == first, ServiceProof.last == last)
    return db.session.scalar(select(ServiceProof).where(*same, ServiceProof.state == S.ISSUED).limit(1))


def _new(registration: Registration, by: Actor, first: dt.date, last: dt.date, sums: Sums) -> ServiceProof:
    today, community, (times, half_hours) = clock.today(), registration.community, total(sums)
    serial = numbers.draw(KIND, today.year)
    return ServiceProof(
        state=S.ISSUED,
        number=numbers.address_number(today.year, serial),
        year=today.year,
        serial=serial,
        member_id=registration.member_id,
        unit_id=registration.unit_id,
        community=community,
        volunteer_number=registration.certificate_number,
        first=first,
        last=last,
        times=times,
        half_hours=half_hours,
        head=community.head,
        contact=community.phone,
        issued_on=today,
        issued_by=by.name,
        lines=[ServiceProofLine(category=kind, times=each, half_hours=spent) for kind, each, spent in sums],
    )
