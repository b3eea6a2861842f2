"""The list of model volunteers as a spreadsheet."""

from sqlalchemy import Select

from portal.actors import Actor
from portal.exemplars import queries
from portal.exemplars.forms import ListFilter
from portal.exemplars.routes import wanted
from portal.list_sheets import ListSheet, offer


def _shown(by: Actor) -> tuple[Select, ListFilter]:
    form, chosen = wanted()
    return queries.listed(by, **chosen), form


COLUMNS = (
    ("编号", 12, "number"), ("年度", 8, "year"), ("姓名", 14, "member.name"), ("单位", 28, "unit.name"),
    ("上级党组织", 24, "supervisor.name"), ("推荐社区", 14, "community.name"),
    ("带头", 30, lambda row: "、".join(lead.label for lead in row.leads)), ("主要事迹", 60, "deeds"),
    ("推荐日期", 12, "nominated_on"), ("确认日期", 12, "confirmed_on"), ("状态", 16, "state"),
)  # fmt: skip

offer(ListSheet("exemplars", "服务标兵", "exemplars.index", _shown, COLUMNS, newest_first=True))
