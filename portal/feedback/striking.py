"""What no longer counts is struck from a bulletin before it is sent: no unit is told of it, so nothing is taken back.

Records may be voided by many acts (a wish reopened, an objection upheld), and some of these are undone again; so a
bulletin is looked through at the one moment that matters, when it is sent. What is undone later is told as late.  [三2]
"""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.feedback import counting
from portal.feedback.models import Bulletin, BulletinLine, BulletinRecord, BulletinState, Part
from portal.records.models import RecordState, ServiceRecord


def waiting(bulletin: Bulletin) -> list[ServiceRecord]:
    """The records that a bulletin not sent yet was compiled from and that count no more, the earliest first."""
    if bulletin.state is not BulletinState.COMPILED:
        return []
    rows = _told(bulletin).where(ServiceRecord.state != RecordState.CONFIRMED)
    return [told.record for told in db.session.scalars(rows.order_by(ServiceRecord.day, ServiceRecord.id))]


def strike(bulletin: Bulletin) -> None:
    """Take out of a bulletin what counts no more, and count the lines of those members again."""
    members = {record.member_id for record in waiting(bulletin)}
    if not members:
        return
    told: dict[int, list[BulletinRecord]] = {member: [] for member in members}
    rows = _told(bulletin).where(ServiceRecord.member_id.in_(members))
    for each in db.session.scalars(rows.order_by(ServiceRecord.id)):
        if each.record.state is RecordState.CONFIRMED:
            told[each.record.member_id].append(each)
        else:
            db.session.delete(each)
    lines = select(BulletinLine).where(BulletinLine.bulletin_id == bulletin.id, BulletinLine.member_id.in_(members))
    for line in db.session.scalars(lines):
        _count_again(line, told[line.member_id])


def _count_again(line: BulletinLine, told: list[BulletinRecord]) -> None:
    numbers, cases = dict.fromkeys(counting.COUNTED, 0), counting.Cases()
    for each in told:
        counting.count(numbers, each.record, each.part is Part.LATE, cases)
    for name, number in numbers.items():
        setattr(line, name, number)


def _told(bulletin: Bulletin) -> Select:
    rows = select(BulletinRecord).join(BulletinRecord.record).where(BulletinRecord.bulletin_id == bulletin.id)
    shown = joinedload(BulletinRecord.record).joinedload(ServiceRecord.member)
    return rows.where(BulletinRecord.part != Part.TAKEN_BACK).options(shown)
