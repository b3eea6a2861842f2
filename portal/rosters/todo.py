"""What imports of rosters ask of the liaison's desk (待办)."""

from portal.actors import Actor, Role
from portal.rosters import queries
from portal.todo import ToDo


def items(by: Actor) -> list[ToDo]:
    """The imports that wait for the liaison's word."""
    waiting = queries.waiting(by.unit_id) if by.is_in(Role.LIAISON) and by.unit_id else 0
    return [ToDo(waiting, "名册导入，待确认写入", "", "rosters.index")] if waiting else []
