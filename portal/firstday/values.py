"""One cell of the first day's workbook as a fact: days, hours, codes and the labels of enums, read tolerantly.

As in rosters/values.py: None for an empty cell, Unreadable with the reason that the county reads beside the row.
"""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

from portal.labels import Labelled
from portal.people.models import SupervisorKind
from portal.rosters.values import Unreadable, text_of
from portal.sheets import Cell
from portal.text import half_width, read_day

FIRST = dt.date(2010, 1, 1)  # the notice is of 2014; some communities had begun before
_SERIAL_DAYS = range(36_000, 60_000)  # a date whose cell lost its date format: days since 1899-12-30
# The first word found decides, so 园区党工委 is no 工委.
_KINDS = (
    (("县直", "直属机关"), SupervisorKind.WORK_COMMITTEE),
    (("园区", "开发区", "工业园"), SupervisorKind.PARK),
    (("镇", "乡", "街道"), SupervisorKind.TOWN),
    (("部门", "党组", "党委", "人民团体", "群团"), SupervisorKind.DEPARTMENT),
)


@lru_cache(maxsize=1000, typed=True)
def code(cell: Cell, _today: dt.date) -> str | None:
    """A code or a paper's number, in half width; a number without a decimal point."""
    return half_width(text_of(cell)).replace(" ", "") or None


@lru_cache(maxsize=5000, typed=True)
def day(cell: Cell, today: dt.date) -> dt.date | None:
    """A day of the running scheme: 2014.5.15, 20140515, 2014年5月15日, or a cell that is a date; none to come."""
    found = _day(cell)
    if found is None:
        return None
    if not FIRST <= found <= today:
        raise Unreadable(f"日期 {found} 不合理（应在{FIRST.year}年以后、今天以前），请核对。")
    return found


def _day(cell: Cell) -> dt.date | None:
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool) and int(cell) in _SERIAL_DAYS:
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(cell))
    typed = half_width(text_of(cell)).strip(" .。")
    if not typed:
        return None
    if (found := read_day(typed)) is None:
        raise Unreadable(f"“{typed[:20]}”看不出年月日，请写成如 2014-05-15。")
    return found


@lru_cache(maxsize=1000, typed=True)
def half_hours(cell: Cell, _today: dt.date) -> int | None:
    """Hours of one service as half hours: 1.5, 2小时; not more than a day has."""
    typed = half_width(text_of(cell)).removesuffix("个小时").removesuffix("小时").strip()
    if not typed:
        return None
    try:
        doubled = float(typed) * 2
    except ValueError:
        raise Unreadable(f"时长“{typed[:10]}”无法识别，请填小时数，如 1.5。") from None
    if not (1 <= doubled <= 48 and doubled == int(doubled)):
        raise Unreadable(f"时长“{typed[:10]}”应是半小时的整数倍，0.5 到 24 小时。")
    return int(doubled)


def label_of(kind: type[Labelled]) -> Callable[[Cell, dt.date], Labelled | None]:
    """A reader of one of the labels of an enum."""

    @lru_cache(maxsize=200, typed=True)
    def read(cell: Cell, _today: dt.date) -> Labelled | None:
        typed = text_of(cell)
        if typed and (found := kind.by_label(typed)) is None:
            raise Unreadable(f"“{typed[:20]}”无法识别，请从下拉列表中选择。")
        return found if typed else None

    return read


@lru_cache(maxsize=200, typed=True)
def supervisor_kind(cell: Cell, _today: dt.date) -> SupervisorKind | None:
    """The kind of a body above units, by its label or by the words that tell it."""
    typed = text_of(cell)
    if not typed:
        return None
    for words, kind in _KINDS:
        if typed == kind.label or any(word in typed for word in words):
            return kind
    raise Unreadable(f"类别“{typed[:20]}”无法识别，请从下拉列表中选择。")
