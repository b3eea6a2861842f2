"""What a report says: its tables with the sender's words, its foot, and what does not match; counted now."""

import datetime as dt
from dataclasses import dataclass, field, replace

from portal.people.models import Supervisor
from portal.reports import confirming, queries, reconciling, tables
from portal.reports.models import Report, ReportKind
from portal.reports.scopes import By, Scope
from portal.reports.tables import Table
from portal.reports.tallies import Kind


@dataclass(frozen=True)
class Foot:
    """Who stands below the tables: all of it is known of the body, nothing is typed."""

    body: str
    head: str
    deputy: str
    compiled_by: str
    phone: str
    day: str


@dataclass(frozen=True)
class Content:
    """What a report says: its tables, its foot, what did not match, and what changed after a community confirmed it."""

    tables: list[Table]
    foot: Foot
    breaches: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def table(self, number: int) -> Table | None:
        """The table of this number, or None."""
        return next((table for table in self.tables if table.number == number), None)


def scope_of(report: Report) -> tuple[By, Scope]:
    """By what the rows of a report's tables are, and over what they are counted."""
    if report.kind is ReportKind.LEAD:
        return By.COMMUNITIES, Scope(town_id=report.supervisor_id)
    return By.UNITS, Scope(supervisor_id=report.supervisor_id)


def until(report: Report, today: dt.date) -> dt.date:
    """The day up to which a report counts: today, of a year gone by its last day."""
    return min(today, dt.date(report.year, 12, 31))


def counted(report: Report, today: dt.date) -> list[Table]:
    """The tables of a report as they stand now, with the sender's words."""
    by, scope = scope_of(report)
    day, words = until(report, today), queries.words_of(report)
    found = [tables.six(by, scope, report.year, day)]
    if report.kind is ReportKind.LEAD:
        found.append(tables.seven(scope, report.year, day))
    return [with_words(table, words) for table in found]


def rows_of(report: Report, number: int, today: dt.date) -> list[tuple[str, str]]:
    """Key and name of each row of a report's table as it stands now; none of a table that it doesn't have."""
    shown = next((table for table in counted(report, today) if table.number == number), None)
    return [(str(row.key), row.name) for row in shown.rows] if shown else []


def with_words(table: Table, words: dict[tuple[int, str], str]) -> Table:
    """The table with the sender's words in its column of words (备注)."""
    columns = [column.key for column in table.columns if column.kind == Kind.WORDS.value]
    rows = (
        replace(row, cells=row.cells | {key: words.get((table.number, str(row.key))) for key in columns})
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def foot_of(body: Supervisor, by_name: str, day: dt.date) -> Foot:
    """The foot of the tables, from what is known of the body."""
    return Foot(body.name, body.head or "", body.deputy or "", by_name, body.phone or "", day.isoformat())


def live(report: Report, by_name: str, today: dt.date) -> Content:
    """What the report would say if it were handed in now."""
    found = counted(report, today)
    _, scope = scope_of(report)
    breaches = [each.words for each in reconciling.breaches(scope, report.year, until(report, today))]
    changes = [
        f"{part.community.name}：{change.label} {change.before} → {change.now}"
        for part in queries.parts_of(report)
        for change in confirming.changes_since(part, found)
    ]
    return Content(found, foot_of(report.supervisor, by_name, until(report, today)), breaches, changes)
