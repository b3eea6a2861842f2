"""Which visits count: of one that was confirmed, the service records made from it are the word.  [二(一)4] [二(二)4]

When none of them stands any more, all voided or refused, nobody was there: the month lacks a visit, and the visit may
be written down anew. A record that was written anew in the place of another stands for it.
"""

import datetime as dt

from sqlalchemy import ColumnElement, and_, or_, select

from portal.actors import Actor
from portal.extensions import db
from portal.households.models import Visit, VisitState
from portal.records import queries as records
from portal.records import workflow as recording
from portal.records.models import Objection, ServiceRecord, Source


def stands() -> ColumnElement[bool]:
    """The condition that a visit counts, or may once a second person has confirmed it."""
    counts = and_(Visit.state == VisitState.CONFIRMED, records.stands_of(Source.VISIT, Visit.id))
    return or_(Visit.state == VisitState.RECORDED, counts)


def is_void(visit: Visit) -> bool:
    """Whether a visit was confirmed, and no record made from it stands any more."""
    counts = select(records.stands_of(Source.VISIT, visit.id))
    return visit.state is VisitState.CONFIRMED and not db.session.scalar(counts)


def of_day(household_id: int, day: dt.date) -> list[Visit]:
    """The visits to a household on a day that count or wait."""
    rows = select(Visit).where(Visit.household_id == household_id, Visit.day == day, stands())
    return list(db.session.scalars(rows.order_by(Visit.id)))


def written_anew(visit: Visit, _by: Actor) -> str:
    """What keeps a visit from waiting or counting again: it was written down anew, and would count twice."""
    others = [each for each in of_day(visit.household_id, visit.day) if each.id != visit.id]
    anew = any(each.has(person.member_id) for each in others for person in visit.people)
    return "这一天的走访已经重新登记，不能撤销。" if anew else ""


def _of_record(record: ServiceRecord, by: Actor) -> str:
    visit = db.session.get(Visit, record.source_id) if record.source is Source.VISIT else None
    return written_anew(visit, by) if visit is not None else ""


def _of_objection(objection: Objection, by: Actor) -> str:
    return _of_record(objection.record, by)


def register() -> None:
    """Say to the life cycles of records and objections what keeps a record of a visit from standing again."""
    recording.void.stays_if(_of_record)
    recording.reject.stays_if(_of_record)
    recording.uphold.stays_if(_of_objection)
