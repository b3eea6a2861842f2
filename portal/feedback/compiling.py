"""What time does each quarter: the bulletins of all communities, one community at a time.  [三2]

Each confirmed record is told in exactly one bulletin, that of the unit and home community of its date: in its own
quarter's, or, confirmed after that one was compiled, in the next one (补计). A record voided after it was told is
taken back in the next one (更正). Records from before the portal (期初) are told in none.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy import exists, func, insert, or_, select
from sqlalchemy.orm import aliased

from portal import audit, clock, history, numbers
from portal.actors import SYSTEM
from portal.extensions import db
from portal.feedback import quarters
from portal.feedback.models import Bulletin, BulletinLine, BulletinRecord, BulletinState, Part, Quarter
from portal.feedback.quarters import QuarterOf
from portal.feedback.queries import SUMMED
from portal.inserting import insert_many
from portal.people.models import Community, Unit
from portal.records.models import RecordState, ServiceRecord, Source
from portal.registrations.models import CURRENT, Registration, RegistrationState
from portal.remarks.models import Remark, RemarkKind, RemarkState
from portal.suggestions.models import Suggestion, SuggestionState

ACCEPTED = (*CURRENT, RegistrationState.ENDED)
Whom = tuple[int, int]  # a unit's and a member's id


class _Compiled:
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


def compile_next(now: dt.datetime) -> bool:
    """Compile the bulletins of the next community whose turn it is; False where nothing is due."""
    asked = _quarter_to_compile(now)
    if asked is None:
        return False
    of = QuarterOf(asked.year, asked.quarter)
    done = select(func.max(Bulletin.community_id)).where(Bulletin.year == of.year, Bulletin.quarter == of.quarter)
    after = db.session.scalar(done) or 0
    for community_id in db.session.scalars(select(Community.id).where(Community.id > after).order_by(Community.id)):
        if compile_community(of, community_id, clock.local(now).date()):
            return True
    asked.finished_at = now
    return True


def _quarter_to_compile(now: dt.datetime) -> Quarter | None:
    """The quarter that is being compiled, or the next one that is due; locked, since two may tick at once."""
    latest = db.session.scalar(
        select(Quarter).order_by(Quarter.year.desc(), Quarter.quarter.desc()).limit(1).with_for_update()
    )
    if latest and latest.finished_at is None:
        return latest
    due = quarters.latest_due(clock.local(now).date())
    of = QuarterOf(latest.year, latest.quarter).next if latest else due
    if of > due:
        return None
    begun = Quarter(year=of.year, quarter=of.quarter, started_at=now)
    db.session.add(begun)
    db.session.flush()
    return begun


def compile_community(of: QuarterOf, community_id: int, today: dt.date) -> int:
    """Write one community's bulletins of a quarter; how many there are."""
    found = _Compiled()
    _gather_records(found, of, community_id)
    _gather_taken_back(found, community_id)
    _gather_suggestions(found, of, community_id)
    _gather_words(found, of, community_id)
    units = found.units
    if not units:
        return 0
    _gather_registered(found, of, community_id)
    ids = _write_bulletins(found, of, community_id, today)
    _write_lines(found, ids)
    told = [
        {"bulletin_id": ids[unit], "record_id": record, "part": part}
        for unit, each in found.records.items()
        for record, part in each
    ]
    if told:
        db.session.execute(insert(BulletinRecord), told)
    history.write_many("bulletins", ids.values(), SYSTEM, "compile", "汇总", BulletinState.COMPILED)
    audit.write_many(SYSTEM, "bulletins.compile", "bulletins", ids.values())
    return len(ids)


def _gather_records(found: _Compiled, of: QuarterOf, community_id: int) -> None:
    begun = db.session.execute(select(Quarter.year, Quarter.quarter).order_by(Quarter.year, Quarter.quarter)).first()
    since = min(QuarterOf(*begun), of).first if begun else of.first
    told = exists().where(BulletinRecord.record_id == ServiceRecord.id, BulletinRecord.part != Part.TAKEN_BACK)
    rows = select(
        ServiceRecord.id, ServiceRecord.unit_id, ServiceRecord.member_id, ServiceRecord.day, ServiceRecord.half_hours,
        ServiceRecord.source, ServiceRecord.source_id,
    ).where(
        ServiceRecord.community_id == community_id, ServiceRecord.state == RecordState.CONFIRMED,
        ServiceRecord.day.between(since, of.last), ServiceRecord.half_hours >= 1, ServiceRecord.opening.is_(False),
        ~told,
    )  # fmt: skip
    cases = set()
    for key, unit, member, day, half_hours, source, source_id in db.session.execute(rows.order_by(ServiceRecord.id)):
        counted, late = found.numbers[unit, member], day < of.first
        counted["late_times" if late else "times"] += 1
        counted["late_half_hours" if late else "half_hours"] += half_hours
        kind = _AS.get(source)
        # Of an activity or a wish one has a record each; one written anew for the same case is no second one.
        if not late and kind and (source_id is None or (member, source, source_id) not in cases):
            counted[kind] += 1
            cases.add((member, source, source_id))
        found.records[unit].append((key, Part.LATE if late else Part.OF_QUARTER))


_AS = {Source.ACTIVITY: "activities", Source.WISH: "wishes", Source.VISIT: "visits"}


