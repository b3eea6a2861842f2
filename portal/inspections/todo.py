"""What inspections ask of each desk (待办)."""

import datetime as dt
from collections.abc import Iterator

from portal.actors import Actor, Role
from portal.inspections import queries
from portal.inspections.kinds import FindingState, InspectionState
from portal.inspections.models import Finding, Inspection
from portal.inspections.rights import OFFICES
from portal.todo import Waiting


def items(by: Actor, today: dt.date) -> Iterator[Waiting]:
    """What the inspected bodies have to mend, whom an inspector has to visit, what the county has to judge and send."""
    if by.is_in(*OFFICES):
        yield Waiting(queries.to_answer(by), "督查发现的问题待整改、答复", "findings.index", {}, Finding.fix_by,
                      "整改期限", late_before=today)  # fmt: skip
    if by.is_in(Role.INSPECTOR):
        yield Waiting(queries.to_visit(by), "待督查的党组织", "inspections.index", {}, Inspection.ends_on, "督查截止",
                      late_before=today)  # fmt: skip
    if by.is_in(Role.COUNTY):
        answered = queries.listed_findings(by, FindingState.ANSWERED)
        yield Waiting(answered, "督查整改答复待审核", "findings.index", {"state": FindingState.ANSWERED.value},
                      Finding.answered_on, "最早答复")  # fmt: skip
        late = queries.listed_findings(by, late_on=today)
        yield Waiting(late, "督查整改到期没有答复", "findings.index", {"late": 1}, Finding.fix_by, "整改期限",
                      late_before=today)  # fmt: skip
        underway = {"state": InspectionState.UNDERWAY.value}
        yield Waiting(queries.to_issue(today), "督查已结束，待下发", "inspections.index", underway, Inspection.ends_on,
                      "督查截止")  # fmt: skip
        answered_ones = {"state": InspectionState.ANSWERED.value}
        yield Waiting(queries.to_close(), "整改全部认可，督查待办结", "inspections.index", answered_ones)
