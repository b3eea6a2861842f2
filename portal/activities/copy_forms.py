"""The form by which an activity is held again: from which day, how often, until when; it stands in the address."""

import datetime as dt

from portal.activities.repeating import Repeat
from portal.choices import PickField
from portal.forms import DayField, FilterForm


class CopyForm(FilterForm):
    """From which day on, how often and until when."""

    day = DayField("从哪天起")
    repeat = PickField("怎样重复", Repeat, nothing="只办这一次")
    until = DayField("到哪天止")

    def fill(self, first: dt.date) -> None:
        """Put in what the address does not say: this first day, and the last day of its year."""
        self.day.data = self.day.data or first
        self.until.data = max(self.until.data or dt.date(self.day.data.year, 12, 31), self.day.data)
