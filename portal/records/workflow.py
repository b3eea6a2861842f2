"""The life cycles of service records and of objections to them: whoever records never confirms.

Third law: hours are worth something only if two people stand behind them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal import clock, undo
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.history import HistoryLine
from portal.labels import Category
from portal.people.models import Community, Member
from portal.records import checks, queries
from portal.records.models import (
    Evidence,
    Objection,
    ObjectionState,
    RecordState,
    ServiceRecord,
    Source,
)
from portal.scheme import queries as scheme
from portal.telling import Tells, Topic, to_login, to_member

S = RecordState
LIVE = queries.LIVE
flow = Flow(
    ServiceRecord, "这条写实记录", room="records", noun="record", visible_to=queries.visible_to,
    named=lambda record: f"{record.day:%-m月%-d日}服务“{record.what}”", of_year=lambda record: record.day.year,
)  # fmt: skip
objections = Flow(
    Objection, "这条异议", room="records", noun="objection", shown_on=lambda objection: objection.record,
    named=lambda objection: f"对{flow.named(objection.record)}的异议",
    of_year=lambda objection: objection.record.day.year,
)  # fmt: skip
tells_member = Tells(Topic.RECORD, lambda record: [to_member(record.member_id)])
tells_hours = Tells(
    Topic.RECORD,
    lambda record: [to_member(record.member_id)],
    lambda record: f"计入服务时长 {record.half_hours / 2:g} 小时。",
)
tells_both = Tells(Topic.RECORD, lambda record: [to_member(record.member_id), to_login(record.recorded_by_user_id)])
tells_objector = Tells(
    Topic.RECORD,
    lambda objection: [to_member(objection.record.member_id)],
    lambda objection: f"答复：{objection.answer}",
)


@dataclass(frozen=True)
class Service:
    """What was done: by whom, when (half-hour steps, travel excluded), what, where, for whom, and from what.

    `entered_on` is the day on which the facts were typed, where a case held them until they were confirmed; `home` the
    community where the member lived that day, where the roster names none or another one now.
    """

    member: Member
    place: Community
    day: dt.date
    starts: dt.time | None
    half_hours: int
    category: Category
    what: str
    for_whom: str | None = None
    source: Source = Source.HAND
    source_id: int | None = None
    source_number: str | None = None
    note: str | None = None
    entered_on: dt.date | None = None
    home: Community | None = None


@who("本社区另一位专干、网格管理员或镇党委")
def second_person(record: ServiceRecord, by: Actor) -> bool:
    """Somebody of the community where it was done who neither recorded it nor is its subject."""
    if by.user_id is None or by.user_id == record.recorded_by_user_id or by.is_self(record.member_id):
        return False
    if by.is_in(Role.CLERK, Role.GRID_WORKER):
        return by.community_id == record.place_id
    return by.is_in(Role.TOWN) and by.supervisor_id == record.place.town_id


@who("本社区专干")
def clerk_of_record(record: ServiceRecord, by: Actor) -> bool:
    """A clerk of the community where it was done, not its subject."""
    return by.is_in(Role.CLERK) and by.community_id == record.place_id and not by.is_self(record.member_id)


@who("本人")
def subject(record: ServiceRecord, by: Actor) -> bool:
    """The member whose record it is."""
    return by.is_in(Role.MEMBER) and by.is_self(record.member_id)


def record_service(
    service: Service,
    by: Actor,
    evidence: Evidence,
    confirmed_by: Actor | None = None,
    stand_in: bool = False,
    rewrites: ServiceRecord | None = None,
) -> ServiceRecord:
    """A person records a service; it counts at once only if a second person confirmed it and nothing overlaps.

    Returns the record, pending or confirmed. Raises RuleBroken with a Chinese sentence.  [二(二)4]
    """
    same_day = queries.of_day(service.member.id, service.day)
    _check(service, same_day)
    record = _written(service, by, rewrites)
    record.stand_in, record.rewrites = stand_in, rewrites
    late_after = scheme.year_of(service.day).late_record_days
    record.evidence = checks.graded(evidence, service.day, service.entered_on or clock.today(), late_after)
    record.overlaps = _overlapping(service, same_day)
    if confirmed_by is not None and record.overlaps is None:
        _put_name_to(record, confirmed_by)
        record.state = S.CONFIRMED
    db.session.add(record)
    flow.opened(record, by, "record", "登记", stand_in)
    for consequence in _when_recorded:
        consequence(record)
    return record


_when_recorded: dict[Callable[[ServiceRecord], None], None] = {}


def when_recorded(consequence: Callable[[ServiceRecord], None]) -> None:
    """A later room says what follows when a service is recorded: `consequence(record)`."""
    _when_recorded[consequence] = None


@flow.move("确认", start=S.PENDING, end=S.CONFIRMED, who=second_person, tells=tells_hours,
           done="已确认，计入服务时长。", undo=True)  # fmt: skip
def confirm(record, by):
    """A second person confirms a service that somebody else recorded.  [二(二)4]"""
    _put_name_to(record, by)


@flow.move("不予确认", start=S.PENDING, end=S.REJECTED, who=second_person, reason=True, danger=True,
           tells=tells_both, undo=True)  # fmt: skip
def reject(record, by):
    """A second person refuses a service, saying why.  [二(二)4]"""


def _written_anew(record: ServiceRecord, _by: Actor) -> str:
    """What keeps a voided record voided: another one was written in its place."""
    anew = db.session.scalar(select(ServiceRecord.id).where(ServiceRecord.rewrites_id == record.id).limit(1))
    return "这条记录已经重写，不能再撤销作废。" if anew else ""


def _answered_anew(objection: Objection, by: Actor) -> str:
    return _written_anew(objection.record, by)


@flow.move("作废", start=LIVE, end=S.VOIDED, who=clerk_of_record, reason=True, danger=True, tells=tells_member,
           undo=_written_anew)  # fmt: skip
def void(record, by):
    """A clerk voids a wrong record; what is right is written anew, nothing is edited.  [二(二)4]"""


@flow.move("提出异议", start=LIVE, end=LIVE, who=subject, done="异议已提交，社区会书面答复。")
def object_(record, by, words):
    """A member objects to one of their records; the community answers.  [二(二)4]"""
    if any(objection.state is ObjectionState.OPEN for objection in record.objections):
        raise RuleBroken("您对这条记录已提出过异议，正在等待答复。")
    objection = Objection(record=record, words=words, at=clock.now())
    db.session.add(objection)
    objections.opened(objection, by, "object", "提出异议")
    return record.state


def write_anew(record: ServiceRecord, by: Actor, reason: str, service: Service, evidence: Evidence) -> ServiceRecord:
    """A clerk voids a record and writes it anew; the new one names the old and waits for a second person.

    It stays with the unit and the communities of its date. The day of a visit stands in the household's file, where it
    counts for a month: so it is not changed here.
    """
    void(record, by, reason=reason)
    if record.source is Source.VISIT and service.day != record.day:
        raise RuleBroken("走访的日期以走访登记为准：日期不对的，请作废这条记录，由帮扶人按实际日期重新登记走访。")
    service = replace(
        service, home=record.community, source=record.source, source_id=record.source_id,
        source_number=record.source_number,
    )  # fmt: skip
    return record_service(service, by, evidence, rewrites=record)


def void_of_source(source: Source, source_id: int, by: Actor, reason: str) -> None:
    """Void the standing records of a case that was reopened; done by the case's own move, so nobody is asked."""
    for record in queries.of_source(source, source_id):
        before = record.state
        record.state = S.VOIDED
        flow.noted(record, by, "void", "作废", before, reason)


