"""The lists of inspections and of findings as spreadsheets."""

from sqlalchemy import Select

from portal import clock
from portal.actors import Actor
from portal.inspections import listing, queries
from portal.inspections.forms import FindingFilter, ListFilter
from portal.inspections.models import Inspection
from portal.list_sheets import ListSheet, offer

Numbers = dict[int, tuple[int, int, int]]


def _inspections(by: Actor) -> tuple[Select, ListFilter]:
    form = ListFilter()
    return queries.listed(by, form.state.data), form


def _numbers(rows: list[Inspection]) -> Numbers:
    return listing.numbers_of([row.id for row in rows])


def _number(place: int):
    return lambda row, numbers: numbers.get(row.id, (0, 0, 0))[place]


def _findings(by: Actor) -> tuple[Select, FindingFilter]:
    form = FindingFilter()
    return queries.listed_findings(by, form.state.data, clock.today() if form.late.data else None), form


INSPECTIONS = (
    ("编号", 12, "number"), ("类别", 12, "kind"), ("名称", 36, "title"), ("开始日期", 12, "starts_on"),
    ("结束日期", 12, "ends_on"), ("对象", 8, _number(0)), ("问题", 8, _number(1)), ("未了结", 8, _number(2)),
    ("整改期限", 12, "fix_by"), ("下发日期", 12, "issued_on"), ("办结日期", 12, "closed_on"), ("状态", 12, "state"),
)  # fmt: skip
FINDINGS = (
    ("督查", 28, "inspection.title"), ("党组织", 28, "target.body.name"), ("问题", 48, "words"),
    ("整改要求", 36, "demand"), ("依据", 28, "evidence"), ("发现日期", 12, "found_on"), ("整改期限", 12, "fix_by"),
    ("整改情况", 48, "answer"), ("答复日期", 12, "answered_on"), ("答复人", 24, "answered_by"), ("状态", 10, "state"),
)  # fmt: skip

offer(
    ListSheet("inspections", "督查", "inspections.index", _inspections, INSPECTIONS, newest_first=True,
              gather=_numbers),
    ListSheet("findings", "督查发现的问题", "findings.index", _findings, FINDINGS, listing.DUE),
)  # fmt: skip
