"""Whose figures are asked for: by whom, by what, of which year."""

import datetime as dt
from dataclasses import dataclass

from portal.actors import Actor, Role
from portal.registrations import rates
from portal.registrations.rates import Grouping
from portal.reports.scopes import By, Period, Scope

_GROUPINGS = {By.UNITS: Grouping.UNIT, By.SUPERVISORS: Grouping.SUPERVISOR, By.COMMUNITIES: Grouping.COMMUNITY}


@dataclass(frozen=True)
class Asked:
    """Whose figures are shown, by what, of which year and up to which day."""

    by: Actor
    grouping: By
    scope: Scope
    year: int
    day: dt.date

    @property
    def period(self) -> Period:
        """The part of the year that is counted."""
        return Period.of(self.year, self.day)

    @property
    def lines_by(self) -> Grouping:
        """By what the lines of people are; whoever may not have the grouping asked for has the own first one."""
        offered = rates.groupings(self.by)
        grouping = _GROUPINGS.get(self.grouping)
        return grouping if grouping in offered else offered[0]

    @property
    def collects(self) -> bool:
        """Whether wishes are those collected by communities, and not those that units took on."""
        return self.grouping is By.COMMUNITIES or self.by.is_in(Role.COUNTY)

    @property
    def title(self) -> str:
        """What the pictures together are called."""
        return f"在职党员进社区情况图（{self.year}年）"
