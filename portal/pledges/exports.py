"""The list of pledges as a spreadsheet, with how far each is kept."""

from sqlalchemy import Select

from portal.actors import Actor
from portal.list_sheets import ListSheet, offer
from portal.pledges import progress
from portal.pledges.forms import ListFilter
from portal.pledges.keeping import Keeping
from portal.pledges.list_routes import narrowed
from portal.pledges.models import Pledge


def _shown(by: Actor) -> tuple[Select, ListFilter]:
    rows, form, _ = narrowed(by)
    return rows, form


def _promises(row: Pledge, _keeping: dict[int, Keeping]) -> str:
    return "；".join(item.what + (f"（{item.planned}）" if item.planned else "") for item in row.items)


COLUMNS = (
    ("编号", 12, "number"), ("年度", 8, "year"),
    ("姓名", 14, "member.name"), ("单位", 28, "unit.name"),
    ("社区", 14, "community.name"), ("承诺", 60, _promises),
    ("项数", 8, lambda row, _: len(row.items)), ("已兑现", 8, lambda row, keeping: keeping[row.id].kept),
    ("提交日期", 12, "submitted_on"), ("审定日期", 12, "approved_on"),
    ("公示日期", 12, "show_on"), ("状态", 12, "state"),
)  # fmt: skip

offer(ListSheet("pledges", "服务承诺", "pledges.cases", _shown, COLUMNS, (Pledge.pinyin,), gather=progress.of))
