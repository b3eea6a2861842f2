"""What a table is counted over, as the address says it and the present person may ask it."""

import datetime as dt
from dataclasses import dataclass

from wtforms import BooleanField, SelectField

from portal import clock, web
from portal.actors import Actor
from portal.choices import PickField
from portal.forms import DayField, FilterForm
from portal.reports import tables
from portal.reports.scopes import By, Scope, offered, scope_of
from portal.reports.tables import Table

YEARS = 5  # so many back from this one


class TableFilter(FilterForm):
    """What a table is counted over; `day` is the day 截至."""

    by = PickField("分组", By, nothing="默认")
    year = SelectField("年度")
    day = DayField("截至（空着为今天）")
    beside = BooleanField("与上年同日并列")


@dataclass(frozen=True)
class Chosen:
    """What the address asks for, within what this person may ask."""

    by: By
    scope: Scope
    year: int
    day: dt.date
    beside: bool

    def table(self, number: int, years_back: int = 0) -> Table:
        """Table 6 or 7, of this year or the same day of one before."""
        year = self.year - years_back
        return tables.table(number, self.by, self.scope, year, same_day(self.day, year))

    @property
    def here(self) -> dict:
        """The choice as an address has it."""
        return {"by": self.by.value, "year": self.year, "day": self.day.isoformat()}


def same_day(day: dt.date, year: int) -> dt.date:
    """The same day of another year; of 29 February the 28th."""
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def filter_form() -> TableFilter:
    """The filters of the address, with what this person is offered."""
    form, this = TableFilter(), clock.today().year
    groupings = offered(web.me())
    form.by.choices = [(each.value, each.label) for each in groupings]
    form.year.choices = [(str(year), f"{year}年") for year in range(this, this - YEARS, -1)]
    form.validate()
    chosen = read(form, web.me())
    form.by.data, form.year.data = chosen.by, str(chosen.year)
    return form


def read(form: TableFilter, by: Actor) -> Chosen:
    """What was chosen; what can't be is taken as not chosen."""
    today, groupings = clock.today(), offered(by)
    grouping = form.by.data if form.by.data in groupings else groupings[0]
    typed = form.year.data or ""
    years = range(today.year - YEARS + 1, today.year + 1)
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 and int(typed) in years else today.year
    last = min(today, dt.date(year, 12, 31))
    day = form.day.data if form.day.data and form.day.data.year == year and form.day.data <= last else last
    return Chosen(grouping, scope_of(by, grouping), year, day, bool(form.beside.data))
