"""What teams ask of the clerk's desk (待办)."""

from portal.actors import Actor, Role
from portal.teams import queries
from portal.todo import Waiting


def items(by: Actor) -> list[Waiting]:
    """The teams that nobody leads: nobody claims a wish for them, or reports it done."""
    if not by.is_in(Role.CLERK):
        return []
    rows = queries.filtered(by, queries.Filters(vacant=True))
    return [Waiting(rows, "服务队没有队长，待任命", "teams.index", {"vacant": 1})]
