"""What a table is counted over: its rows, whose things, and which part of which year."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case

from portal.actors import Actor, Role
from portal.labels import Labelled


class By(Labelled):
    """What a table has its rows by."""

    SUPERVISORS = "supervisors", "按主管党组织"
    UNITS = "units", "按单位"
    COMMUNITIES = "communities", "按社区"
    COUNTY = "county", "全县合计"


@dataclass(frozen=True)
class Scope:
    """Whose things are counted; without anything: the whole county's. One of these at most is set.

    `offices`: the units of kind 机关, those that 县直机关工委 reads. The last two are of communities.
    """

    supervisor_id: int | None = None
    unit_id: int | None = None
    offices: bool = False
    town_id: int | None = None
    community_id: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole county."""
        return self == Scope()


@dataclass(frozen=True)
class Period:
    """The part of a calendar year that is counted: from 1 January to the day 截至, both included."""

    first: dt.date
    until: dt.date

    @classmethod
    def of(cls, year: int, day: dt.date) -> "Period":
        """The year up to this day; of a year gone by, the whole of it."""
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        return cls(first, max(first, min(day, last)))

    def holds(self, column) -> ColumnElement[bool]:
        """The condition that a day lies in it."""
        return column.between(self.first, self.until)


OFFERED: dict[Role, tuple[By, ...]] = {
    Role.COUNTY: (By.SUPERVISORS, By.UNITS, By.COMMUNITIES, By.COUNTY),
    Role.COMMITTEE: (By.UNITS, By.SUPERVISORS),
    Role.DEPARTMENT: (By.UNITS,),
    Role.TOWN: (By.UNITS,),
    Role.LIAISON: (By.UNITS,),
    Role.CLERK: (By.COMMUNITIES,),
}


def offered(by: Actor) -> tuple[By, ...]:
    """By what this person may have a table; the town that leads the county town by communities too."""
    return (*OFFERED.get(by.role, ()), *((By.COMMUNITIES,) if by.is_in(Role.TOWN) and by.leads_county_town else ()))


def scope_of(by: Actor, grouping: By) -> Scope:
    """Over what this person's table of this grouping (one of those offered) is counted."""
    match by.role:
        case Role.COMMITTEE:
            return Scope(offices=True)
        case Role.TOWN if grouping is By.COMMUNITIES:
            return Scope(town_id=by.supervisor_id)
        case Role.TOWN | Role.DEPARTMENT:
            return Scope(supervisor_id=by.supervisor_id)
        case Role.LIAISON:
            return Scope(unit_id=by.unit_id)
        case Role.CLERK:
            return Scope(community_id=by.community_id)
    return Scope()


def one_if(condition) -> ColumnElement[int]:
    """1 where the condition holds, else 0."""
    return case((condition, 1), else_=0)
