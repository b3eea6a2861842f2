"""What service records ask of each desk (待办)."""

from portal.actors import Actor, Role
from portal.records import queries
from portal.records.models import ServiceRecord
from portal.todo import Waiting

CONFIRMERS = (Role.CLERK, Role.GRID_WORKER, Role.TOWN)


def items(by: Actor) -> list[Waiting]:
    """The records that wait for a second person of this office, and the objections it must answer."""
    found = []
    if by.is_in(*CONFIRMERS):
        where = {"state": "to_confirm"}
        rows = queries.to_confirm(by)
        found.append(Waiting(rows, "写实记录，等待第二人确认", "records.index", where, ServiceRecord.day))
    if by.is_in(Role.CLERK):
        label = "党员对写实记录的异议，待答复"
        found.append(Waiting(queries.objected(by), label, "records.index", {"state": "objected"}))
    return found
