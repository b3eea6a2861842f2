"""The list of service records as a spreadsheet."""

from flask import request
from sqlalchemy import Select

from portal.actors import Actor
from portal.list_sheets import ListSheet, offer
from portal.records import listing
from portal.records.models import ServiceRecord


def _shown(by: Actor) -> tuple[Select, str]:
    return listing.narrowed(by, request.args), f"{listing.chosen_year(request.args)}年"


COLUMNS = (
    ("日期", 12, "day"), ("开始", 8, "starts"), ("小时", 8, lambda record: record.half_hours / 2),
    ("姓名", 14, "member.name"), ("单位", 28, "unit.name"), ("报到社区", 14, "community.name"),
    ("服务地社区", 14, "place.name"), ("类别", 10, "category"), ("做了什么", 40, "what"), ("为谁", 18, "for_whom"),
    ("来源", 12, "source"), ("证据", 12, "evidence"), ("状态", 10, "state"), ("登记人", 20, "recorded_by"),
    ("确认人", 20, "confirmed_by"),
)  # fmt: skip

offer(ListSheet("records", "写实记录", "records.index", _shown, COLUMNS, (ServiceRecord.day,), newest_first=True))
