"""The list behind a number of table 6 or 7, from the SELECT that counted it: its length, or its sum, is the number."""

import datetime as dt
from dataclasses import dataclass

from portal.reports.scopes import By, Scope


@dataclass(frozen=True)
class Behind:
    """One thing that was counted: its id, what it is called, what else is said of it, how much it adds, its address.

    `amount` is 1, or hours; `url` is '' where the thing has no page.
    """

    key: int
    label: str
    note: str
    amount: float
    url: str


def rows(number: int, row_key: int, column_key: str, by: By, scope: Scope, year: int, day: dt.date) -> list[Behind]:
    """What the number in this cell was counted from (row_key -1: the total), in a readable order."""
    raise NotImplementedError
