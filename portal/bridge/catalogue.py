"""What may go to another platform: the fixed fields of each kind of list, and where they come from.

No telephone, address, birth date or certificate's text is among them, and nothing of households or residents: a
template can't choose what does not stand here.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.activities.listing import Count, counts
from portal.activities.models import Activity, ActivityState
from portal.bridge.models import BridgeKind
from portal.extensions import db
from portal.people.models import Member, Unit
from portal.posts import queries as posts
from portal.records.models import RecordState, ServiceRecord
from portal.records.models import Source as RecordSource
from portal.registrations.models import CURRENT, Registration, RegistrationState
from portal.teams import queries as teams

BLANK = "blank"


@dataclass(frozen=True)
class Field:
    """One field: its word, its usual heading, its width, and what stands in it (see portal.list_sheets)."""

    key: str
    label: str
    width: int
    cell: str | Callable[..., Any]


@dataclass(frozen=True)
class Source:
    """Where a kind of list comes from: its rows of a year and community, their order, what is fetched beside."""

    rows: Callable[[int, int | None], Select]
    keys: tuple
    gather: Callable[[int], Callable[[list], Any]]
    fields: tuple[Field, ...]


def _of_year(column, year: int):
    return column.between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _members(year: int, community_id: int | None) -> Select:
    """Who was registered when the year ended (or is now), and who served in it before their registration ended.

    Each stands there once, by the last registration that began by then: with its unit and community.
    """
    last, newer = dt.date(year, 12, 31), aliased(Registration)
    served = exists().where(
        ServiceRecord.member_id == Registration.member_id, ServiceRecord.state == RecordState.CONFIRMED,
        _of_year(ServiceRecord.day, year),
    )  # fmt: skip
    of_year = or_(Registration.state.in_(CURRENT), Registration.ended_on > last, served)
    passed = exists().where(newer.member_id == Registration.member_id, newer.id > Registration.id, *_begun(newer, last))
    unit = joinedload(Registration.unit).joinedload(Unit.supervisor)
    rows = select(Registration).join(Registration.member).where(*_begun(Registration, last), of_year, ~passed)
    if community_id:
        rows = rows.where(Registration.community_id == community_id)
    return rows.options(contains_eager(Registration.member), unit, joinedload(Registration.community))


def _begun(registration: Any, last: dt.date) -> tuple:
    return registration.state.in_((*CURRENT, RegistrationState.ENDED)), registration.accepted_on <= last


@dataclass(frozen=True)
class Year:
    """The year of members: times and half hours, posts and teams, by the member's id."""

    sums: dict[int, tuple[int, int]]
    posts: dict[int, str]
    teams: dict[int, str]


def _year_of_members(year: int) -> Callable[[list[Registration]], Year]:
    R = ServiceRecord
    times = func.sum(case((R.half_hours >= 1, 1), else_=0))

    def gather(rows: list[Registration]) -> Year:
        ids = [row.member_id for row in rows]
        done = (R.member_id.in_(ids), R.state == RecordState.CONFIRMED, _of_year(R.day, year))
        sums = select(R.member_id, times, func.sum(R.half_hours)).where(*done).group_by(R.member_id)
        found = {key: (int(count), int(half)) for key, count, half in db.session.execute(sums)}
        return Year(found, posts.titles_of(ids, year), teams.names_of(ids))

    return gather


def _services(year: int, community_id: int | None) -> Select:
    shown = (
        joinedload(getattr(ServiceRecord, name)) for name in ("member", "unit", "supervisor", "community", "place")
    )
    rows = select(ServiceRecord).where(ServiceRecord.state == RecordState.CONFIRMED, _of_year(ServiceRecord.day, year))
    return (rows.where(ServiceRecord.community_id == community_id) if community_id else rows).options(*shown)


def _activities(year: int, community_id: int | None) -> Select:
    held = Activity.state.in_((ActivityState.HELD, ActivityState.SETTLED))
    rows = select(Activity).where(held, _of_year(Activity.day, year)).options(joinedload(Activity.community))
    return rows.where(Activity.community_id == community_id) if community_id else rows


