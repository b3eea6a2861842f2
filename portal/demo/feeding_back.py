"""Quarterly bulletins of the demonstration: two years, one of a large county; compiled by the rule itself and sent.

A few services are confirmed late and a few voided after they were told, so that 补计 and 更正 occur.
"""

import datetime as dt
from collections import Counter as Tally

from sqlalchemy import select, update

from portal import clock, vault
from portal.actors import Role
from portal.demo.county import County, Place
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.extensions import db
from portal.feedback import compiling, quarters
from portal.feedback.models import Bulletin, BulletinLine, BulletinRecord, BulletinState, Part, Quarter
from portal.feedback.quarters import QuarterOf
from portal.feedback.workflow import KIND
from portal.history import HistoryLine
from portal.numbers import CHECK_CODE_LETTERS, Counter, IssuedPaper, PaperState
from portal.records.models import RecordState, ServiceRecord

S = BulletinState
QUARTERS, FEWER, MANY = 8, 4, 1000  # of a county with more members than that, fewer: a year's are 10,000 sheets
LATE = 12  # services of a quarter, of the whole county, that are confirmed after its bulletins were compiled
WORDS = (
    "本季度贵单位党员服务踏实，居民反映好，请予鼓励。",
    "部分党员本季度还没有参加服务，请单位提醒，社区可以安排周末的岗位。",
    "服务日到得齐，走访做得细，感谢支持。下季度重点是楼院整治，请提前安排。",
)
# How the bulletins of the latest quarter stand, community after community; those before were acknowledged.
TURNS = (S.COMPILED, S.SENT, S.ACKNOWLEDGED)


def settle(county: County) -> None:
    """Compile the last quarters, one after the other, and send what was sent."""
    telling, drawn = Telling(), Tally()
    of = quarters.latest_due(county.today)
    for each in quarters_told(county):
        _confirm_some_late(each)
        _compile(county, each)
        for number, place in enumerate(county.places):
            state = TURNS[number % len(TURNS)] if each == of else S.ACKNOWLEDGED
            _send(county, telling, drawn, each, (place, number), state)
    write(Counter, [{"kind": KIND, "year": year, "last": last} for year, last in sorted(drawn.items())])
    telling.write()


def quarters_told(county: County) -> list[QuarterOf]:
    """The quarters of which there are bulletins, the earliest first."""
    told = [quarters.latest_due(county.today)]
    while len(told) < (FEWER if county.scale.members > MANY else QUARTERS):
        told.insert(0, told[0].previous)
    return told


def _confirm_some_late(of: QuarterOf) -> None:
    """Some of a quarter's last services were confirmed only after the bulletins were compiled."""
    late = select(ServiceRecord.id).where(
        ServiceRecord.state == RecordState.CONFIRMED, ServiceRecord.day.between(of.last - dt.timedelta(20), of.last)
    )
    ids = list(db.session.scalars(late.order_by(ServiceRecord.day.desc(), ServiceRecord.id).limit(LATE)))
    at = clock.start_of(of.compiled_from + dt.timedelta(days=5)) + dt.timedelta(hours=9)
    if at < clock.now():
        db.session.execute(update(ServiceRecord).where(ServiceRecord.id.in_(ids)).values(confirmed_at=at))


def _compile(county: County, of: QuarterOf) -> None:
    at = clock.start_of(of.compiled_from) + dt.timedelta(hours=2)
    write(Quarter, [{"year": of.year, "quarter": of.quarter, "started_at": at, "finished_at": at}])
    for place in county.places:
        compiling.compile_community(of, place.id, of.compiled_from)
    here = select(Bulletin.id).where(Bulletin.year == of.year, Bulletin.quarter == of.quarter)
    lines = update(HistoryLine).where(HistoryLine.kind == "bulletins", HistoryLine.row_id.in_(here))
    db.session.execute(lines.values(at=at).execution_options(synchronize_session=False))
    _tell_what_was_voided_since(of)


def _tell_what_was_voided_since(of: QuarterOf) -> None:
    """Records that are void today had been told while they stood: the next bulletin takes them back."""
    rows = (
        select(ServiceRecord.id, ServiceRecord.half_hours, Bulletin.id, BulletinLine.id)
        .join(Bulletin, (Bulletin.unit_id == ServiceRecord.unit_id)
              & (Bulletin.community_id == ServiceRecord.community_id))
        .join(BulletinLine, (BulletinLine.bulletin_id == Bulletin.id)
              & (BulletinLine.member_id == ServiceRecord.member_id))
        .where(ServiceRecord.state == RecordState.VOIDED, ServiceRecord.day.between(of.first, of.last))
        .where(Bulletin.year == of.year, Bulletin.quarter == of.quarter)
        .order_by(ServiceRecord.id).limit(LATE)
    )  # fmt: skip
    for record, half_hours, bulletin, line in db.session.execute(rows).all():
        write(BulletinRecord, [{"bulletin_id": bulletin, "record_id": record, "part": Part.OF_QUARTER}])
        more = {"times": BulletinLine.times + 1, "half_hours": BulletinLine.half_hours + half_hours}
        db.session.execute(update(BulletinLine).where(BulletinLine.id == line).values(more))


def _send(
    county: County, telling: Telling, drawn: Tally, of: QuarterOf, where: tuple[Place, int], state: BulletinState
) -> None:
    """One community's bulletins of a quarter go out together, and are acknowledged by the units."""
    place, number = where
    clerk = f"{place.name} {county.clerks[place.id][0][1]}"
    mine = (Bulletin.community_id == place.id, Bulletin.year == of.year, Bulletin.quarter == of.quarter)
    words = WORDS[(number + of.quarter) % len(WORDS)]
    facts: dict = {"state": state, "remark": words if number % 4 != 1 else None}
    sent_on = min(of.compiled_from + dt.timedelta(days=2), county.today)
    received_on = min(sent_on + dt.timedelta(days=2), county.today)
    if state is not S.COMPILED:
        facts |= {"sent_on": sent_on, "sent_by": clerk, "version": 2}
    if state is S.ACKNOWLEDGED:
        facts |= {"acknowledged_on": received_on, "acknowledged_by": "单位联络员", "version": 3}
    db.session.execute(update(Bulletin).where(*mine).values(facts).execution_options(synchronize_session=False))
    if state is S.COMPILED:
        return
    at, then = (clock.start_of(day) + dt.timedelta(hours=9) for day in (sent_on, received_on))
    papers = []
    for key in db.session.scalars(select(Bulletin.id).where(*mine).order_by(Bulletin.id)):
        drawn[of.year] += 1
        papers.append(_paper(of.year, drawn[of.year], key, place.name, at))
        telling.tell(Bulletin, key, at, "send", "发出", (S.COMPILED, S.SENT), clerk, Role.CLERK)
        if state is S.ACKNOWLEDGED:
            telling.tell(Bulletin, key, then, "acknowledge", "签收", (S.SENT, state), "单位联络员", Role.LIAISON)
    write(IssuedPaper, papers)


def _paper(year: int, serial: int, bulletin_id: int, office: str, at: dt.datetime) -> dict:
    return {
        "kind": KIND, "year": year, "serial": serial, "version": 1, "subject_id": bulletin_id, "family_name": "",
        "office": office, "issued_at": at, "state": PaperState.VALID,
        "check_code": vault.random_code(CHECK_CODE_LETTERS),
    }  # fmt: skip
