"""A community says that the numbers of its part are right (本社区数据已核对), before 城关镇 hands them in.

What it confirmed is kept; when the numbers change afterwards, both are shown, and it may confirm once more.
"""

import hashlib
import json
from dataclasses import dataclass

from portal import clock
from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.flow import Flow, who
from portal.reports import queries
from portal.reports.models import PartState, Report, ReportPart
from portal.reports.tables import Table
from portal.reports.tallies import Kind
from portal.telling import Tells, Topic, to_office

S = PartState
flow = Flow(
    ReportPart, "本社区的数据", room="reports.parts", noun="part", visible_to=queries.parts,
    named=lambda part: f"{part.report.title}的{part.community.name}数据", of_year=lambda part: part.report.year,
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A number that is not what a community confirmed: table, column, what it was and what it is now."""

    table: int
    label: str
    before: str
    now: str


def figures_of(tables: list[Table], community_id: int) -> str:
    """One community's cells of these tables as text, always the same for the same numbers."""
    rows = {str(table.number): row.cells for table in tables for row in table.rows if row.key == community_id}
    return json.dumps(rows, ensure_ascii=False, sort_keys=True)


def changes_since(part: ReportPart, tables: list[Table]) -> list[Change]:
    """What has changed in a community's numbers since it confirmed them; nothing where it has not."""
    confirmed = json.loads(part.figures) if part.figures else {}
    found = []
    for table in tables:
        before = confirmed.get(str(table.number))
        row = next((row for row in table.rows if row.key == part.community_id), None)
        if before is None or row is None:
            continue
        then = type(row)(row.key, row.name, before)
        found += [
            Change(table.number, column.name, then.shown(column.key), row.shown(column.key))
            for column in table.columns
            if column.kind != Kind.WORDS.value and before.get(column.key) != row.cells.get(column.key)
        ]
    return found


@dataclass(frozen=True)
class Standing:
    """How one community's part stands: confirmed or not, and what has changed since."""

    part: ReportPart
    changes: list[Change]


def standing_of(report: Report, tables: list[Table]) -> list[Standing]:
    """How the communities' parts of a report stand, beside its numbers."""
    return [Standing(part, changes_since(part, tables)) for part in queries.parts_of(report)]


def fingerprint(figures: str) -> str:
    """A short word for these numbers, by which a page says which of them were seen."""
    return hashlib.sha256(figures.encode()).hexdigest()[:16]


@who("本社区专干")
def clerk_of(part: ReportPart, by: Actor) -> bool:
    """A clerk of the community."""
    return by.is_in(Role.CLERK) and same(by.community_id, part.community_id)


@who("牵头的镇党委")
def lead_of(part: ReportPart, by: Actor) -> bool:
    """The town that hands the communities' numbers in."""
    return by.is_in(Role.TOWN) and same(by.supervisor_id, part.report.supervisor_id)


def _lies_open(part: ReportPart, by: Actor) -> bool:
    return part.report.is_unsent


def _is_late(part: ReportPart, by: Actor) -> bool:
    return part.report.is_unsent and clock.today() > part.report.due_on


def _handed_in(part: ReportPart, by: Actor) -> str:
    return "" if part.report.is_unsent else "城关镇已经上报，不能撤销。"


@flow.move("本社区数据已核对", start=(S.WAITING, S.CONFIRMED), end=S.CONFIRMED, who=clerk_of, when=_lies_open,
           done="已核对，牵头的镇党委可以上报了。", undo=_handed_in)  # fmt: skip
def confirm(part: ReportPart, by, figures: str):
    """The community's clerk confirms the numbers of the community as they stand now.  [四]"""
    _keep(part, by, figures)


@flow.move("代社区确认", start=(S.WAITING, S.CONFIRMED), end=S.CONFIRMED, who=lead_of, stand_in=lead_of, reason=True,
           when=_is_late, done="已代为确认，注明“代办”。", undo=_handed_in)  # fmt: skip
def confirm_for(part: ReportPart, by, figures: str):
    """The leading town stands in for a community that has not confirmed by the deadline, saying why.  [四]"""
    if not _is_late(part, by):
        raise RuleBroken("上报期限过后，社区还没有核对的，才能代为确认。")
    _keep(part, by, figures)


tells_clerks = Tells(
    Topic.REPORT,
    lambda part: [to_office(Role.CLERK, community_id=part.community_id)],
    lambda part: f"上报期限{part.report.due_on:%-m月%-d日}，请尽快核对。",
)


def _may_be_urged(part: ReportPart, by: Actor) -> bool:
    return part.report.is_unsent and part.urged_on != clock.today()


@flow.move("催核对", start=S.WAITING, end=S.WAITING, who=lead_of, when=_may_be_urged, tells=tells_clerks,
           done="已催核对。")  # fmt: skip
def urge(part: ReportPart, by):
    """The leading town urges a community that has not confirmed its part, at most once a day.  [四]"""
    if not _may_be_urged(part, by):
        raise RuleBroken("今天已经催过，明天可以再催。" if part.report.is_unsent else "城关镇已经上报。")
    part.urged_on = clock.today()


def _keep(part: ReportPart, by: Actor, figures: str) -> None:
    _check_open(part.report)
    part.figures, part.confirmed_at, part.confirmed_by = figures, clock.now(), by.shown


def _check_open(report: Report) -> None:
    if not report.is_unsent:
        raise RuleBroken("城关镇已经上报，数据不再核对；县委组织部退回以后可以重新核对。")
