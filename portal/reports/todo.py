"""What the handing in asks of each desk (待办)."""

import datetime as dt
from collections.abc import Iterator

from portal.actors import Actor, Role
from portal.reports import opening, queries
from portal.reports.models import Report, ReportState
from portal.scheme import queries as scheme
from portal.todo import Waiting

S = ReportState


def items(by: Actor, today: dt.date) -> Iterator[Waiting]:
    """The body's report, the community's part; for the county, what to accept and what is late."""
    if by.is_in(*queries.BODIES):
        rows = queries.own(by, S.OPEN)
        yield _due(rows, "年度总结及汇总表待上报", today)
        yield _due(queries.own(by, S.RETURNED), "上报被退回，待修改后重新上报", today)
    if by.is_in(Role.CLERK):
        yield _due(queries.parts_to_confirm(by), "本社区上报数据待核对", today, "reports.parts.index")
    if by.is_in(Role.COUNTY):
        handed_in = queries.visible_to(by).where(Report.state == S.SUBMITTED)
        yield Waiting(handed_in, "年度上报待接收", "reports.index", {"state": S.SUBMITTED.value})
        late = queries.visible_to(by).where(
            Report.state.in_(queries.UNSENT), Report.due_on < today, scheme.is_of_open_year(Report.year)
        )
        yield Waiting(
            late, "年度上报超期没有交", "reports.index", {"late": 1}, Report.due_on, "应在", late_before=today
        )


def _due(rows, label: str, today: dt.date, endpoint: str = "reports.index") -> Waiting:
    """A line that says how many working days are left, as long as some are."""
    return Waiting(rows, label, endpoint, {}, Report.due_on, _left(today), late_before=today)


def _left(today: dt.date) -> str:
    due = scheme.year_of(today).yearly_report_by
    if not opening.opens_on(today.year) <= today <= due:
        return "最迟"
    left = scheme.calendar_around(today.year).workdays_between(today, due)
    return f"还有 {left} 个工作日，最迟" if left else "今天到期，最迟" if today == due else "最迟"
