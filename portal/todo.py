"""A line of a desk (待办): each room says what waits for whom, and the desks put the lines together."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Select, func, null, select, true

from portal.extensions import db


@dataclass(frozen=True)
class ToDo:
    """How many wait for what, why or until when, and the endpoint (with its values) that lists them.

    `overdue` of them are late; `since` is the day from which the oldest waits, or the day by which it is due.
    """

    count: int
    label: str
    note: str
    endpoint: str
    values: dict = field(default_factory=dict)
    since: dt.date | None = None
    overdue: int = 0


class Waits(NamedTuple):
    """How many rows wait, and the day since which the oldest does, where a day was asked for."""

    count: int
    oldest: dt.date | None


def waits(*asked: tuple[Select, object]) -> list[Waits]:
    """How many rows each of these lists has, with the earliest of a column (None: of none); all in one query."""
    lines = []
    for rows, day in asked:
        shown = (null() if day is None else day).label("day")
        days = rows.with_only_columns(shown, maintain_column_froms=True).order_by(None).subquery()
        lines.append(select(func.count().label("count"), func.min(days.c.day).label("oldest")).select_from(days))
    first, *others = (line.subquery() for line in lines)
    joined = select(*(column for line in (first, *others) for column in (line.c.count, line.c.oldest)))
    source = first
    for line in others:
        source = source.join(line, true())
    found = db.session.execute(joined.select_from(source)).one()
    return [Waits(found[at], found[at + 1]) for at in range(0, len(found), 2)]
