"""What time does each quarter: the bulletins of all communities, one community at a time.  [三2]

Each confirmed record is told in exactly one bulletin, that of the unit and home community of its date: in its own
quarter's, or, confirmed after that one was compiled, in the next one (补计). A record voided after it was sent is
taken back in the next one (更正), before that it is struck (striking.py). Records from before the portal (期初) are
told in none.
"""

import datetime as dt
from typing import Any

from sqlalchemy import func, insert, select

from portal import audit, clock, history, numbers
from portal.actors import SYSTEM
from portal.extensions import db
from portal.feedback import gathering, quarters
from portal.feedback.gathering import Gathered
from portal.feedback.models import Bulletin, BulletinLine, BulletinRecord, BulletinState, Quarter
from portal.feedback.quarters import QuarterOf
from portal.feedback.queries import SUMMED
from portal.inserting import insert_many
from portal.people.models import Community, Unit

NOTHING = dict.fromkeys(SUMMED, 0)


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
    found = gathering.of_community(of, community_id, clock.start_of(today + dt.timedelta(days=1)))
    if not found.units:
        return 0
    ids = _write_bulletins(found, of, community_id, today)
    _write_lines(found, ids)
    told = [
        {"bulletin_id": ids[unit], "record_id": record, "part": part}
        for unit, each in found.records.items()
        for record, part in each
    ]
    if told:
        db.session.execute(insert(BulletinRecord.__table__), told)
    history.write_many("bulletins", ids.values(), SYSTEM, "compile", "汇总", BulletinState.COMPILED)
    audit.write_many(SYSTEM, "bulletins.compile", "bulletins", ids.values())
    return len(ids)


def _write_bulletins(found: Gathered, of: QuarterOf, community_id: int, today: dt.date) -> dict[int, int]:
    """The bulletins' ids by unit; numbered in the order of the units' names."""
    above = select(Unit.id, Unit.supervisor_id).where(Unit.id.in_(found.units)).order_by(Unit.name)
    units = db.session.execute(above).all()
    last = numbers.draw("bulletin-case", of.year, len(units))
    serials = range(last - len(units) + 1, last + 1)
    rows: list[dict[str, Any]] = [
        {
            "state": BulletinState.COMPILED, "number": numbers.address_number(of.year, serial), "year": of.year,
            "serial": serial, "quarter": of.quarter, "unit_id": unit, "supervisor_id": supervisor,
            "community_id": community_id, "registered": len(found.registered[unit]), "compiled_on": today,
            "version": 1,
        }
        for (unit, supervisor), serial in zip(units, serials, strict=True)
    ]  # fmt: skip
    ids = insert_many(Bulletin.__table__, rows, "number")  # type: ignore[arg-type]
    return {row["unit_id"]: key for row, key in zip(rows, ids, strict=True)}


def _write_lines(found: Gathered, ids: dict[int, int]) -> None:
    """A line of each member who was registered: also of those of whom there is nothing to tell."""
    silent, spoken_of = [], []
    for unit, bulletin_id in ids.items():
        for member in sorted(found.registered[unit]):
            counted = found.numbers.get((unit, member)) or NOTHING
            line = {"bulletin_id": bulletin_id, "member_id": member, **counted}
            if words := found.words.get((unit, member)):
                spoken_of.append(line | _sealed("\n".join(words)))
            else:
                silent.append(line)
    for lines in (silent, spoken_of):
        if lines:
            db.session.execute(insert(BulletinLine.__table__), lines)


def _sealed(words: str) -> dict[str, Any]:
    line = BulletinLine()
    line.words = words
    return {"seal_id": line.seal_id, "words_sealed": line.words_sealed}
