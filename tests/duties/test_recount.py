"""The five ones of the whole demonstration, recounted from its rows by loops that know none of the room's code."""

import datetime as dt
from collections import defaultdict

import pytest
from sqlalchemy import text

from portal import clock
from portal.duties import progress
from portal.extensions import db
from portal.pledges.models import FiveOne
from portal.registrations.models import Registration
from tests import demonstration

NOW = "2026-10-20 02:00:00+00:00"
NOT_ASKED = {"deferred", "midyear"}


@pytest.fixture
def day(app, time_machine) -> dt.date:
    time_machine.move_to(NOW)
    demonstration.load()
    return clock.today()


def rows(sql: str, **values) -> list[dict]:
    return [dict(row) for row in db.session.execute(text(sql), values).mappings()]


def a_day(value) -> dt.date | None:
    """SQLite gives days as text where no column says that they are days."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def of_year(row: dict, name: str, year: int) -> bool:
    return a_day(row[name]).year == year


class Recount:
    """Everything that the five ones are told from, in dictionaries."""

    def __init__(self, day: dt.date):
        self.day, year = day, day.year
        self.services = defaultdict(list)
        for row in rows("SELECT * FROM service_records WHERE state = 'confirmed' ORDER BY day, id"):
            if of_year(row, "day", year):
                self.services[row["member_id"]].append(row)
        self.beneficial = {row["id"] for row in rows("SELECT id FROM activities WHERE benefit <> 'none'")}
        made = rows("SELECT * FROM suggestions WHERE state <> 'withdrawn'")
        self.suggested = {row["member_id"] for row in made if of_year(row, "submitted_on", year)}
        served = {r["source_id"] for done in self.services.values() for r in done if r["source"] == "post"}
        moved = {(r["member_id"], r["ended_on"]) for r in rows("SELECT member_id, ended_on FROM registrations")}
        self.claims, self.of_year = defaultdict(list), defaultdict(list)
        for row in rows("SELECT * FROM post_claims"):
            lasts = row["until"] is None
            if not lasts and not of_year(row, "until", year):
                continue
            self.of_year[row["member_id"]].append(row["id"])
            kept = lasts or row["with_post"] or (row["member_id"], row["until"]) in moved
            if kept or row["id"] in served:
                self.claims[row["member_id"]].append(row["id"])
        self.supports = defaultdict(list)
        for row in rows("SELECT * FROM supports WHERE since IS NOT NULL"):
            if row["until"] is None or of_year(row, "until", year):
                self.supports[row["member_id"]].append(row)
        self.visits = defaultdict(set)
        for row in rows("SELECT household_id, day FROM visits v WHERE state = 'confirmed' AND EXISTS (SELECT 1 FROM "
                        "service_records r WHERE r.source = 'visit' AND r.source_id = v.id AND "
                        "r.state IN ('pending', 'confirmed'))"):  # fmt: skip
            if of_year(row, "day", year):
                self.visits[row["household_id"]].add(a_day(row["day"]).month)
        self.deferred = defaultdict(set)
        for row in rows("SELECT * FROM deferments WHERE state IN ('agreed', 'ended')"):
            for month in range(1, 13):
                name, early = f"{year}-{month:02}", str(row["ended_on"] or "9999-12")[:7]
                if row["first"] <= name <= row["last"] and name < early:
                    self.deferred[row["member_id"]].add(month)

    def post(self, member: int) -> bool:
        long_enough = [row["half_hours"] for row in self.services[member] if row["half_hours"] >= 1]
        return bool(self.claims[member]) and (len(long_enough) >= 2 or sum(long_enough) >= 16)

    def activity(self, member: int) -> bool:
        return any(r["source"] == "activity" and r["source_id"] in self.beneficial for r in self.services[member])

    def household(self, member: int) -> bool | None:
        """None where no household was assigned, or nothing is due yet."""
        asked, visited = {}, set()
        for support in self.supports[member]:
            since, until = a_day(support["since"]), a_day(support["until"])
            for month in range(1, self.day.month):
                whole = since <= dt.date(self.day.year, month, 1) and (until is None or until.month > month)
                if whole and month not in self.deferred[member]:
                    asked[month] = asked.get(month, False) or month in self.visits[support["household_id"]]
            first = since.month if since.year == self.day.year else 1
            last = until.month if until else 12
            visited |= {month for month in self.visits[support["household_id"]] if first <= month <= last}
        return all(asked.values()) if asked else (True if visited else None)

    def served_on_post(self, member: int) -> bool:
        return any(r["source"] == "post" and r["source_id"] in self.of_year[member] for r in self.services[member])


def test_the_demonstration_recounted(day):
    recount = Recount(day)
    current = db.select(Registration.member_id).where(Registration.state.in_(("accepted", "filed")))
    found = progress.of(current, day)
    assert len(found) == len(db.session.scalars(current).all()) > 50
    seen = defaultdict(set)
    for member, ones in found.items():
        told = {one.value: ones[one].status.value for one in FiveOne}
        expected = {
            "post": recount.post(member), "suggestion": member in recount.suggested,
            "activity": recount.activity(member), "household": recount.household(member),
        }  # fmt: skip
        for one, done in expected.items():
            allowed = {True: {"done"}, False: {"lacking", *NOT_ASKED}, None: {"arrange", "later", *NOT_ASKED}}[done]
            assert told[one] in allowed, (member, one, told[one], done)
            seen[one].add(told[one])
        if told["exemplar"] == "done":
            assert recount.served_on_post(member)
        elif not recount.served_on_post(member):
            assert told["exemplar"] in {"lacking", *NOT_ASKED}
    assert {"done", "lacking"} <= seen["suggestion"] and "midyear" in seen["suggestion"]


def test_whoever_is_not_asked_registered_late_or_is_deferred(day):
    recount = Recount(day)
    accepted = {row["member_id"]: a_day(row["accepted_on"]) for row in rows(
        "SELECT member_id, MIN(accepted_on) AS accepted_on FROM registrations WHERE accepted_on IS NOT NULL "
        "GROUP BY member_id")}  # fmt: skip
    for member, ones in progress.of(db.select(Registration.member_id), day).items():
        statuses = {one.status.value for one in ones.values()}
        if "midyear" in statuses:
            assert accepted[member] > dt.date(day.year, 6, 30)
        if "deferred" in statuses:
            months = recount.deferred[member]
            assert day.month in months or len(months) >= 6