def _nothing(_year: int) -> Callable[[list], None]:
    return lambda rows: None


@dataclass(frozen=True)
class Held:
    """Of activities by id: who came, and how many half hours of it are confirmed."""

    came: dict[int, Count]
    half_hours: dict[int, int]


def _held(year: int) -> Callable[[list[Activity]], Held]:
    R = ServiceRecord

    def gather(rows: list[Activity]) -> Held:
        ids = [row.id for row in rows]
        done = (R.source == RecordSource.ACTIVITY, R.state == RecordState.CONFIRMED, _of_year(R.day, year))
        sums = select(R.source_id, func.sum(R.half_hours)).where(*done, R.source_id.in_(ids)).group_by(R.source_id)
        return Held(counts(ids), {key: int(half) for key, half in db.session.execute(sums) if key})

    return gather


def _blank(*_row) -> str:
    return ""


EMPTY = Field(BLANK, "（空列）", 12, _blank)
SOURCES: dict[BridgeKind, Source] = {
    BridgeKind.MEMBERS: Source(_members, (Member.pinyin,), _year_of_members, (
        Field("name", "姓名", 14, "member.name"), Field("sex", "性别", 6, "member.sex"),
        Field("number", "证明信编号", 14, "number"), Field("unit", "单位", 30, "unit.name"),
        Field("supervisor", "主管部门", 24, "unit.supervisor.name"),
        Field("community", "报到社区", 16, "community.name"),
        Field("since", "报到日期", 12, "accepted_on"),
        Field("times", "服务次数", 10, lambda row, year: year.sums.get(row.member_id, (0, 0))[0]),
        Field("hours", "服务时长（小时）", 12, lambda row, year: year.sums.get(row.member_id, (0, 0))[1] / 2),
        Field("posts", "服务岗位", 24, lambda row, year: year.posts.get(row.member_id, "")),
        Field("teams", "志愿服务队", 24, lambda row, year: year.teams.get(row.member_id, "")), EMPTY,
    )),
    BridgeKind.SERVICES: Source(_services, (ServiceRecord.day,), _nothing, (
        Field("name", "姓名", 14, "member.name"), Field("unit", "单位", 30, "unit.name"),
        Field("supervisor", "主管部门", 24, "supervisor.name"), Field("community", "报到社区", 16, "community.name"),
        Field("place", "服务地社区", 16, "place.name"), Field("day", "服务日期", 12, "day"),
        Field("starts", "开始时间", 10, "starts"),
        Field("hours", "服务时长（小时）", 12, lambda row, _: row.half_hours / 2),
        Field("category", "服务类别", 12, "category"), Field("source", "来源", 12, "source"),
        Field("source_number", "来源编号", 14, "source_number"), Field("evidence", "证明方式", 12, "evidence"), EMPTY,
    )),
    BridgeKind.ACTIVITIES: Source(_activities, (Activity.day,), _held, (
        Field("number", "编号", 14, "number"), Field("title", "活动名称", 30, "title"),
        Field("category", "服务类别", 12, "category"), Field("day", "活动日期", 12, "day"),
        Field("starts", "开始时间", 10, "starts"), Field("ends", "结束时间", 10, "ends"),
        Field("place", "活动地点", 28, "place"), Field("organiser", "主办", 16, "organiser"),
        Field("detail", "活动内容", 40, "detail"),
        Field("came", "参加人数", 10, lambda row, found: found.came[row.id].attended),
        Field("hours", "总时长（小时）", 12, lambda row, found: found.half_hours.get(row.id, 0) / 2),
        Field("state", "状态", 12, "state"), EMPTY,
    )),
}  # fmt: skip


def fields_of(kind: BridgeKind) -> dict[str, Field]:
    """The fields of a kind of list by their words, in the order of the catalogue."""
    return {field.key: field for field in SOURCES[kind].fields}
