"""What a community's quarter holds, gathered for its bulletins: numbers and words of members by unit.  [三2]"""

import datetime as dt
from collections import defaultdict

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.extensions import db
from portal.feedback import counting
from portal.feedback.models import Bulletin, BulletinRecord, BulletinState, Part, Quarter
from portal.feedback.quarters import QuarterOf
from portal.feedback.queries import SUMMED
from portal.records.models import RecordState, ServiceRecord
from portal.registrations.models import CURRENT, Registration, RegistrationState
from portal.remarks.models import Finding, Remark, RemarkKind, RemarkState
from portal.suggestions.models import Suggestion, SuggestionState

ACCEPTED = (*CURRENT, RegistrationState.ENDED)
Whom = tuple[int, int]  # a unit's and a member's id


class Gathered:
    """What one community's quarter holds: the numbers and words of members, and the records that they come from."""

    def __init__(self) -> None:
        self.numbers: dict[Whom, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMMED, 0))
        self.words: dict[Whom, list[str]] = defaultdict(list)
        self.records: dict[int, list[tuple[int, Part]]] = defaultdict(list)
        self.registered: dict[int, set[int]] = defaultdict(set)

    @property
    def units(self) -> list[int]:
        """The units of which there is something to tell."""
        return sorted({unit for unit, _ in (*self.numbers, *self.words)})


def of_community(of: QuarterOf, community_id: int, until: dt.datetime) -> Gathered:
    """What is to be told of a community's quarter, as far as it was confirmed before this moment."""
    found = Gathered()
    _gather_records(found, of, community_id, until)
    _gather_taken_back(found, community_id)
    _gather_suggestions(found, of, community_id)
    _gather_words(found, of, community_id)
    if found.units:
        _gather_registered(found, of, community_id)
    return found


def _gather_records(found: Gathered, of: QuarterOf, community_id: int, until: dt.datetime) -> None:
    begun = db.session.execute(select(Quarter.year, Quarter.quarter).order_by(Quarter.year, Quarter.quarter)).first()
    since = min(QuarterOf(*begun), of).first if begun else of.first
    told = exists().where(BulletinRecord.record_id == ServiceRecord.id, BulletinRecord.part != Part.TAKEN_BACK)
    rows = select(
        ServiceRecord.id, ServiceRecord.unit_id, ServiceRecord.member_id, ServiceRecord.day, ServiceRecord.half_hours,
        ServiceRecord.source, ServiceRecord.source_id,
    ).where(
        ServiceRecord.community_id == community_id, ServiceRecord.state == RecordState.CONFIRMED,
        ServiceRecord.day.between(since, of.last), ServiceRecord.half_hours >= 1, ServiceRecord.opening.is_(False),
        or_(ServiceRecord.confirmed_at.is_(None), ServiceRecord.confirmed_at < until), ~told,
    )  # fmt: skip
    cases = counting.Cases()
    for record in db.session.execute(rows.order_by(ServiceRecord.id)):
        late = record.day < of.first
        counting.count(found.numbers[record.unit_id, record.member_id], record, late, cases)
        found.records[record.unit_id].append((record.id, Part.LATE if late else Part.OF_QUARTER))


def _gather_taken_back(found: Gathered, community_id: int) -> None:
    """What was sent and counts no more; what was not sent yet is struck from its own bulletin (striking.py)."""
    again = aliased(BulletinRecord)
    rows = (
        select(ServiceRecord.id, ServiceRecord.unit_id, ServiceRecord.member_id, ServiceRecord.half_hours)
        .join(BulletinRecord, BulletinRecord.record_id == ServiceRecord.id)
        .join(Bulletin, (Bulletin.id == BulletinRecord.bulletin_id) & (Bulletin.state != BulletinState.COMPILED))
        .where(ServiceRecord.community_id == community_id, BulletinRecord.part != Part.TAKEN_BACK)
        .where(ServiceRecord.state.in_((RecordState.VOIDED, RecordState.REJECTED)))
        .where(~exists().where(again.record_id == ServiceRecord.id, again.part == Part.TAKEN_BACK))
    )
    for key, unit, member, half_hours in db.session.execute(rows.order_by(ServiceRecord.id)):
        found.numbers[unit, member]["back_times"] += 1
        found.numbers[unit, member]["back_half_hours"] += half_hours
        found.records[unit].append((key, Part.TAKEN_BACK))


def _gather_suggestions(found: Gathered, of: QuarterOf, community_id: int) -> None:
    rows = select(Suggestion.unit_id, Suggestion.member_id, func.count()).where(
        Suggestion.community_id == community_id, Suggestion.submitted_on.between(of.first, of.last),
        Suggestion.state != SuggestionState.WITHDRAWN,
    )  # fmt: skip
    for unit, member, count in db.session.execute(rows.group_by(Suggestion.unit_id, Suggestion.member_id)):
        found.numbers[unit, member]["suggestions"] += count


def _gather_words(found: Gathered, of: QuarterOf, community_id: int) -> None:
    """What residents said of members who were registered here at the quarter's end, as the members read it.

    A concern that proved untrue says nothing of a member: no unit is told of it.
    """
    here = _registered(of, community_id).where(or_(Registration.ended_on.is_(None), Registration.ended_on > of.last))
    stays = here.subquery()
    rows = (
        select(stays.c.unit_id, stays.c.member_id, Remark.kind, Remark.words, Remark.reply, Remark.finding)
        .join(Remark, Remark.member_id == stays.c.member_id)
        .where(Remark.state == RemarkState.SETTLED, Remark.words.is_not(None))
        .where(Remark.finding.is_distinct_from(Finding.UNTRUE))
        .where(Remark.ended_at >= clock.start_of(of.first), Remark.ended_at < clock.start_of(of.next.first))
    )
    for unit, member, kind, words, reply, finding in db.session.execute(rows.order_by(Remark.id)):
        said = f"{'表扬' if kind is RemarkKind.PRAISE else '意见'}：{words}"
        if kind is RemarkKind.CONCERN:
            said += f"\n本人说明：{reply or '到期没有说明'}" + (f"\n核实：{finding.label}" if finding else "")
        found.words[unit, member].append(said)


def _gather_registered(found: Gathered, of: QuarterOf, community_id: int) -> None:
    units = set(found.units)
    for unit, member in db.session.execute(_registered(of, community_id)):
        if unit in units:
            found.registered[unit].add(member)
    for unit, member in (*found.numbers, *found.words):
        # Whoever served has been registered, even if the papers went on to another unit since.
        found.registered[unit].add(member)


def _registered(of: QuarterOf, community_id: int) -> Select:
    return (
        select(Registration.unit_id, Registration.member_id)
        .where(Registration.community_id == community_id, Registration.state.in_(ACCEPTED))
        .where(Registration.accepted_on <= of.last)
        .where(or_(Registration.ended_on.is_(None), Registration.ended_on >= of.first))
        .distinct()
    )
