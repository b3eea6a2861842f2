"""Which evaluations and notes one may see, how lists are narrowed, and what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from portal.actors import Actor, Role
from portal.evaluations import grades as graded
from portal.evaluations import scope
from portal.evaluations.models import TOLD, Evaluation, EvaluationState, Grade, Lacking, Note, NoteState
from portal.extensions import db
from portal.people.models import Member, Unit
from portal.people.queries import named
from portal.registrations.queries import liaisons
from portal.scheme import queries as scheme

S = EvaluationState
SUPERVISORS = (Role.DEPARTMENT, Role.TOWN)


@dataclass(frozen=True)
class Filters:
    """What a list of evaluations is narrowed to; the address holds it."""

    year: int
    state: EvaluationState | None = None
    grade_id: int | None = None
    unit_id: int | None = None
    community_id: int | None = None
    lacking: Lacking | None = None
    words: str = ""


def grades() -> list[Grade]:
    """All grades by their order, also those that are given no more."""
    return graded.every()


def sent_in(year: int) -> Select:
    """The evaluations of a year that were sent and stand, for those who count: community, unit, grade on the row."""
    return select(Evaluation).where(Evaluation.year == year, Evaluation.state.in_(TOLD))


def visible_to(by: Actor) -> Select:
    """The evaluations that this person may see: those of the own community, what was sent to whom it went, one's own.

    Nobody reads in an office the one on themselves; as a member they read it once it is sent.
    """
    shown = (
        contains_eager(Evaluation.member), joinedload(Evaluation.unit), joinedload(Evaluation.community),
        joinedload(Evaluation.supervisor), joinedload(Evaluation.registration), joinedload(Evaluation.grade),
        selectinload(Evaluation.uses),
    )  # fmt: skip
    return select(Evaluation).join(Evaluation.member).where(scope.of_evaluations(by)).options(*shown)


def filtered(by: Actor, filters: Filters) -> Select:
    """The evaluations of a list, narrowed."""
    rows = visible_to(by).where(Evaluation.year == filters.year)
    wanted = [
        (Evaluation.state, filters.state), (Evaluation.grade_id, filters.grade_id),
        (Evaluation.unit_id, filters.unit_id), (Evaluation.community_id, filters.community_id),
    ]  # fmt: skip
    rows = rows.where(*(column == value for column, value in wanted if value is not None))
    if filters.lacking:
        rows = rows.where(lacks(filters.lacking))
    return rows.where(or_(named(Member, filters.words), Evaluation.number == filters.words)) if filters.words else rows


def lacks(what: Lacking) -> ColumnElement[bool]:
    """The condition that an evaluation lacks something."""
    draft = Evaluation.state == S.DRAFT
    match what:
        case Lacking.GRADE:
            return and_(draft, Evaluation.grade_id.is_(None))
        case Lacking.WORDS:
            strict = Evaluation.grade_id.in_(select(Grade.id).where(Grade.needs_text.is_(True)))
            return and_(draft, strict, Evaluation.performance_sealed.is_(None))
        case Lacking.SELF:
            return and_(draft, Evaluation.self_assessment_sealed.is_(None))
        case Lacking.SLIP:
            return Evaluation.state == S.SENT
        case Lacking.ANSWER:
            unanswered = and_(Evaluation.reply_sealed.is_not(None), Evaluation.answer_sealed.is_(None))
            return and_(unanswered, Evaluation.state.in_(TOLD))


def ready(by: Actor, year: int) -> Select:
    """The drafts of a year that a clerk can send: graded, with words where the grade asks for them."""
    rows = visible_to(by).where(Evaluation.year == year, Evaluation.state == S.DRAFT, Evaluation.grade_id.is_not(None))
    return rows.where(~lacks(Lacking.WORDS)).order_by(Evaluation.unit_id, Member.pinyin, Evaluation.id)


def to_grade(by: Actor, year: int) -> Select:
    """The drafts of a year that no grade was given yet, by name."""
    rows = visible_to(by).where(Evaluation.year == year, lacks(Lacking.GRADE))
    return rows.order_by(Member.pinyin, Evaluation.id)


def to_acknowledge(by: Actor) -> Select:
    """The evaluations whose slip this person may return, the longest waiting first."""
    open_year = scheme.is_of_open_year(Evaluation.year)
    rows = visible_to(by).where(Evaluation.state == S.SENT, open_year, *_owed_by(by, Evaluation))
    return rows.order_by(Evaluation.sent_on, Evaluation.id)


def notes_to_acknowledge(by: Actor) -> Select:
    """The notes whose slip this person may return, the longest waiting first."""
    open_year = scheme.is_of_open_year(Note.year)
    rows = notes_visible_to(by).where(Note.state == NoteState.SENT, open_year, *_owed_by(by, Note))
    return rows.order_by(Note.sent_on, Note.id)


def _owed_by(by: Actor, model) -> list[ColumnElement[bool]]:
    """Whose slips somebody owes: a supervisor those on its units' own liaisons only."""
    if not by.is_in(*SUPERVISORS):
        return []
    return [model.supervisor_id == by.supervisor_id, model.member_id.in_(liaisons())]


