"""The list of suggestions as a spreadsheet."""

from portal.list_sheets import ListSheet, offer
from portal.suggestions.routes import narrowed

COLUMNS = (
    ("编号", 12, "number"), ("题目", 30, "title"), ("内容", 48, "body"), ("类别", 10, "category"),
    ("提出人", 14, "member.name"), ("单位", 28, "unit.name"), ("提给", 18, "addressee"),
    ("提出日期", 12, "submitted_on"),
    ("答复最迟", 12, lambda row: row.answer_by if row.is_open else None), ("转办", 24, "forwarded_to.name"),
    ("答复日期", 12, "answered_on"), ("是否采纳", 9, "adopted"),
    ("答复", 40, "answer"), ("状态", 10, "state"),
)  # fmt: skip

offer(ListSheet("suggestions", "合理建议", "suggestions.index", narrowed, COLUMNS, newest_first=True))
