"""A line of a desk (待办): each room says what waits for whom, and the desks put the lines together."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import FromClause, Select, case, func, null, select, true

from portal.extensions import db


@dataclass(frozen=True)
class ToDo:
    """How many wait for what, why or until when, and the endpoint (with its values) that lists them.

    `overdue` of them are late; `since` is the day from which the oldest waits, or the day by which it is due. `first`
    stands before everything else, as long as it lasts.
    """

    count: int
    label: str
    note: str
    endpoint: str
    values: dict = field(default_factory=dict)
    since: dt.date | None = None
    overdue: int = 0
    first: bool = False


@dataclass(frozen=True)
class Waiting:
    """A to-do whose number is that of a list: the desk counts the lists of all rooms in one query.

    `day` is the column that tells since when each waits; the oldest is named after the word `since`. Where it is the
    day by which each is due, those due before `late_before` are late. `first` stands before everything else.
    """

    rows: Select
    label: str
    endpoint: str
    values: dict = field(default_factory=dict)
    day: Any = None
    since: str = "最早"
    note: str = ""
    late_before: dt.date | None = None
    first: bool = False

    def counted(self, count: int, oldest: dt.date | None, late: int) -> ToDo:
        """The line of the desk, now that it is known how many wait."""
        note = f"{self.since} {oldest:%-m月%-d日}" if self.day is not None and oldest else self.note
        since = oldest if self.day is not None else None
        return ToDo(count, self.label, note, self.endpoint, self.values, since, late, self.first)


def counted(items: Iterable[ToDo | Waiting]) -> list[ToDo]:
    """The lines of a desk in the order given, the lists counted; none where nothing waits."""
    items = list(items)
    numbers = iter(_numbers([item for item in items if isinstance(item, Waiting)]))
    lines = [item if isinstance(item, ToDo) else item.counted(*next(numbers)) for item in items]
    return [line for line in lines if line.count]


def _numbers(lists: list[Waiting]) -> list[tuple[int, dt.date | None, int]]:
    """How many rows each of these has, the earliest day among them, and how many are late."""
    if not lists:
        return []
    first, *others = (_number(each).subquery() for each in lists)
    whole: FromClause = first
    for other in others:
        whole = whole.join(other, true())
    columns = (column for each in (first, *others) for column in each.c)
    found = db.session.execute(select(*columns).select_from(whole)).one()
    return [(found[at], found[at + 1], found[at + 2] or 0) for at in range(0, len(found), 3)]


def _number(waiting: Waiting) -> Select:
    shown = (null() if waiting.day is None else waiting.day).label("day")
    days = waiting.rows.with_only_columns(shown, maintain_column_froms=True).order_by(None).subquery()
    late = func.sum(case((days.c.day < waiting.late_before, 1), else_=0)) if waiting.late_before else null()
    numbers = (func.count().label("count"), func.min(days.c.day).label("oldest"), late.label("late"))
    return select(*numbers).select_from(days)
