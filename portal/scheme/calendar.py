"""Working days: weekdays, unless the calendar table says otherwise (放假, 调休上班)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.scheme.models import DayKind

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days that differ from their weekday; years without such a day are 暂估: plain weekends.

    `names` are the notes of these days (国庆节), where they are known.
    """

    exceptions: Mapping[dt.date, DayKind] = field(default_factory=dict)
    names: Mapping[dt.date, str] = field(default_factory=dict)

    def is_workday(self, day: dt.date) -> bool:
        """Whether offices work on this day."""
        kind = self.exceptions.get(day)
        return kind is DayKind.WORKDAY if kind else day.weekday() < 5

    def is_provisional(self, year: int) -> bool:
        """Whether the year's notice of days off is not in the table yet (暂估)."""
        return not any(day.year == year for day in self.exceptions)

    def add_workdays(self, start: dt.date, workdays: int) -> dt.date:
        """The day that is so many working days after the start (the start itself does not count)."""
        day = start
        while workdays > 0:
            day += ONE_DAY
            workdays -= self.is_workday(day)
        return day

    def workdays_between(self, start: dt.date, end: dt.date) -> int:
        """How many working days lie after the start up to the end; 0 when the end is not later."""
        days = (start + ONE_DAY * n for n in range(1, (end - start).days + 1))
        return sum(map(self.is_workday, days))

    def before(self, day: dt.date, workdays: int) -> dt.date:
        """The first day that is not yet late: what began earlier has lain for more than so many working days."""
        passed = 0
        while True:
            passed += self.is_workday(day)
            if passed > workdays:
                return day
            day -= ONE_DAY
