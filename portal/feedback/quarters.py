"""The rule of quarters: their days, and from which day on their bulletins are compiled.  [三2]"""

import calendar
import datetime as dt
from dataclasses import dataclass

COMPILED_AFTER = 10  # days after the quarter's end


@dataclass(frozen=True, order=True)
class QuarterOf:
    """A quarter (1–4) of a year."""

    year: int
    quarter: int

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 3 * self.quarter - 2, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        month = 3 * self.quarter
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def compiled_from(self) -> dt.date:
        """The tenth day after its end, on which its bulletins are compiled."""
        return self.last + dt.timedelta(COMPILED_AFTER)

    @property
    def words(self) -> str:
        """The quarter as people read it."""
        return f"{self.year}年第{self.quarter}季度"

    @property
    def next(self) -> "QuarterOf":
        """The quarter after this one."""
        return QuarterOf(self.year, self.quarter + 1) if self.quarter < 4 else QuarterOf(self.year + 1, 1)

    @property
    def previous(self) -> "QuarterOf":
        """The quarter before this one."""
        return QuarterOf(self.year, self.quarter - 1) if self.quarter > 1 else QuarterOf(self.year - 1, 4)


def of(day: dt.date) -> QuarterOf:
    """The quarter in which a day lies."""
    return QuarterOf(day.year, (day.month + 2) // 3)


def latest_due(today: dt.date) -> QuarterOf:
    """The latest quarter whose bulletins are due to be compiled."""
    over = of(today).previous
    return over if over.compiled_from <= today else over.previous