@who("本社区专干")
def clerk_of_objection(objection: Objection, by: Actor) -> bool:
    """A clerk of the community where the service was done, not its subject."""
    return clerk_of_record(objection.record, by)


@objections.move("异议成立", start=ObjectionState.OPEN, end=ObjectionState.UPHELD, who=clerk_of_objection,
                 tells=tells_objector, undo=_answered_anew)  # fmt: skip
def uphold(objection, by, answer):
    """A clerk finds an objection right; the record is voided and may be written anew.  [二(二)4]"""
    objection.answer = answer
    if objection.record.state in LIVE:
        void(objection.record, by, reason=f"异议成立：{answer}", quiet=True)


@objections.move("异议不成立", start=ObjectionState.OPEN, end=ObjectionState.DISMISSED, who=clerk_of_objection,
                 danger=True, tells=tells_objector, undo=True)  # fmt: skip
def dismiss(objection, by, answer):
    """A clerk finds an objection wrong and says why; the record stands.  [二(二)4]"""
    objection.answer = answer


def _check(service: Service, same_day: list[ServiceRecord]) -> None:
    if service.day > clock.today():
        raise RuleBroken("服务日期不能晚于今天。")
    if service.member.community_id is None and service.home is None:
        raise RuleBroken("这位党员没有居住社区，请先在名册中补齐。")
    already = sum(record.half_hours for record in same_day)
    calendar = scheme.calendar_around(service.day.year)
    why = checks.asks_for_note(service.day, service.starts, service.half_hours, already, calendar)
    # A case's own record (a wish done) carries its hours as its leader gave them; the note is the case itself.
    if why and not service.note and service.source in (Source.HAND, Source.POST):
        raise RuleBroken(why)


def _written(service: Service, by: Actor, rewrites: ServiceRecord | None) -> ServiceRecord:
    member = service.member
    unit_id, supervisor_id = member.unit_id, member.unit.supervisor_id
    if rewrites:  # who has changed unit since keeps that of the date
        unit_id, supervisor_id = rewrites.unit_id, rewrites.supervisor_id
    return ServiceRecord(
        state=S.PENDING,
        member=member,
        unit_id=unit_id,
        supervisor_id=supervisor_id,
        community_id=service.home.id if service.home else member.community_id,
        place=service.place,
        day=service.day,
        starts=service.starts,
        half_hours=service.half_hours,
        category=service.category,
        what=service.what,
        for_whom=service.for_whom,
        source=service.source,
        source_id=service.source_id,
        source_number=service.source_number,
        note=service.note,
        recorded_at=clock.now(),
        recorded_by_user_id=by.user_id,
        recorded_by_member_id=by.member_id,
        recorded_by=by.shown,
    )


def _overlapping(service: Service, same_day: list[ServiceRecord]) -> ServiceRecord | None:
    return next(
        (r for r in same_day if checks.overlap(service.starts, service.half_hours, r.starts, r.half_hours)), None
    )


def _put_name_to(record: ServiceRecord, by: Actor) -> None:
    record.confirmed_at = clock.now()
    record.confirmed_by_user_id = by.user_id
    record.confirmed_by = by.shown


def _void_undone(record: ServiceRecord, by: Actor, undone: HistoryLine) -> None:
    """A record written by an act that was undone stays, and counts no more."""
    before, record.state = record.state, S.VOIDED
    flow.noted(record, by, "void", "作废", before, f"撤销：{undone.label}")


undo.instead_of_deleting(ServiceRecord, _void_undone)
