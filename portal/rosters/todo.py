"""What imports of rosters ask of the liaison's desk (待办)."""

from portal.actors import Actor, Role
from portal.rosters import queries
from portal.todo import Waiting


def items(by: Actor) -> list[Waiting]:
    """The imports that wait for the liaison's word."""
    if not by.is_in(Role.LIAISON):
        return []
    return [Waiting(queries.waiting(by.unit_id), "名册导入，待确认写入", "rosters.index")]
