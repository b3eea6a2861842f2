"""The lists of own work, and of the units without, as spreadsheets."""

from sqlalchemy import Select

from portal import uploads
from portal.actors import Actor
from portal.list_sheets import ListSheet, offer
from portal.people.models import Unit
from portal.work import queries
from portal.work.forms import LackingFilter, ListFilter
from portal.work.models import OwnWork
from portal.work.routes import lacking_wanted, wanted


def _shown(by: Actor) -> tuple[Select, ListFilter]:
    form, chosen = wanted()
    return queries.listed(by, **chosen), form


def _lacking(by: Actor) -> tuple[Select, str]:
    kind, year = lacking_wanted(LackingFilter())
    return queries.lacking(by, kind, year), f"{year}年没有{kind.label}"


WORK = (
    ("日期", 12, "day"), ("类别", 12, "kind"), ("题目", 36, "title"),
    ("单位或上级党组织", 32, "body"), ("内容", 60, "words"),
    ("参加人数", 9, "took_part"),
    ("走访的社区", 14, "community.name"),
    ("附件", 8, lambda row, files: files[row.id]), ("登记日期", 12, "recorded_on"),
    ("登记人", 24, "recorded_by"), ("状态", 10, "state"),
)  # fmt: skip
UNITS = (("单位", 32, "name"), ("上级党组织", 28, "supervisor.name"), ("联络电话", 16, "phone"))

offer(
    ListSheet("work", "本单位工作", "work.index", _shown, WORK, (OwnWork.day,), newest_first=True,
              gather=uploads.numbers_of),
    ListSheet("work-lacking", "没有登记的单位", "work.lacking", _lacking, UNITS, (Unit.name,)),
)  # fmt: skip
