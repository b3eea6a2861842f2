"""What service records ask of each desk (待办)."""

from sqlalchemy import Select

from portal.actors import Actor, Role
from portal.records import queries
from portal.records.models import ServiceRecord
from portal.todo import ToDo, waits

CONFIRMERS = (Role.CLERK, Role.GRID_WORKER, Role.TOWN)


def items(by: Actor) -> list[ToDo]:
    """The records that wait for a second person of this office, and the objections it must answer."""
    asked: list[tuple[Select, object]] = []
    if by.is_in(*CONFIRMERS):
        asked.append((queries.to_confirm(by), ServiceRecord.day))
    if by.is_in(Role.CLERK):
        asked.append((queries.objected(by), None))
    if not asked:
        return []
    (count, oldest), *objected = waits(*asked)
    note = f"最早 {oldest:%-m月%-d日}" if oldest else ""
    found = [ToDo(count, "写实记录，等待第二人确认", note, "records.index", {"state": "to_confirm"}, oldest)]
    for line in objected:
        found.append(ToDo(line.count, "党员对写实记录的异议，待答复", "", "records.index", {"state": "objected"}))
    return [item for item in found if item.count]