def awaiting(by: Actor, rows: Sequence[Evaluation]) -> set[int]:
    """Which of these one can act on from a list: a clerk's drafts, the slips that a unit or its supervisor owes."""
    if by.is_in(Role.CLERK):
        return {row.id for row in rows if row.state is S.DRAFT}
    if not by.is_in(Role.LIAISON, *SUPERVISORS):
        return set()
    mine = to_acknowledge(by).where(Evaluation.id.in_([row.id for row in rows]))
    return set(db.session.scalars(mine.with_only_columns(Evaluation.id).order_by(None)))


def another_stands(row: Evaluation) -> bool:
    """Whether the same member has another evaluation of that year and community that was not withdrawn."""
    other = aliased(Evaluation)
    same = (other.member_id == row.member_id, other.year == row.year, other.community_id == row.community_id)
    return bool(db.session.scalar(select(exists().where(*same, other.id != row.id, other.state != S.WITHDRAWN))))


def successor_of(row: Evaluation) -> Evaluation | None:
    """The one that was written anew in the place of this one, or None."""
    return db.session.scalar(select(Evaluation).where(Evaluation.replaces_id == row.id))


def counts_by_state(by: Actor, year: int) -> dict[EvaluationState, int]:
    """How many evaluations of each state and a year this person may see."""
    seen = select(Evaluation.state, func.count()).where(scope.of_evaluations(by), Evaluation.year == year)
    return dict(iter(db.session.execute(seen.group_by(Evaluation.state))))


def counts_by_grade(by: Actor, year: int) -> dict[int, int]:
    """How many evaluations of a year that were sent and stand have each grade, by the grade's id."""
    seen = select(Evaluation.grade_id, func.count()).where(scope.of_evaluations(by), Evaluation.year == year)
    return dict(iter(db.session.execute(seen.where(Evaluation.state.in_(TOLD)).group_by(Evaluation.grade_id))))


def units_in(by: Actor, year: int) -> list[tuple[int, str]]:
    """The units that occur in this person's list of a year, as (id, name)."""
    occurs = exists().where(Evaluation.unit_id == Unit.id, Evaluation.year == year, scope.of_evaluations(by))
    rows = select(Unit.id, Unit.name).where(occurs).order_by(Unit.name)
    return [(key, name) for key, name in db.session.execute(rows)]


def notes_visible_to(by: Actor) -> Select:
    """The notes that this person may see: those of the own community or scope; on oneself as a member, in no office."""
    shown = (contains_eager(Note.member), joinedload(Note.unit), joinedload(Note.community),
             joinedload(Note.supervisor))  # fmt: skip
    return select(Note).join(Note.member).where(scope.of_notes(by)).options(*shown)
