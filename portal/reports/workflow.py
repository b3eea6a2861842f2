"""The life cycle of a yearly report: handed in by the body with everything frozen, accepted or returned by the county.

Nobody types a number: what is handed in was counted and laid down before (see freezing), and this only makes it stand.
What is returned is handed in again as the same report, in its next edition. Whoever handed in never accepts.
"""

import datetime as dt
from collections.abc import Callable

from portal import clock, numbers, years
from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.numbers import PaperState
from portal.people.models import SupervisorKind
from portal.reports import queries, submissions
from portal.reports.models import (
    UNSENT,
    PartState,
    Report,
    ReportKind,
    ReportState,
    Snapshot,
    SnapshotState,
)
from portal.scheme import queries as scheme
from portal.telling import Addressee, Tells, Topic, to_office

S = ReportState
FRESH = dt.timedelta(minutes=15)  # so long what was laid down may wait to be handed in
MEND_WORKDAYS = 5  # within which what was returned is handed in again
PAPERS = {
    ReportKind.OWN: ("service-table",),
    ReportKind.LEAD: ("service-table", "registration-table"),
}
flow = Flow(
    Report, "这份上报", room="reports", noun="report", visible_to=queries.visible_to,
    named=lambda row: f"{row.title}（{row.supervisor.name}）", of_year=lambda row: row.year,
)  # fmt: skip

_when_submitted: dict[Callable[[Report, Snapshot, Actor], None], Callable[[Report], str] | None] = {}


def when_submitted(
    consequence: Callable[[Report, Snapshot, Actor], None], lacking: Callable[[Report], str] | None = None
) -> None:
    """Later rooms say what is handed in with a report (the summary's text is frozen).

    Called as `consequence(report, snapshot, by)` in the transaction of `submit`; `lacking` says beforehand, in one
    sentence, what keeps the report from being handed in ("" for nothing).
    """
    _when_submitted[consequence] = lacking


def office_of(row: Report) -> Addressee:
    """Those who hand a report in: the town, or the department or park."""
    role = Role.TOWN if row.supervisor.kind is SupervisorKind.TOWN else Role.DEPARTMENT
    return to_office(role, supervisor_id=row.supervisor_id)


@who("本镇（部门）")
def sender_of(row: Report, by: Actor) -> bool:
    """Who holds the office of the body that hands it in."""
    return by.is_in(*queries.BODIES) and same(by.supervisor_id, row.supervisor_id)


@who("县委组织部（上报人除外）")
def county_of(row: Report, by: Actor) -> bool:
    """The county office, but nobody who handed it in in another appointment."""
    handed_in = queries.standing_of(row.id) if by.is_in(Role.COUNTY) else None
    return by.is_in(Role.COUNTY) and not (handed_in and same(handed_in.by_user_id, by.user_id))


@who("县委组织部")
def county(row: Report, by: Actor) -> bool:
    """The county office."""
    return by.is_in(Role.COUNTY)


tells_body = Tells(Topic.REPORT, lambda row: [office_of(row)])
tells_urged = Tells(
    Topic.REPORT, lambda row: [office_of(row)], lambda row: f"应在{row.due_on:%-m月%-d日}前上报，请尽快办理。"
)


def in_the_way(row: Report) -> list[str]:
    """What keeps a report from being handed in now, each in a sentence."""
    found = [words] if (words := years.why_closed(row.year)) else []
    waiting = [part.community.name for part in queries.parts_of(row) if part.state is PartState.WAITING]
    if waiting:
        found.append(f"{'、'.join(waiting)}还没有确认“本社区数据已核对”。")
    return found + [words for say in _when_submitted.values() if say and (words := say(row))]


def check_way(row: Report) -> None:
    """Raise the refusal of whoever hands a report in while something is in the way."""
    if found := in_the_way(row):
        raise RuleBroken("".join(found))


def _rests(row: Report, _by: Actor) -> bool:
    return not submissions.running([row.id])


@flow.move("上报", start=UNSENT, end=S.SUBMITTED, who=sender_of, when=_rests, done="已上报，等县委组织部接收。")
def submit(row: Report, by, snapshot_id: int):
    """The town, the department or 城关镇 hands the year's tables in, frozen as they were laid down.  [四]"""
    check_way(row)
    laid = queries.staged(row.id, snapshot_id, by)
    if laid is None or clock.now() - laid.taken_at > FRESH:
        raise RuleBroken("要上报的数据没有生成好，请再上报一次。")
    if before := queries.standing_of(row.id):
        before.state = SnapshotState.REPLACED
        db.session.flush()
    row.edition += 1
    laid.edition, laid.state = row.edition, SnapshotState.STANDING
    for kind in PAPERS[row.kind]:
        _issue(kind, row)
    for consequence in _when_submitted:
        consequence(row, laid, by)


def _issue(kind: str, row: Report) -> None:
    """The paper's number is the same each time the report is handed in; only its version counts on."""
    numbers.set_aside(kind, row.id, PaperState.REPLACED)
    before = numbers.latest(kind, row.id)
    serial, version = (before.serial, before.version + 1) if before else (numbers.draw(kind, row.year), 1)
    numbers.issue(kind, row.year, serial, version, row.id, "", row.supervisor.name)


@flow.move("撤回上报", start=S.SUBMITTED, end=S.OPEN, who=sender_of, danger=True,
           done="已撤回，改好以后请重新上报。")  # fmt: skip
def withdraw(row: Report, by):
    """The sender takes the report back as long as the county has neither accepted nor returned it.  [四]"""
    _cancel_papers(row)
    if laid := queries.standing_of(row.id):
        laid.state = SnapshotState.WITHDRAWN


@flow.move("接收", start=S.SUBMITTED, end=S.ACCEPTED, who=county_of, tells=tells_body, done="已接收。", undo=True)
def accept(row: Report, by):
    """The county office accepts what was handed in.  [四]"""


@flow.move("退回", start=(S.SUBMITTED, S.ACCEPTED), end=S.RETURNED, who=county_of, reason=True, danger=True,
           tells=tells_body, done="已退回，对方修改后重新上报。", undo=True)  # fmt: skip
def send_back(row: Report, by):
    """The county office returns a report, saying what to mend; it comes again as the next edition.  [四]"""
    _cancel_papers(row)
    row.due_on = max(row.due_on, scheme.due(clock.today(), MEND_WORKDAYS))


def _may_be_urged(row: Report, by: Actor) -> bool:
    return row.urged_on != clock.today()


@flow.move("催报", start=UNSENT, end=UNSENT, who=county, when=_may_be_urged, tells=tells_urged, done="已催报。")
def urge(row: Report, by):
    """The county office urges a body that has not handed in, at most once a day.  [四]"""
    if not _may_be_urged(row, by):
        raise RuleBroken("今天已经催报过，明天可以再催。")
    row.urged_on = clock.today()
    return row.state


def _cancel_papers(row: Report) -> None:
    for kind in PAPERS[row.kind]:
        numbers.set_aside(kind, row.id, PaperState.CANCELLED)
