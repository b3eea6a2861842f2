"""What doubles ask of the county's desk (待办)."""

from collections.abc import Sequence

from portal.actors import Actor, Role
from portal.doubles import queries
from portal.todo import ToDo, Waiting


def items(by: Actor) -> Sequence[ToDo | Waiting]:
    """The pairs that may be one person."""
    if not by.is_in(Role.COUNTY):
        return []
    return [Waiting(queries.suspected(), "名册上疑似同一人的记录，待核对", "doubles.index", note="同一人在两份名册上")]
