"""What was judged: the grades of the year's evaluations, and the model volunteers.

Both speak of a year whatever day they were sent or confirmed on: the evaluations of a year come at its end and after.
"""

from sqlalchemy import Select, exists, select

from portal.evaluations.models import TOLD, Evaluation, Grade
from portal.exemplars.models import Exemplar, ExemplarState
from portal.extensions import db
from portal.reports.scopes import Period, one_if


def grades() -> list[tuple[int, str]]:
    """Id and label of the grades that are given, and of those that ever were, by their order."""
    given = exists().where(Evaluation.grade_id == Grade.id)
    rows = select(Grade.id, Grade.label).where(Grade.active.is_(True) | given).order_by(Grade.sort, Grade.id)
    return [(key, label) for key, label in db.session.execute(rows)]


def evaluations(period: Period) -> Select:
    """The evaluations of the year that were sent and stand, by unit, body and community of their date.  [二(二)4]"""
    E = Evaluation
    of_grades = [one_if(E.grade_id == key).label(f"grade_{key}") for key, _ in grades()]
    return select(
        E.unit_id, E.supervisor_id, E.community_id, E.id.label("thing_id"), *of_grades,
    ).where(E.year == period.first.year, E.state.in_(TOLD))  # fmt: skip


def exemplars(period: Period) -> Select:
    """The model volunteers of the year whom the county confirmed.  [二(一)5]"""
    E = Exemplar
    return select(
        E.unit_id, E.supervisor_id, E.community_id, E.id.label("thing_id"),
        one_if(E.id.is_not(None)).label("exemplars"),
    ).where(E.year == period.first.year, E.state == ExemplarState.CONFIRMED)  # fmt: skip
