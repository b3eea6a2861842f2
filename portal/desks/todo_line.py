"""One line of a desk."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from portal.extensions import db


@dataclass(frozen=True)
class Todo:
    """How many wait for what, where they are listed, how many are late, and since which day the oldest waits."""

    count: int
    label: str
    url: str
    overdue: int = 0
    since: dt.date | None = None
    note: str = ""

    @property
    def words(self) -> str:
        """The note and since when the oldest waits, in one line."""
        since = f"最早的从{self.since.month}月{self.since.day}日起" if self.since else ""
        return "；".join(filter(None, (since, self.note)))


def total(rows: Select) -> int:
    """How many rows a list has."""
    return db.session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
