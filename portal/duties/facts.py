"""What the five ones are told from: values of one member and one year, as the records have them."""

import datetime as dt
from dataclasses import dataclass

from portal.households.months import whole_months


@dataclass(frozen=True)
class Minimum:
    """The least services, or half hours, of a year; 0 is no minimum of that sort."""

    services: int
    half_hours: int

    def is_met(self, services: int, half_hours: int) -> bool:
        """Whether so many services, or so many half hours, are enough."""
        asked = [(services, self.services), (half_hours, self.half_hours)]
        met = [done >= least for done, least in asked if least]
        return any(met) or not met

    @property
    def words(self) -> str:
        """What is enough, in words: 2次或8小时."""
        ways = [f"{self.services}次"] if self.services else []
        return "或".join([*ways, f"{self.half_hours / 2:g}小时"] if self.half_hours else ways) or "不限"


@dataclass(frozen=True)
class Holding:
    """One post held this year: the confirmed services on it this year; `given_up`: it ended, by no move nor with it."""

    records: int = 0
    given_up: bool = False


@dataclass(frozen=True)
class Supporting:
    """One household supported: since and until which day, and the months of the year in which anybody visited it.

    `recorded` are the months with a visit that a second person has not confirmed yet: it doesn't count, but nobody
    is asked for another one.
    """

    since: dt.date
    until: dt.date | None = None
    visited: frozenset[int] = frozenset()
    recorded: frozenset[int] = frozenset()

    def months(self, day: dt.date, over: bool = False) -> range:
        """The whole months of the year of this day that are over on it; all of them once the year itself is `over`."""
        whole = whole_months(self.since, self.until, day.year)
        return whole if over else range(whole.start, min(whole.stop, day.month))

    def visits(self, day: dt.date) -> set[int]:
        """The months, from the one in which it began to the one in which it ended, with a visit."""
        first = self.since.month if self.since.year == day.year else 1
        return {month for month in self.visited if first <= month <= self._ended(day)}

    def _ended(self, day: dt.date) -> int:
        return self.until.month if self.until and self.until.year == day.year else 13


@dataclass(frozen=True)
class Facts:
    """What the records say of one registered member in one year, up to a day; `over`: the whole year is looked at."""

    registered_since: dt.date
    services: int = 0
    half_hours: int = 0
    posts: tuple[Holding, ...] = ()
    suggestions: int = 0
    activities: int = 0
    supports: tuple[Supporting, ...] = ()
    overdue_promises: int = 0
    revoked_claims: int = 0
    deferred: frozenset[int] = frozenset()
    over: bool = False


def registered_since(spans: list[tuple[dt.date, dt.date | None]]) -> dt.date | None:
    """Since when a member is registered without a break: moving house ends one registration and begins the next.

    `spans` are the registrations as (accepted, ended); None when none lasts.
    """
    since = next((accepted for accepted, ended in spans if ended is None), None)
    for accepted, ended in sorted(spans, reverse=True):
        if since and ended and ended >= since:
            since = min(since, accepted)
    return since
