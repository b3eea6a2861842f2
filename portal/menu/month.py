"""A month of the calendar as a table shows it: weeks from Monday to Sunday, the month before and the one after."""

import datetime as dt
import re
from dataclasses import dataclass

FIRST, LAST = 2014, 2099
ONE_DAY = dt.timedelta(days=1)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, order=True)
class Month:
    """One month of a year between 2014 and 2099."""

    year: int
    month: int

    @property
    def address(self) -> str:
        """The month as it stands in an address: 2026-06."""
        return f"{self.year}-{self.month:02}"

    @property
    def label(self) -> str:
        """The month as people read it."""
        return f"{self.year}年{self.month}月"

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return dt.date(self.year + self.month // 12, self.month % 12 + 1, 1) - ONE_DAY

    @property
    def before(self) -> "Month | None":
        """The month before; None before the first one that the calendar knows."""
        return self._moved(-1)

    @property
    def after(self) -> "Month | None":
        """The month after; None after the last one that the calendar knows."""
        return self._moved(1)

    @property
    def weeks(self) -> list[list[dt.date | None]]:
        """Its weeks from Monday to Sunday; None where a day is of another month."""
        start = self.first - ONE_DAY * self.first.weekday()
        count = ((self.last - start).days + 7) // 7
        days = [[start + ONE_DAY * (7 * week + n) for n in range(7)] for week in range(count)]
        return [[day if day.month == self.month else None for day in week] for week in days]

    def _moved(self, by: int) -> "Month | None":
        months = self.year * 12 + self.month - 1 + by
        year, month = divmod(months, 12)
        return Month(year, month + 1) if FIRST <= year <= LAST else None


def month_of(typed: str | None, today: dt.date) -> Month:
    """The month written as 2026-06, or the present one where nothing of the kind was written."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", typed or "", re.ASCII)
    if found and FIRST <= int(found[1]) <= LAST and 1 <= int(found[2]) <= 12:
        return Month(int(found[1]), int(found[2]))
    return Month(today.year, today.month)
