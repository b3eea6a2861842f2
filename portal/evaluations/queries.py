"""Which evaluations and notes one may see, and what waits for whom."""

from sqlalchemy import ColumnElement, Select, and_, false, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.actors import Actor, Role
from portal.evaluations import grades as graded
from portal.evaluations.models import TOLD, Evaluation, Grade, Note
from portal.people.queries import communities_of, in_unit_scope


def grades() -> list[Grade]:
    """All grades by their order, also those that are given no more."""
    return graded.every()


def sent_in(year: int) -> Select:
    """The evaluations of a year that were sent and stand, for those who count: community, unit, grade on the row."""
    return select(Evaluation).where(Evaluation.year == year, Evaluation.state.in_(TOLD))


def visible_to(by: Actor) -> Select:
    """The evaluations that this person may see: the community's own; what was sent, to whom it was sent; one's own."""
    shown = (
        contains_eager(Evaluation.member), joinedload(Evaluation.unit), joinedload(Evaluation.community),
        joinedload(Evaluation.grade), selectinload(Evaluation.uses),
    )  # fmt: skip
    return select(Evaluation).join(Evaluation.member).where(scope_of(by)).options(*shown)


def scope_of(by: Actor) -> ColumnElement[bool]:
    """The condition that an evaluation lies in this person's scope."""
    was_sent = Evaluation.sent_on.is_not(None)
    match by.role:
        case Role.MEMBER:
            return Evaluation.member_id == by.member_id
        case Role.CLERK:
            return Evaluation.community_id == by.community_id
        case Role.TOWN:
            below = Evaluation.community_id.in_(communities_of(by.supervisor_id))
            return below | and_(Evaluation.supervisor_id == by.supervisor_id, was_sent)
        case Role.DEPARTMENT:
            return and_(Evaluation.supervisor_id == by.supervisor_id, was_sent)
        case Role.LIAISON | Role.COMMITTEE | Role.COUNTY:
            return and_(in_unit_scope(by, Evaluation.unit_id), was_sent)
        case _:
            return false()


def notes_visible_to(by: Actor) -> Select:
    """The notes that this person may see: those of the own community, on oneself, on those of the own scope."""
    shown = (contains_eager(Note.member), joinedload(Note.unit), joinedload(Note.community))
    return select(Note).join(Note.member).where(_scope_of_notes(by)).options(*shown)


def _scope_of_notes(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.MEMBER:
            return Note.member_id == by.member_id
        case Role.CLERK:
            return Note.community_id == by.community_id
        case Role.TOWN:
            return Note.community_id.in_(communities_of(by.supervisor_id)) | (Note.supervisor_id == by.supervisor_id)
        case Role.DEPARTMENT:
            return Note.supervisor_id == by.supervisor_id
        case _:
            return in_unit_scope(by, Note.unit_id)
