"""What is an office's own in this room: the rows that it wrote, told by its role and its place."""

from typing import Any

from sqlalchemy import ColumnElement, and_

from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.publicity.models import OfOffice
from portal.telling import Addressee, to_office

# The column that names the place of each role that writes; the county is one office.
PLACE = {
    Role.CLERK: "community_id", Role.LIAISON: "unit_id", Role.TOWN: "supervisor_id", Role.DEPARTMENT: "supervisor_id",
    Role.COMMITTEE: "supervisor_id", Role.COUNTY: "",
}  # fmt: skip
WRITERS = tuple(PLACE)


def values_of(by: Actor) -> dict[str, Any]:
    """The columns of `OfOffice` for what this person's office writes."""
    place = {PLACE[by.role]: getattr(by, PLACE[by.role])} if PLACE[by.role] else {}
    return {"role": by.role, "office": by.office or by.role.label} | place


def wrote(row: OfOffice, by: Actor) -> bool:
    """Whether this person acts in the very office that wrote a row."""
    if by.role is not row.role or by.role not in PLACE:
        return False
    place = PLACE[by.role]
    return not place or same(getattr(row, place), getattr(by, place))


def is_of(model: Any, by: Actor) -> ColumnElement[bool]:
    """The condition that this person's office, one of WRITERS, wrote a row."""
    place = PLACE[by.role]
    of_role = model.role == by.role
    return and_(of_role, getattr(model, place) == getattr(by, place)) if place else of_role


def office_of(row: OfOffice) -> Addressee:
    """The office that wrote a row, as somebody to be told."""
    place = PLACE[row.role]
    return to_office(row.role, **{place: getattr(row, place)} if place else {})
