"""A line of a desk (待办): each room says what waits for whom, and the desks put the lines together."""

import datetime as dt
from dataclasses import dataclass, field


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
