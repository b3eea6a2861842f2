"""The grades (优秀, 良好, 一般, 较差): a table that the county edits."""

from sqlalchemy import select

from portal.evaluations.models import Evaluation, EvaluationState, Grade
from portal.extensions import db

# As the migration seeds them: label, whether it asks for words, whether it may be given to many at once.
USUAL = (("优秀", True, False), ("良好", False, True), ("一般", False, False), ("较差", True, False))


def ensure_usual() -> list[Grade]:
    """The grades by their order, written where there are none (a demonstration county, a test)."""
    found = every()
    if not found:
        found = [
            Grade(label=label, sort=place, needs_text=needs_text, in_bulk=in_bulk)
            for place, (label, needs_text, in_bulk) in enumerate(USUAL, start=1)
        ]
        db.session.add_all(found)
        db.session.flush()
    return found


def every() -> list[Grade]:
    """All grades by their order, also those that are given no more."""
    return list(db.session.scalars(select(Grade).order_by(Grade.sort, Grade.id)))


def is_on_a_card(grade: Grade) -> bool:
    """Whether a card that was sent bears this grade, so that it keeps its name."""
    sent = Evaluation.state != EvaluationState.DRAFT
    return db.session.scalar(select(Evaluation.id).where(Evaluation.grade_id == grade.id, sent).limit(1)) is not None
