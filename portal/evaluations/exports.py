"""The lists of evaluations and of notes as spreadsheets: grades and numbers, no sealed words."""

from sqlalchemy import Select

from portal.actors import Actor
from portal.evaluations import evidence, queries
from portal.evaluations.forms import ListFilter, NotesFilter
from portal.evaluations.models import Note
from portal.evaluations.queries import Filters
from portal.evaluations.routes import list_filter, year_of
from portal.list_sheets import ListSheet, offer
from portal.people.models import Member


def _evaluations(by: Actor) -> tuple[Select, ListFilter]:
    form = list_filter()
    filters = Filters(year_of(form), form.state.data, form.grade.data, form.unit.data, form.community.data,
                      form.lacking.data, form.q.data or "")  # fmt: skip
    return queries.filtered(by, filters), form


def _notes(by: Actor) -> tuple[Select, NotesFilter]:
    form, rows = NotesFilter(), queries.notes_visible_to(by)
    return (rows.where(Note.state == form.state.data) if form.state.data else rows), form


EVALUATIONS = (
    ("编号", 12, "number"), ("年度", 8, "year"), ("姓名", 14, "member.name"), ("单位", 28, "unit.name"),
    ("社区", 14, "community.name"), ("服务次数", 9, lambda row, facts: facts[row.id].times),
    ("服务小时", 9, lambda row, facts: facts[row.id].half_hours / 2),
    ("走访", 8, lambda row, facts: facts[row.id].visits), ("心愿", 8, lambda row, facts: facts[row.id].wishes_done),
    ("活动", 8, lambda row, facts: facts[row.id].activities), ("建议", 8, lambda row, facts: facts[row.id].suggestions),
    ("等次", 8, "grade.label"), ("反馈日期", 12, "sent_on"), ("单位处理", 12, "handling"),
    ("回执日期", 12, "acknowledged_on"), ("状态", 12, "state"),
)  # fmt: skip
NOTES = (
    ("编号", 12, "number"), ("类型", 12, "kind"), ("党员", 14, "member.name"), ("单位", 28, "unit.name"),
    ("社区", 14, "community.name"), ("发生日期", 12, "day"), ("反馈日期", 12, "sent_on"), ("反馈人", 20, "sent_by"),
    ("单位处理", 12, "handling"), ("回执日期", 12, "acknowledged_on"), ("状态", 12, "state"),
)  # fmt: skip

offer(
    ListSheet("evaluations", "现实表现评议", "evaluations.index", _evaluations, EVALUATIONS, (Member.pinyin,),
              gather=evidence.of),
    ListSheet("notes", "重要情况随时反馈", "evaluations.notes.index", _notes, NOTES, newest_first=True),
)  # fmt: skip
