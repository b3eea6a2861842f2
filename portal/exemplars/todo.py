"""What nominations ask of each desk (待办)."""

import datetime as dt
from collections.abc import Iterator

from portal.actors import Actor, Role
from portal.exemplars import queries
from portal.exemplars.models import Exemplar, ExemplarState
from portal.todo import Waiting


def items(by: Actor, today: dt.date) -> Iterator[Waiting]:
    """What waits for the county to be decided, and for a community to be mended."""
    if by.is_in(Role.COUNTY):
        where = {"state": ExemplarState.NOMINATED.value}
        rows = queries.to_decide(by)
        yield Waiting(rows, "服务标兵推荐待确认", "exemplars.index", where, Exemplar.nominated_on, "最早报来")
    if by.is_in(Role.CLERK):
        where = {"state": ExemplarState.RETURNED.value}
        rows = queries.to_amend(by)
        yield Waiting(rows, "服务标兵推荐被退回", "exemplars.index", where, Exemplar.nominated_on, "报送于")
