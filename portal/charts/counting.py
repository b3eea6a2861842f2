"""What the pictures are drawn from: by books of the yearly tables where these count the same, so both say the same."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

from flask import url_for
from sqlalchemy import Select, case, func, select

from portal.charts.asked import Asked
from portal.charts.figures import Figure, Line, Shape
from portal.duties import tally
from portal.duties.five_ones import Status
from portal.extensions import db
from portal.filters import percent
from portal.labels import Category
from portal.pledges.models import FiveOne
from portal.records.models import RecordState, ServiceRecord
from portal.registrations import rates
from portal.registrations.rates import Grouping, Standing
from portal.reports import counting_help
from portal.reports.counting import lines_of, within_scope
from portal.reports.scopes import By, Period
from portal.scheme import queries as scheme
from portal.wishes.models import Wish, WishState

R = ServiceRecord
_FIRST = {Grouping.UNIT: "单位", Grouping.SUPERVISOR: "主管党组织", Grouping.COMMUNITY: "社区"}
# Days from publishing to thanks: up to so many, and what that is called.
WAITS = ((3, "3天以内"), (7, "4—7天"), (15, "8—15天"), (30, "16—30天"), (None, "30天以上"))
WORKED_ON = (WishState.CLAIMED, WishState.DONE)


def reported(asked: Asked) -> Figure:
    """The report-in rate of each unit, body or community, by name; target 100 %.  [二(三)2]"""
    grouping = asked.lines_by
    table = rates.table(asked.by, grouping)
    lines = tuple(
        Line(
            rate.name,
            (rate[Standing.SHOULD], rate[Standing.REPORTED], _share(rate[Standing.REPORTED], rate[Standing.SHOULD])),
            _missing(grouping, rate.key),
        )
        for rate in table.lines
    )
    return Figure(
        "reported", "报到率", f"目标100%，合计{table.total.percent}。现在的名册。", Shape.BARS, _FIRST[grouping], "%",
        ("应报到（人）", "已报到（人）", "报到率（%）"), lines, (2,),
    )  # fmt: skip


def ones(asked: Asked) -> Figure:
    """How many registered members have each of the five ones done.  [二(一)]"""
    grouping = asked.lines_by
    total = tally.table(asked.by, grouping, asked.day).total
    statuses = [each for each in Status if any(total.number(one, each) for one in FiveOne)]
    lines = tuple(
        Line(
            one.label,
            tuple(total.number(one, each) for each in statuses),
            url_for("duties.people", by=grouping.value, one=one.value, status=Status.LACKING.value),
        )
        for one in FiveOne
    )
    return Figure(
        "ones", "五个一完成情况", f"现在报到的{total.people}人，五项都完成的{total.whole}人。", Shape.STACK,
        "五个一", "人", tuple(each.label for each in statuses), lines, tuple(range(len(statuses))),
    )  # fmt: skip


def wishes(asked: Asked) -> Figure:
    """Wishes of the year by category and by how far they have come: those collected, or those taken on.  [二(二)2]"""
    state = case(
        (Wish.confirmed_at.is_not(None), "true"),
        (Wish.state == WishState.PUBLISHED, "open"),
        (Wish.state.in_(WORKED_ON), "taken"),
        (Wish.state == WishState.SUBMITTED, "new"),
        else_="else",
    )
    rows = select(Wish.category, state, func.count()).where(Wish.id.in_(_wishes(asked))).group_by(Wish.category, state)
    found = {(category, how): number for category, how, number in db.session.execute(rows)}
    ways = {"true": "已实现", "taken": "办理中", "open": "待认领", "new": "待审核", "else": "其他办结"}
    shown = [how for how in ways if any(how == each for _, each in found)]
    kinds = [(kind, kind.label) for kind in Category] + ([(None, "未分类")] if any(k is None for k, _ in found) else [])
    lines = tuple(Line(name, tuple(found.get((kind, how), 0) for how in shown)) for kind, name in kinds)
    title = "微心愿（按类别和进展）" if asked.collects else "认领的微心愿（按类别和进展）"
    heads = tuple(ways[how] for how in shown)
    return Figure("wishes", title, _of_year(asked), Shape.STACK, "类别", "个", heads, lines, tuple(range(len(heads))))


def waits(asked: Asked) -> Figure:
    """How many days wishes took from publishing to thanks.  [二(二)2]"""
    rows = select(Wish.published_at, Wish.confirmed_at).where(
        Wish.id.in_(_wishes(asked)), Wish.published_at.is_not(None), Wish.confirmed_at.is_not(None)
    )
    days = sorted((done - begun).days for begun, done in db.session.execute(rows))
    counts = Counter(next(name for most, name in WAITS if most is None or took <= most) for took in days)
    middle = f"一半在{days[len(days) // 2]}天以内。" if days else ""
    lines = tuple(Line(name, (counts[name],)) for _, name in WAITS)
    note = f"{_of_year(asked)}{middle}"
    return Figure("waits", "从发布到感谢用了几天", note, Shape.COLUMNS, "用时", "个", ("微心愿（个）",), lines, (0,))


def months(asked: Asked) -> Figure:
    """The confirmed hours of each month, beside those of the year before.  [二(一)1]"""
    this, before = (_hours_by_month(_by_day(asked, year)) for year in (asked.year, asked.year - 1))
    lines = tuple(Line(f"{month}月", (this[month], before[month])) for month in range(1, 13))
    heads = (f"{asked.year}年（小时）", f"{asked.year - 1}年（小时）")
    note = f"{_of_year(asked)}共{sum(this.values()):g}小时。"
    return Figure("months", "各月服务小时", note, Shape.COLUMNS, "月份", "小时", heads, lines, (0, 1))


def heat(asked: Asked) -> Figure:
    """Services on each day of the year, the service days framed: when people serve.  [二(二)3]"""
    found = _by_day(asked, asked.year)
    days = {day: services for day, (services, _) in found.items()}
    quarters = scheme.service_days_of(asked.year)
    marked = frozenset(day for day in _days_of(asked.year) if any(quarter.includes(day) for quarter in quarters))
    lines = tuple(
        Line(
            f"{month}月",
            (
                sum(number for day, number in days.items() if day.month == month),
                sum(1 for day in days if day.month == month),
                sum(number for day, number in days.items() if day.month == month and day in marked),
            ),
        )
        for month in range(1, 13)
    )
    return Figure(
        "heat", "全年服务日历", f"{_of_year(asked)}颜色越深，当天服务的人次越多；粗框是全县志愿服务日。",
        Shape.HEAT, "月份", "人次", ("服务（人次）", "有服务的天数", "服务日当天（人次）"), lines, (0,), days, marked,
    )  # fmt: skip


FIGURES: dict[str, Callable[[Asked], Figure]] = {
    "reported": reported, "ones": ones, "wishes": wishes, "waits": waits, "months": months,
    "heat": heat,
}  # fmt: skip


def _wishes(asked: Asked) -> Select:
    if asked.collects:
        lines = lines_of(counting_help.collected, By.COMMUNITIES, asked.scope, asked.period)
    else:
        lines = lines_of(counting_help.claimed, asked.grouping, asked.scope, asked.period)
    return select(lines.c.thing_id).where(lines.within)


def _days_of(year: int) -> list[dt.date]:
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=past) for past in range((dt.date(year + 1, 1, 1) - first).days)]


def _by_day(asked: Asked, year: int) -> dict[dt.date, tuple[int, int]]:
    """Services and half hours of each day on which there were any; of a year before, of all of it."""
    period = Period.of(year, asked.day)
    served = func.sum(case((R.half_hours >= 1, 1), else_=0))
    rows = (
        select(R.day, served, func.sum(R.half_hours))
        .where(R.state == RecordState.CONFIRMED, period.holds(R.day), within_scope(R, asked.scope))
        .group_by(R.day)
    )
    return {day: (int(services), int(halves)) for day, services, halves in db.session.execute(rows)}


def _hours_by_month(days: dict[dt.date, tuple[int, int]]) -> dict[int, float]:
    found = dict.fromkeys(range(1, 13), 0.0)
    for day, (_, halves) in days.items():
        found[day.month] += halves / 2
    return found


def _share(part: int, whole: int) -> float | None:
    return float(percent(part, whole).removesuffix("%")) if whole else None


def _missing(grouping: Grouping, key: int | None) -> str:
    return url_for("registrations.people", by=grouping.value, standing=Standing.MISSING.value, line=key or 0)


def _of_year(asked: Asked) -> str:
    return f"{asked.year}年，截至{asked.period.until.month}月{asked.period.until.day}日。"