def _gather_taken_back(found: _Compiled, community_id: int) -> None:
    again = aliased(BulletinRecord)
    rows = (
        select(ServiceRecord.id, ServiceRecord.unit_id, ServiceRecord.member_id, ServiceRecord.half_hours)
        .join(BulletinRecord, BulletinRecord.record_id == ServiceRecord.id)
        .where(ServiceRecord.community_id == community_id, BulletinRecord.part != Part.TAKEN_BACK)
        .where(ServiceRecord.state.in_((RecordState.VOIDED, RecordState.REJECTED)))
        .where(~exists().where(again.record_id == ServiceRecord.id, again.part == Part.TAKEN_BACK))
    )
    for key, unit, member, half_hours in db.session.execute(rows.order_by(ServiceRecord.id)):
        found.numbers[unit, member]["back_times"] += 1
        found.numbers[unit, member]["back_half_hours"] += half_hours
        found.records[unit].append((key, Part.TAKEN_BACK))


def _gather_suggestions(found: _Compiled, of: QuarterOf, community_id: int) -> None:
    rows = select(Suggestion.unit_id, Suggestion.member_id, func.count()).where(
        Suggestion.community_id == community_id, Suggestion.submitted_on.between(of.first, of.last),
        Suggestion.state != SuggestionState.WITHDRAWN,
    )  # fmt: skip
    for unit, member, count in db.session.execute(rows.group_by(Suggestion.unit_id, Suggestion.member_id)):
        found.numbers[unit, member]["suggestions"] += count


def _gather_words(found: _Compiled, of: QuarterOf, community_id: int) -> None:
    """What residents said of members who were registered here at the quarter's end, as the members read it."""
    here = _registered(of, community_id).where(or_(Registration.ended_on.is_(None), Registration.ended_on > of.last))
    stays = here.subquery()
    rows = (
        select(stays.c.unit_id, stays.c.member_id, Remark.kind, Remark.words, Remark.reply, Remark.finding)
        .join(Remark, Remark.member_id == stays.c.member_id)
        .where(Remark.state == RemarkState.SETTLED, Remark.words.is_not(None))
        .where(Remark.ended_at >= clock.start_of(of.first), Remark.ended_at < clock.start_of(of.next.first))
    )
    for unit, member, kind, words, reply, finding in db.session.execute(rows.order_by(Remark.id)):
        said = f"{'表扬' if kind is RemarkKind.PRAISE else '意见'}：{words}"
        if kind is RemarkKind.CONCERN:
            said += f"\n本人说明：{reply or '到期没有说明'}" + (f"\n核实：{finding.label}" if finding else "")
        found.words[unit, member].append(said)


def _gather_registered(found: _Compiled, of: QuarterOf, community_id: int) -> None:
    units = set(found.units)
    for unit, member in db.session.execute(_registered(of, community_id)):
        if unit in units:
            found.registered[unit].add(member)
    for unit, member in (*found.numbers, *found.words):
        # Whoever served has been registered, even if the papers went on to another unit since.
        found.registered[unit].add(member)


def _registered(of: QuarterOf, community_id: int):
    return (
        select(Registration.unit_id, Registration.member_id)
        .where(Registration.community_id == community_id, Registration.state.in_(ACCEPTED))
        .where(Registration.accepted_on <= of.last)
        .where(or_(Registration.ended_on.is_(None), Registration.ended_on >= of.first))
        .distinct()
    )


def _write_bulletins(found: _Compiled, of: QuarterOf, community_id: int, today: dt.date) -> dict[int, int]:
    """The bulletins' ids by unit."""
    above = select(Unit.id, Unit.supervisor_id).where(Unit.id.in_(found.units)).order_by(Unit.name)
    rows: list[dict[str, Any]] = []
    for unit, supervisor in db.session.execute(above).all():
        serial = numbers.draw("bulletin-case", of.year)
        rows.append({
            "state": BulletinState.COMPILED, "number": numbers.address_number(of.year, serial), "year": of.year,
            "serial": serial, "quarter": of.quarter, "unit_id": unit, "supervisor_id": supervisor,
            "community_id": community_id, "registered": len(found.registered[unit]), "compiled_on": today,
            "version": 1,
        })  # fmt: skip
    ids = insert_many(Bulletin.__table__, rows, "number")  # type: ignore[arg-type]
    return {row["unit_id"]: key for row, key in zip(rows, ids, strict=True)}


def _write_lines(found: _Compiled, ids: dict[int, int]) -> None:
    """A line of each member who was registered: also of those of whom there is nothing to tell."""
    lines = [_line(found, unit, member, ids[unit]) for unit in ids for member in sorted(found.registered[unit])]
    db.session.execute(insert(BulletinLine), lines)


def _line(found: _Compiled, unit: int, member: int, bulletin_id: int) -> dict[str, Any]:
    line = BulletinLine(bulletin_id=bulletin_id, member_id=member)
    line.words = "\n".join(found.words.get((unit, member), ()))
    counted = found.numbers.get((unit, member)) or dict.fromkeys(SUMMED, 0)
    sealed = {"seal_id": line.seal_id} if line.words_sealed else {}
    return {"bulletin_id": bulletin_id, "member_id": member, "words_sealed": line.words_sealed, **counted, **sealed}
