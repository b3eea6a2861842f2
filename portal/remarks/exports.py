"""The list of residents' remarks as a spreadsheet: what the page shows, nothing that is sealed."""

from sqlalchemy import Select

from portal.actors import Actor
from portal.list_sheets import ListSheet, offer
from portal.remarks import queries
from portal.remarks.forms import ListFilter


def _shown(by: Actor) -> tuple[Select, ListFilter]:
    form = ListFilter()
    return queries.in_state(by, form.state.data), form


COLUMNS = (
    ("编号", 12, "number"), ("类别", 8, "kind"), ("来源", 10, "source"), ("社区", 14, "community.name"),
    ("党员", 14, "member.name"), ("单位", 28, "member.unit.name"), ("提出日期", 12, "submitted_on"),
    ("最迟说明", 12, lambda row: row.answer_by if row.state.value == "put" else None), ("核实结果", 12, "finding"),
    ("状态", 12, "state"),
)  # fmt: skip

offer(ListSheet("remarks", "群众意见", "remarks.index", _shown, COLUMNS, newest_first=True))
