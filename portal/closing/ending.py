"""What ends with its year: pledges nobody approved, evaluations never sent; each with its trace.  [四]"""

from sqlalchemy import Select, func, select

from portal.actors import SYSTEM
from portal.closing import unfinished
from portal.evaluations import workflow as evaluations
from portal.evaluations.models import EvaluationState
from portal.extensions import db
from portal.pledges import workflow as pledges

PART = 20  # of one transaction, so that the write lock is not held for long


def end_pledges(year: int) -> int:
    """End the next pledges of a year that no unit approved; how many."""
    rows = list(db.session.scalars(_next(unfinished.pledges(year))))
    for row in rows:
        pledges.end(row, SYSTEM, reason=f"{year}年度结账，没有审定")
    return len(rows)


def drop_evaluations(year: int) -> int:
    """Leave the next evaluations of a year out that were never sent; how many."""
    rows = list(db.session.scalars(_next(unfinished.evaluations(year))))
    for row in rows:
        before, row.state = row.state, EvaluationState.WITHDRAWN
        evaluations.flow.noted(row, SYSTEM, "drop", "不作评议", before, f"{year}年度结账，没有反馈")
    return len(rows)


def pledges_left(year: int) -> int:
    """How many pledges of a year nobody approved."""
    return _count(unfinished.pledges(year))


def evaluations_left(year: int) -> int:
    """How many evaluations of a year were never sent."""
    return _count(unfinished.evaluations(year))


def _next(rows: Select) -> Select:
    model = rows.column_descriptions[0]["entity"]
    return rows.order_by(model.id).limit(PART)


def _count(rows: Select) -> int:
    model = rows.column_descriptions[0]["entity"]
    ids = rows.with_only_columns(model.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
