"""The lists behind the evidence at one body: what an inspector may read of them, without what is personal.

People are 姓某某 with their unit, households and residents' cases their number only; the body itself has the whole
list on its own pages.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import paging
from portal.duties import tally
from portal.duties.five_ones import Status
from portal.filters import day, hours
from portal.inspections import evidence
from portal.inspections.kinds import Drawn
from portal.inspections.models import Target
from portal.inspections.sources import SOURCES
from portal.people.models import Member
from portal.people.names import shown_name
from portal.pledges.models import FiveOne
from portal.records.models import ServiceRecord
from portal.registrations.models import Registration


@dataclass(frozen=True)
class Listed:
    """One page of a list: the heads, the lines of words, and after which row the next page begins."""

    heads: tuple[str, ...]
    lines: Sequence[tuple[str, ...]]
    next: int | None


def page(target: Target, drawn: Drawn, today: dt.date, after: str | None) -> Listed | None:
    """The list of what speaks against a body; None where there is no such list."""
    if drawn is Drawn.FIVE_ONES:
        return _five_ones(target, today, after)
    source = SOURCES[drawn]
    key = source.of(target.kind)
    if drawn is Drawn.SERVICE or key is None:
        return None
    heads, line, options = SHOWN[source.entity.__tablename__]
    ids = source.bad(today).where(key == target.body.id).with_only_columns(source.entity.id, maintain_column_froms=True)
    rows = select(source.entity).where(source.entity.id.in_(ids)).options(*options)
    shown = paging.page_of(rows, after)
    return Listed(heads, [line(row) for row in shown.rows], shown.next)


def _five_ones(target: Target, today: dt.date, after: str | None) -> Listed:
    people = tally.people(evidence.scope_of(target), evidence.grouping_of(target), today)
    lacking = {person.id: person for person in people if not person.whole}
    rows = select(Member).where(Member.id.in_(list(lacking))).options(joinedload(Member.unit))
    shown = paging.page_of(rows, after)
    lines = [(*_person(row), _lacks(lacking[row.id])) for row in shown.rows]
    return Listed(("党员", "单位", "还缺"), lines, shown.next)


def _lacks(person: tally.Person) -> str:
    return "、".join(one.label for one in FiveOne if person.stands(one) is not Status.DONE)


def _person(member: Member) -> tuple[str, str]:
    return shown_name(member.name), member.unit.name


def _member(row: Member) -> tuple[str, ...]:
    return (*_person(row), row.community.name if row.community else "没有填写", "是" if row.leading else "")


def _registration(row: Registration) -> tuple[str, ...]:
    return row.number, shown_name(row.member.name), row.unit.name, row.community.name, day(row.accepted_on)


def _record(row: ServiceRecord) -> tuple[str, ...]:
    return (day(row.day), shown_name(row.member.name), row.unit.name, row.category.label, hours(row.half_hours),
            row.evidence.label, day(row.recorded_at))  # fmt: skip


def _wish(row) -> tuple[str, ...]:
    return row.number, row.category.label if row.category else "", row.state.label, day(row.submitted_at), _due(row)


def _due(wish) -> str:
    return day(wish.finish_by) if wish.finish_by else ""


Shown = tuple[tuple[str, ...], Callable[[Any], tuple[str, ...]], tuple]
SHOWN: dict[str, Shown] = {
    "members": (("党员", "单位", "居住社区", "领导干部"), _member,
                (joinedload(Member.unit), joinedload(Member.community))),
    "registrations": (("证明信编号", "党员", "单位", "社区", "接洽日期"), _registration,
                      (joinedload(Registration.member), joinedload(Registration.unit),
                       joinedload(Registration.community))),
    "service_records": (("服务日期", "党员", "单位", "类别", "时长（小时）", "证据", "登记日期"), _record,
                        (joinedload(ServiceRecord.member), joinedload(ServiceRecord.unit))),
    "wishes": (("编号", "类别", "状态", "提出日期", "应办结"), _wish, ()),
    "households": (("联系对象编号", "建档日期"), lambda row: (row.number, day(row.opened_on)), ()),
    "remarks": (("编号", "类别", "状态", "提出日期"),
                lambda row: (row.number, row.kind.label, row.state.label, day(row.submitted_on)), ()),
    "suggestions": (("编号", "状态", "提出日期", "答复最迟"),
                    lambda row: (row.number, row.state.label, day(row.submitted_on), day(row.answer_by)), ()),
    "units": (("单位", "类别"), lambda row: (row.name, row.kind.label), ()),
}  # fmt: skip
