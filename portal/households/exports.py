"""The lists of households and of visits as spreadsheets: what the pages show, nothing that is sealed."""

from sqlalchemy import Select

from portal import clock
from portal.actors import Actor
from portal.households import missing, queries
from portal.households.forms import VisitsFilter
from portal.households.models import Household, SupportState, Visit
from portal.households.months import MonthState
from portal.households.routes import narrowed
from portal.list_sheets import ListSheet, offer
from portal.people.models import Member

Months = dict[int, list[MonthState]]


def _months_of(key: str):
    def gather(rows: list) -> Months:
        today = clock.today()
        return missing.of_households({getattr(row, key) for row in rows}, today.year, today)

    return gather


def _number(key: str, state: MonthState):
    return lambda row, months: months[getattr(row, key)].count(state)


def _helpers(household: Household, _months: Months) -> str:
    active = (each for each in household.live_supports if each.state is SupportState.ACTIVE)
    return "、".join(each.member.name for each in active)


def _visits(by: Actor) -> tuple[Select, VisitsFilter]:
    form, rows = VisitsFilter(), queries.visits(by)
    return (rows.where(Visit.state == form.state.data) if form.state.data else rows), form


HOUSEHOLDS = (
    ("编号", 12, "number"), ("联系对象", 10, "shown_name"),
    ("类别", 10, "kind"), ("社区", 14, "community.name"),
    ("网格", 12, "grid.name"),
    ("需要的帮助", 28, lambda row, _: "、".join(need.label for need in row.needs)), ("帮扶人", 24, _helpers),
    ("今年走访月数", 10, _number("id", MonthState.VISITED)), ("缺走访月数", 10, _number("id", MonthState.MISSING)),
    ("状态", 10, "state"),
)  # fmt: skip
SUPPORTS = (
    ("党员", 14, "member.name"), ("联系对象", 10, "household.shown_name"),
    ("编号", 12, "household.number"), ("类别", 10, "household.kind"),
    ("社区", 14, "household.community.name"), ("结对日期", 12, "since"),
    ("今年走访月数", 10, _number("household_id", MonthState.VISITED)),
    ("缺走访月数", 10, _number("household_id", MonthState.MISSING)),
)  # fmt: skip
VISITS = (
    ("走访日期", 12, "day"), ("开始", 8, "starts"), ("小时", 8, lambda visit: visit.half_hours / 2),
    ("联系对象", 10, "household.shown_name"), ("编号", 12, "household.number"),
    ("社区", 14, "household.community.name"),
    ("走访人", 24, lambda visit: "、".join(each.member.name for each in visit.people)), ("登记人", 20, "recorded_by"),
    ("确认人", 20, "answered_by"), ("状态", 10, "state"),
)  # fmt: skip

offer(
    ListSheet("households", "联系对象", "households.index", narrowed, HOUSEHOLDS, newest_first=True,
              gather=_months_of("id")),
    ListSheet("supports", "本单位结对帮扶", "households.unit", lambda by: (queries.of_unit(by), ""), SUPPORTS,
              (Member.pinyin,), gather=_months_of("household_id")),
    ListSheet("visits", "走访", "households.visits.index", _visits, VISITS, (Visit.day,), newest_first=True),
)  # fmt: skip
