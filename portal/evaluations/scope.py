"""Whose evaluations and notes lie in whose scope; nobody reads in an office the ones on themselves."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from portal.actors import Actor, Role
from portal.evaluations.models import Evaluation, Note
from portal.people.queries import communities_of, in_unit_scope


def of_evaluations(by: Actor) -> ColumnElement[bool]:
    """The condition that an evaluation lies in this person's scope."""
    if by.is_in(Role.MEMBER):
        return Evaluation.member_id == by.member_id
    return and_(_in_office(by), _of_others(by, Evaluation))


def _in_office(by: Actor) -> ColumnElement[bool]:
    was_sent = Evaluation.sent_on.is_not(None)
    match by.role:
        case Role.CLERK:
            return Evaluation.community_id == by.community_id
        case Role.TOWN:
            below = Evaluation.community_id.in_(communities_of(by.supervisor_id))
            return or_(below, and_(Evaluation.supervisor_id == by.supervisor_id, was_sent))
        case Role.DEPARTMENT:
            return and_(Evaluation.supervisor_id == by.supervisor_id, was_sent)
        case _:
            return and_(in_unit_scope(by, Evaluation.unit_id), was_sent)


def of_notes(by: Actor) -> ColumnElement[bool]:
    """The condition that a note lies in this person's scope."""
    if by.is_in(Role.MEMBER):
        return Note.member_id == by.member_id
    return and_(_notes_in_office(by), _of_others(by, Note))


def _notes_in_office(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.CLERK:
            return Note.community_id == by.community_id
        case Role.TOWN:
            return or_(Note.community_id.in_(communities_of(by.supervisor_id)), Note.supervisor_id == by.supervisor_id)
        case Role.DEPARTMENT:
            return Note.supervisor_id == by.supervisor_id
        case Role.LIAISON | Role.COMMITTEE | Role.COUNTY:
            return in_unit_scope(by, Note.unit_id)
        case _:
            return false()


def _of_others(by: Actor, model) -> ColumnElement[bool]:
    """The condition that a case is not about who reads it."""
    return true() if by.self_member_id is None else model.member_id != by.self_member_id
