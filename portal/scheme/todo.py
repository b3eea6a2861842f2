"""What waits for the keepers of the scheme: days off not entered, a year not opened."""

import datetime as dt

from portal.actors import Actor
from portal.scheme import queries
from portal.scheme.workflow import KEEPERS
from portal.todo import ToDo

NOTICE_BY = (11, 15)  # about when the State Council's notice of the next year's days off is out


def items(by: Actor, today: dt.date) -> list[ToDo]:
    """The lines of the desk: this year's calendar and year, from mid-November next year's calendar too."""
    if not by.is_in(*KEEPERS):
        return []
    years = [today.year] if (today.month, today.day) < NOTICE_BY else [today.year, today.year + 1]
    calendar = queries.calendar_around(today.year)
    missing = [year for year in years if calendar.is_provisional(year)]
    note = "期限先按平常的周末推算"
    lines = [ToDo(1, f"{year}年放假和调休还没有录入", note, "scheme.calendar", {"year": year}) for year in missing]
    if not queries.is_open(today.year):
        lines.append(ToDo(1, f"{today.year}年度还没有开设", "先按通知的默认日期和期限", "scheme.index"))
    return lines
