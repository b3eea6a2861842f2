"""The year's evidence of any number of members, with as many queries for five hundred as for one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.duties import five_ones, progress
from portal.evaluations import facts, sources
from portal.evaluations.facts import Facts, Voice
from portal.evaluations.models import Evaluation
from portal.extensions import db
from portal.people.models import Member
from portal.pledges import progress as promises
from portal.pledges.keeping import Keeping
from portal.pledges.models import Pledge
from portal.remarks.models import Remark, RemarkKind

AT_ONCE = 50
_ahead: WeakKeyDictionary[Evaluation, Facts] = WeakKeyDictionary()
Home = tuple[int, int]  # member, community


@dataclass
class _Found:
    """What was found of all of them, by member, or by member and the community where it was done."""

    records: dict[Home, Any] = field(default_factory=dict)
    suggestions: dict[Home, Any] = field(default_factory=dict)
    claims: dict[int, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    voices: dict[Home, list[Voice]] = field(default_factory=lambda: defaultdict(list))
    keeping: dict[int, Keeping] = field(default_factory=dict)
    five_ones: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    deferred: dict[int, tuple[int, ...]] = field(default_factory=dict)


def of(rows: Sequence[Evaluation]) -> dict[int, Facts]:
    """The facts of these evaluations, by their ids: as they were sent, or as the records have them now."""
    kept = {row.id: facts.read(row.facts or "") for row in rows if row.facts_sealed}
    live: dict[int, list[Evaluation]] = defaultdict(list)
    for row in rows:
        if row.id not in kept:
            live[row.year].append(row)
    for year, drafts in live.items():
        kept |= gather(drafts, year, min(clock.today(), dt.date(year, 12, 31)))
    return kept


def of_one(row: Evaluation) -> Facts:
    """The facts of one evaluation; those that `ahead` has just gathered, where it did."""
    return _ahead.pop(row, None) or of([row])[row.id]


def ahead(rows: Iterable[Evaluation]) -> Iterator[Evaluation]:
    """These drafts one by one, with their facts gathered for many at once: for those who send many."""
    waiting = iter(rows)
    while part := list(islice(waiting, AT_ONCE)):
        found = of(part)
        for row in part:
            _ahead[row] = found[row.id]
            yield row


def gather(rows: Sequence[Evaluation], year: int, day: dt.date) -> dict[int, Facts]:
    """The facts of these evaluations of one year up to a day as the records have them now, by their ids."""
    found = _find([row.member_id for row in rows], year, day)
    return {row.id: _together(found, row, day) for row in rows}


def _find(members: list[int], year: int, day: dt.date) -> _Found:
    found = _Found()
    for row in db.session.execute(sources.record_sums(members, year)):
        found.records[row.member_id, row.community_id] = row
    for row in db.session.execute(sources.suggestion_sums(members, year)):
        found.suggestions[row.member_id, row.community_id] = row
    for row in db.session.execute(sources.claims(members, year)):
        found.claims[row.member_id].append(clock.local(row.claimed_at).date())
    for remark in db.session.scalars(sources.voices(members, year)):
        found.voices[remark.member_id or 0, remark.community_id].append(_voice(remark))
    for member_id, community_id, words in db.session.execute(sources.thanks(members, year)):
        found.voices[member_id, community_id].append(Voice(words))
    pledges = db.session.scalars(sources.pledged(members, year).options(selectinload(Pledge.items))).all()
    keeping = promises.of(pledges)
    found.keeping = {pledge.member_id: keeping[pledge.id] for pledge in pledges}
    _find_duties(found, members, day)
    return found


def _find_duties(found: _Found, members: list[int], day: dt.date) -> None:
    told, minimum = progress.facts_of(select(Member.id).where(Member.id.in_(members)), day)
    for member_id, each in told.items():
        ones = five_ones.of(each, minimum, day)
        found.five_ones[member_id] = tuple((one.label, stands.status.label) for one, stands in ones.items())
        found.deferred[member_id] = tuple(sorted(each.deferred))


def _voice(remark: Remark) -> Voice:
    finding = remark.finding.label if remark.finding else ""
    return Voice(remark.words or "", remark.kind is RemarkKind.CONCERN, remark.reply or "", finding)


def _together(found: _Found, row: Evaluation, day: dt.date) -> Facts:
    home, registration = (row.member_id, row.community_id), row.registration
    first = max(registration.accepted_on or day, dt.date(row.year, 1, 1))
    last = min(registration.ended_on or day, day)
    records, suggestions = found.records.get(home), found.suggestions.get(home)
    keeping = found.keeping.get(row.member_id)
    return Facts(
        first=first,
        last=last,
        times=records.times if records else 0,
        half_hours=records.half_hours if records else 0,
        visits=records.visits if records else 0,
        activities=records.activities if records else 0,
        service_days=records.service_days if records else 0,
        wishes_claimed=sum(first <= claimed <= last for claimed in found.claims[row.member_id]),
        wishes_done=records.wishes_done if records else 0,
        suggestions=suggestions.made if suggestions else 0,
        adopted=suggestions.adopted if suggestions else 0,
        promises=len(keeping.items) if keeping else 0,
        promises_kept=keeping.kept if keeping else 0,
        five_ones=found.five_ones.get(row.member_id, ()),
        voices=tuple(found.voices[home]),
        deferred=found.deferred.get(row.member_id, ()),
    )
