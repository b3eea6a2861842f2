"""The list of activities as a spreadsheet."""

from sqlalchemy import Select

from portal.activities import listing, shelves
from portal.activities.forms import ListFilter
from portal.activities.models import Activity
from portal.actors import Actor
from portal.list_sheets import ListSheet, offer


def _shown(by: Actor) -> tuple[Select, ListFilter]:
    form, _ = shelves.narrowed(by)
    return listing.filtered(by, form, form.state.data), form


def _counts(rows: list[Activity]) -> dict[int, listing.Count]:
    return listing.counts([row.id for row in rows])


COLUMNS = (
    ("编号", 12, "number"), ("名称", 28, "title"),
    ("类别", 10, "category"), ("日期", 12, "day"),
    ("开始", 8, "starts"), ("结束", 8, "ends"),
    ("地点", 24, "place"), ("主办", 14, "organiser"),
    ("名额", 8, "capacity"), ("报名", 8, lambda row, counts: counts[row.id].placed),
    ("候补", 8, lambda row, counts: counts[row.id].waiting), ("到场", 8, lambda row, counts: counts[row.id].attended),
    ("服务日", 8, lambda row, _: "是" if row.service_day else ""), ("状态", 12, "state"),
)  # fmt: skip

offer(ListSheet(
    "activities", "志愿服务活动", "activities.index", _shown, COLUMNS, (Activity.day, Activity.starts),
    newest_first=True, gather=_counts,
))  # fmt: skip
