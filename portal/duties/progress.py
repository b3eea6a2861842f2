"""The five ones of any number of members: one query finds the facts of all of them (see queries.py)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, literal, select

from portal import clock
from portal.duties import five_ones, promises, queries
from portal.duties.facts import Facts, Holding, Minimum, Supporting, registered_since
from portal.duties.five_ones import One
from portal.extensions import db
from portal.labels import Category
from portal.pledges.keeping import Promise, Service
from portal.pledges.models import FiveOne
from portal.scheme import queries as scheme


@dataclass
class _Found:
    """What was found of one member, before it is put together."""

    spans: list[tuple[dt.date, dt.date | None]] = field(default_factory=list)
    posts: dict[int, Any] = field(default_factory=dict)
    on_posts: dict[int, int] = field(default_factory=dict)
    services: tuple[int, int] = (0, 0)
    supports: list[Any] = field(default_factory=list)
    visited: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    recorded: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    deferred: set[int] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    promised: dict[int, Promise] = field(default_factory=dict)
    sums: dict[Category, promises.Sums] = field(default_factory=dict)
    records: list[tuple[dt.date, int, Service]] = field(default_factory=list)

    def note(self, row: Any, day: dt.date) -> None:
        """Keep what one row says; its columns are those of the SELECT of its kind."""
        match row.kind:
            case "registration":
                self.spans.append((row.since, row.until))
            case "deferment":
                self.deferred |= _months(row.words, row.until, day.year)
            case "post":
                self.posts[row.a] = row
            case "on_post":
                self.on_posts[row.a] = row.b
            case "service":
                self.services = (row.a, row.b)
            case "support":
                self.supports.append(row)
            case "visit":
                (self.recorded if row.c else self.visited)[row.b].add(row.since.month)
            case "promise":
                self.promised[row.a] = Promise(Category(row.words), row.b, row.c, row.since)
            case "sums":
                self.sums[Category(row.words)] = (row.a, row.b, row.c)
            case "record":
                self.records.append((row.since, row.a, Service(Category(row.words), row.since, row.b)))
            case kind:
                self.numbers[kind] = row.a

    def overdue(self, day: dt.date) -> int:
        """How many promises are overdue."""
        promised = [self.promised[place] for place in sorted(self.promised)]
        return promises.overdue(
            promised, self.sums, [service for *_, service in sorted(self.records, key=_in_time)], day
        )


def of(members: Select, day: dt.date) -> dict[int, dict[FiveOne, One]]:
    """How the five ones of each of these members stand on a day, by member's id; of those only who are registered.

    `members` is a SELECT of their ids.
    """
    found, minimum = facts_of(members, day)
    return {key: five_ones.of(facts, minimum, day) for key, facts in found.items()}


def of_member(member_id: int | None, day: dt.date) -> tuple[Facts, dict[FiveOne, One]] | None:
    """The facts of one member and how the five ones stand; None of who is not registered, and of nobody."""
    found, minimum = facts_of(select(literal(member_id or queries.NOBODY)), day)
    facts = found.get(member_id or queries.NOBODY)
    return (facts, five_ones.of(facts, minimum, day)) if facts else None


def facts_of(members: Select, day: dt.date) -> tuple[dict[int, Facts], Minimum]:
    """What the records say of each of these members in the year of a day, by member's id; and the year's minimum.

    Of a year that is over the day is its last one, and its December is asked for too.
    """
    found: dict[int, _Found] = defaultdict(_Found)
    usual = scheme.default_year(day.year)
    minimum = Minimum(usual.least_services, usual.least_half_hours)
    for row in db.session.execute(queries.facts(members, day)):
        if row.kind == queries.MINIMUM:
            minimum = Minimum(row.a, row.b)
        else:
            found[row.member_id].note(row, day)
    put = ((key, _together(each, day)) for key, each in found.items())
    return {key: facts for key, facts in put if facts}, minimum


def _in_time(record: tuple[dt.date, int, Service]) -> tuple[dt.date, int]:
    return record[:2]


def _together(found: _Found, day: dt.date) -> Facts | None:
    since = registered_since(found.spans)
    if since is None:
        return None
    return Facts(
        registered_since=since,
        services=found.services[0],
        half_hours=found.services[1],
        posts=tuple(Holding(found.on_posts.get(key, 0), bool(row.b)) for key, row in found.posts.items()),
        suggestions=found.numbers.get("suggestion", 0),
        activities=found.numbers.get("activity", 0),
        supports=tuple(
            Supporting(row.since, row.until, frozenset(found.visited[row.b]), frozenset(found.recorded[row.b]))
            for row in found.supports
        ),
        overdue_promises=found.overdue(day),
        revoked_claims=found.numbers.get("revoked", 0),
        deferred=frozenset(found.deferred),
        over=day == dt.date(day.year, 12, 31) < clock.today(),
    )


def _months(words: str, ended_on: dt.date | None, year: int) -> set[int]:
    """The months of a year that a deferment covers; `words` are its first and last month (2026-032026-05)."""
    first, last, early = words[:7], words[7:], f"{ended_on:%Y-%m}" if ended_on else "9999-12"
    names = {month: f"{year}-{month:02d}" for month in range(1, 13)}
    return {month for month, name in names.items() if first <= name <= last and name < early}
