"""What ends with its year: pledges nobody approved, evaluations never sent; each with its trace.  [四]"""

from sqlalchemy import Select

from portal.actors import SYSTEM
from portal.closing import unfinished
from portal.evaluations import workflow as evaluations
from portal.evaluations.models import EvaluationState
from portal.extensions import db
from portal.pledges import workflow as pledges


def pledges_left(year: int) -> list[int]:
    """The ids of the pledges of a year that no unit approved."""
    return _ids(unfinished.pledges(year))


def end_pledges(year: int, ids: list[int]) -> None:
    """End these of them."""
    for row in _these(unfinished.pledges(year), ids):
        pledges.end(row, SYSTEM, reason=f"{year}年度结账，没有审定")


def evaluations_left(year: int) -> list[int]:
    """The ids of the evaluations of a year that were never sent."""
    return _ids(unfinished.evaluations(year))


def drop_evaluations(year: int, ids: list[int]) -> None:
    """Leave these of them out."""
    for row in _these(unfinished.evaluations(year), ids):
        before, row.state = row.state, EvaluationState.WITHDRAWN
        evaluations.flow.noted(row, SYSTEM, "drop", "不作评议", before, f"{year}年度结账，没有反馈")


def _ids(rows: Select) -> list[int]:
    model = rows.column_descriptions[0]["entity"]
    return list(db.session.scalars(rows.with_only_columns(model.id).order_by(model.id)))


def _these(rows: Select, ids: list[int]) -> list:
    model = rows.column_descriptions[0]["entity"]
    return list(db.session.scalars(rows.where(model.id.in_(ids)).order_by(model.id)))
