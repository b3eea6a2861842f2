"""What still waits for a second person when its year is to be closed: the county refuses the rest in one act."""

from collections.abc import Iterator

from sqlalchemy import Select, exists

from portal import clock
from portal.actors import Actor, Role
from portal.closing import in_the_way, queries
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.households import visiting
from portal.households.models import Visit, VisitPerson, VisitState
from portal.moves import hold
from portal.records import workflow as records
from portal.records.models import RecordState, ServiceRecord

PART = 20  # of one transaction


def reject_rest(year: int, by: Actor, reason: str) -> Iterator[int]:
    """The county refuses all services and visits of a year for which no second person came; their members are told.

    A person's own are left to a colleague, what was confirmed meanwhile stays so. Part by part, the caller commits
    after each; how many so far. Raises NotYours, RuleBroken, TooLate.  [二(二)4] [四]
    """
    if not by.is_in(Role.COUNTY):
        raise NotYours("只能由县委组织部一并不予确认。")
    if clock.today() < queries.opens_on(year):
        raise RuleBroken(f"{year}年度还没有到结账的时候，请由社区确认。")
    if (row := queries.of_year(year)) is not None:
        raise TooLate(f"{year}年度结账现在是“{row.state.label}”，不能再改动。")
    done, last = 0, 0
    while rows := list(db.session.scalars(_next(_records_of_others(year, by), ServiceRecord, last))):
        for record in rows:
            done += _reject(record, by, reason)
        last = rows[-1].id
        yield done
    last = 0
    while visits := list(db.session.scalars(_next(_visits_of_others(year, by), Visit, last))):
        for visit in visits:
            done += _send_back(visit, by, reason)
        last = visits[-1].id
        yield done


def _records_of_others(year: int, by: Actor) -> Select:
    return in_the_way.records(year).where(ServiceRecord.member_id.is_distinct_from(by.self_member_id))


def _visits_of_others(year: int, by: Actor) -> Select:
    own = exists().where(VisitPerson.visit_id == Visit.id, VisitPerson.member_id == by.self_member_id)
    return in_the_way.visits(year).where(~own)


def _next(rows, model, after: int):
    return rows.where(model.id > after).order_by(model.id).limit(PART)


def _reject(record: ServiceRecord, by: Actor, reason: str) -> bool:
    """Refuse a service; False where a second person was first."""
    move = records.reject
    if not hold(record, move.starts):
        return False
    before, record.state = record.state, RecordState.REJECTED
    records.flow.noted(record, by, move.verb, move.label, before, reason, tells=move.tells, held=True)
    return True


def _send_back(visit: Visit, by: Actor, reason: str) -> bool:
    move = visiting.reject
    if not hold(visit, move.starts):
        return False
    before, visit.state = visit.state, VisitState.REJECTED
    visit.answered_on, visit.answered_by, visit.answered_by_user_id = clock.today(), by.shown, by.user_id
    visiting.flow.noted(visit, by, move.verb, move.label, before, reason, tells=move.tells, held=True)
    return True
