"""What service records ask of each desk (待办)."""

from sqlalchemy import func

from portal.actors import Actor, Role
from portal.extensions import db
from portal.records import queries
from portal.records.models import ServiceRecord
from portal.todo import ToDo

CONFIRMERS = (Role.CLERK, Role.GRID_WORKER, Role.TOWN)


def items(by: Actor) -> list[ToDo]:
    """The records that wait for a second person of this office, and the objections it must answer."""
    found = [_to_confirm(by)] if by.is_in(*CONFIRMERS) else []
    if by.is_in(Role.CLERK):
        objected = db.session.scalar(queries.objected(by).with_only_columns(func.count()).order_by(None)) or 0
        found.append(ToDo(objected, "党员对写实记录的异议，待答复", "", "records.index", {"state": "objected"}))
    return [item for item in found if item.count]


def _to_confirm(by: Actor) -> ToDo:
    counted = queries.to_confirm(by).with_only_columns(func.count(), func.min(ServiceRecord.day)).order_by(None)
    count, oldest = db.session.execute(counted).one()
    note = f"最早 {oldest:%-m月%-d日}" if oldest else ""
    return ToDo(count, "写实记录，等待第二人确认", note, "records.index", {"state": "to_confirm"}, oldest)
