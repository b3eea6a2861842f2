"""How far promises are kept: arithmetic over confirmed service records; nothing of it is typed, nobody is ranked.

Each record counts for one item only: in the order of their days, records go to the first item of their category
that is not kept yet; when all are kept, to the last one. A time is a record of half an hour or more; an item
without a planned number is kept by one record of its category, however short.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.labels import Category

A_TIME = 1  # half hours


@dataclass(frozen=True)
class Promise:
    """What one item promises: so many times, or so many half hours, or neither; until a day."""

    category: Category
    times: int | None = None
    half_hours: int | None = None
    due_on: dt.date = dt.date.max


@dataclass(frozen=True)
class Service:
    """One confirmed service record: its category, day and half hours."""

    category: Category
    day: dt.date
    half_hours: int


@dataclass
class Kept:
    """How far one promise is kept: the records that count for it, the times and half hours among them."""

    promise: Promise
    records: int = 0
    times: int = 0
    half_hours: int = 0

    @property
    def whole(self) -> bool:
        """Whether it is kept."""
        if self.promise.times:
            return self.times >= self.promise.times
        if self.promise.half_hours:
            return self.half_hours >= self.promise.half_hours
        return self.records > 0

    @property
    def words(self) -> str:
        """What is done of what was promised: 1 / 4 次, 2.5 / 8 小时, 3 次."""
        if self.promise.half_hours:
            return f"{self.half_hours / 2:g} / {self.promise.half_hours / 2:g} 小时"
        return f"{self.times} / {self.promise.times} 次" if self.promise.times else f"{self.records} 次"

    def is_overdue(self, today: dt.date) -> bool:
        """Whether its day has passed and it is not kept."""
        return today > self.promise.due_on and not self.whole

    def count(self, service: Service) -> None:
        """Let a record count for it."""
        self.records += 1
        if service.half_hours >= A_TIME:
            self.times += 1
            self.half_hours += service.half_hours


@dataclass(frozen=True)
class Keeping:
    """How far a whole pledge is kept, item by item."""

    items: list[Kept]

    @property
    def kept(self) -> int:
        """How many of its items are kept."""
        return sum(item.whole for item in self.items)

    @property
    def words(self) -> str:
        """The whole in words: 3 项中已兑现 2 项."""
        return f"{len(self.items)} 项中已兑现 {self.kept} 项"


def keeping(promises: Sequence[Promise], services: Iterable[Service]) -> Keeping:
    """How far these promises, in their order, are kept by the confirmed records of their year."""
    items = [Kept(promise) for promise in promises]
    for service in sorted(services, key=lambda each: each.day):
        fitting = [item for item in items if item.promise.category is service.category]
        if fitting:
            next((item for item in fitting if not item.whole), fitting[-1]).count(service)
    return Keeping(items)
