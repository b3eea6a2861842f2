"""Months of birth and of joining the Party, in all the ways in which rosters write a date."""

import datetime as dt
import re
from functools import lru_cache

from portal.rosters.values import Unreadable, text_of
from portal.sheets import Cell
from portal.text import clean, half_width

_PUNCTUATED = re.compile(
    r"(\d{4})\s*[.年/\-–—、]\s*(\d{1,2})\s*月?(?:\s*[.月/\-–—、]?\s*(\d{1,2})\s*[日号]?)?(?:\s.*)?"
)
_RUN_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_IN_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_SERIAL_DAYS = range(8_000, 60_000)  # a date whose cell lost its date format: days since 1899-12-30


@lru_cache(maxsize=2000, typed=True)
def born(cell: Cell, today: dt.date) -> str | None:
    """The month of birth as 1980-05; of somebody between 17 and 100."""
    month = _month(cell)
    if month is None:
        return None
    age = today.year - int(month[:4])
    if not 17 <= age <= 100:
        raise Unreadable(f"出生年月 {month} 不合理，请核对。")
    return month


@lru_cache(maxsize=2000, typed=True)
def joined(cell: Cell, today: dt.date) -> str | None:
    """The month of joining the Party as 2014-05; not before the Party, not in the future."""
    month = _month(cell)
    if month is None:
        return None
    if not "1921-07" <= month <= f"{today:%Y-%m}":
        raise Unreadable(f"入党时间 {month} 不合理，请核对。")
    return month


def _month(cell: Cell) -> str | None:
    if isinstance(cell, bool):
        raise Unreadable("不是日期，请写成如 1980-05。")
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, int | float):
        return _month_of_number(cell)
    typed = half_width(_IN_BRACKETS.sub("", clean(cell))).strip(" .。")
    if not typed:
        return None
    found = _PUNCTUATED.fullmatch(typed) or _RUN_TOGETHER.fullmatch(typed)
    if not found:
        raise Unreadable(f"“{typed[:20]}”看不出年月，请写成如 1980-05。")
    return _checked(int(found[1]), int(found[2]), int(found[3] or 1), typed)


def _month_of_number(number: float) -> str | None:
    typed = text_of(number)
    if int(number) in _SERIAL_DAYS:
        return f"{dt.date(1899, 12, 30) + dt.timedelta(days=int(number)):%Y-%m}"
    year, _, month = typed.partition(".")
    if len(year) == 4 and month == "1":
        # A number can't keep the nought of 1980.10.
        raise Unreadable(f"“{typed}”分不清是1月还是10月，请写成 {year}-01 或 {year}-10。")
    return _month(typed)


def _checked(year: int, month: int, day: int, typed: str) -> str:
    try:
        return f"{dt.date(year, month, day):%Y-%m}"
    except ValueError:
        raise Unreadable(f"“{typed[:20]}”不是真实的日期，请核对。") from None
