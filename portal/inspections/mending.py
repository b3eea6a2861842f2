"""The life cycle of a finding: found on the spot, answered by the body with what was done, judged by the county."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from portal import clock, undo, uploads
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.files import Kept
from portal.flow import Flow
from portal.history import HistoryLine
from portal.inspections import evidence, queries
from portal.inspections.checking import check_open, check_words
from portal.inspections.kinds import FindingState, InspectionState
from portal.inspections.models import Finding, InspectionItem, Target
from portal.inspections.rights import answers_for, found_or_county, judges, office_of
from portal.inspections.workflow import follow, hold
from portal.telling import Addressee, Tells, Topic, to_login

S = FindingState
flow = Flow(
    Finding, "这个问题", room="findings", noun="finding", visible_to=queries.findings_visible_to,
    named=lambda row: f"{row.inspection.title}中{row.target.name}的问题",
    first=lambda row, by, asked: hold(row.inspection),
)  # fmt: skip


def _target(row: Finding) -> list[Addressee]:
    """Its body, once the findings were sent."""
    return [office_of(row.target)] if row.inspection.is_sent else []


tells_target = Tells(Topic.INSPECTION, _target)
tells_finder = Tells(Topic.INSPECTION, lambda row: [to_login(row.found_by_user_id)])


@dataclass(frozen=True)
class Found:
    """What was found: in words, what is demanded, to be mended by a day, at which item of the checklist."""

    words: str
    fix_by: dt.date
    demand: str | None = None
    item: InspectionItem | None = None


def find(target: Target, by: Actor, found: Found) -> Finding:
    """The inspector writes down what is to be mended at a body, with the portal's evidence of that moment.

    Raises NotYours, RuleBroken.  [三3]
    """
    check_open(target, by)
    _check(target, found)
    today = clock.today()
    until = target.inspection.counts_until(today)
    shown = evidence.draw([found.item.drawn], target, until) if found.item else {}
    words = next((each.words for each in shown.values()), None)
    row = Finding(
        target=target, found_on=today, found_by=by.shown, found_by_user_id=by.user_id, evidence=words,
        evidence_on=until if words else None, **vars(found),
    )  # fmt: skip
    target.visited_on = target.visited_on or today
    db.session.add(row)
    flow.opened(row, by, "find", "记录问题")
    return row


def change(finding: Finding, by: Actor, words: str, fix_by: dt.date, demand: str | None = None) -> None:
    """Whoever found it, or the county, words it anew before it is sent; the evidence stays. Raises NotYours.  [三3]"""
    check_change(finding, by)
    _check(finding.target, Found(words, fix_by, demand))
    finding.words, finding.fix_by, finding.demand = words, fix_by, demand
    flow.noted(finding, by, "change", "修改", finding.state)


def check_change(finding: Finding, by: Actor, held: bool = True) -> None:
    """Raise NotYours or RuleBroken where this person may not word a finding anew now; without `held` only looked at."""
    if not found_or_county(finding, by):
        raise NotYours(f"只能由{found_or_county.label}修改。")
    check_open(finding.target, by, held)
    if finding.state is not S.OPEN:
        raise RuleBroken(f"这个问题现在是“{finding.state.label}”，不能修改。")


def _sent(finding: Finding, _by: Actor | None = None) -> bool:
    return finding.inspection.state in (InspectionState.ISSUED, InspectionState.ANSWERED)


def check_form(finding: Finding, verb: str, by: Actor) -> None:
    """Raise the refusal of whoever asks for the form of a move that can't be made before the finding is sent."""
    move = flow.moves.get(verb)
    if move and move.when and move.who(finding, by):
        _check_sent(finding)


def _check_sent(finding: Finding) -> None:
    if not _sent(finding):
        raise RuleBroken(f"这次督查现在是“{finding.inspection.state.label}”，不能办理。")


def _stays(finding: Finding, by: Actor) -> str:
    """Why an act on a finding stays: its inspection is over."""
    state = finding.inspection.state
    over = state in (InspectionState.CLOSED, InspectionState.CANCELLED)
    return f"这次督查现在是“{state.label}”，不能撤销。" if over else ""


def _stays_withdrawn(finding: Finding, by: Actor) -> str:
    """What an inspector withdrew before the inspection was sent out does not come before the body behind that."""
    mine = found_or_county(finding, by)
    return _stays(finding, by) or ("" if mine else f"这次督查现在是“{finding.inspection.state.label}”，不能撤销。")


@flow.move("答复", start=(S.OPEN, S.RETURNED), end=S.ANSWERED, who=answers_for, tells=tells_finder, when=_sent,
           done="已答复，由县委组织部审核。", undo=_stays)  # fmt: skip
def answer(finding: Finding, by, answer: str, files: Iterable[Kept] = (), remove: Iterable[str] = ()):
    """The inspected body says in writing what it did about a finding, and adds files that show it.  [三3]"""
    _check_sent(finding)
    check_words(answer)
    uploads.detach(finding, remove)
    db.session.flush()
    uploads.attach(finding, files, by)
    finding.answer, finding.answered_on = answer, clock.today()
    finding.answered_by, finding.answered_by_user_id = by.shown, by.user_id
    _becomes(finding, by, S.ANSWERED)


@flow.move("认可", start=S.ANSWERED, end=S.ACCEPTED, who=judges, tells=tells_target, when=_sent,
           done="已认可这项整改。", undo=_stays)  # fmt: skip
def accept(finding: Finding, by):
    """The county accepts what was done about a finding.  [三3]"""
    _check_sent(finding)
    _becomes(finding, by, S.ACCEPTED)


@flow.move("退回", start=S.ANSWERED, end=S.RETURNED, who=judges, reason=True, danger=True, tells=tells_target,
           when=_sent, done="已退回，请对方重新整改。", undo=_stays)  # fmt: skip
def send_back(finding: Finding, by, fix_by: dt.date):
    """The county sends an answer back that does not do, saying why and by when it is to be mended.  [三3]"""
    _check_sent(finding)
    _check_day(fix_by)
    finding.fix_by = fix_by
    _becomes(finding, by, S.RETURNED)


@flow.move("延期", start=(S.OPEN, S.RETURNED), end=(S.OPEN, S.RETURNED), who=judges, reason=True, tells=tells_target,
           when=_sent, done="整改期限已延长。", undo=_stays)  # fmt: skip
def extend(finding: Finding, by, fix_by: dt.date):
    """The county gives a body more time to mend a finding, saying why.  [三3]"""
    _check_sent(finding)
    if fix_by <= finding.fix_by:
        raise RuleBroken(f"新的期限应晚于原来的{finding.fix_by:%-m月%-d日}。")
    finding.fix_by = fix_by
    return finding.state


@flow.move("撤销问题", start=(S.OPEN, S.ANSWERED, S.RETURNED), end=S.WITHDRAWN, who=found_or_county, reason=True,
           danger=True, tells=tells_target, done="已撤销这个问题。", undo=_stays_withdrawn)  # fmt: skip
def withdraw(finding: Finding, by):
    """Whoever found it takes a finding back that does not hold, or the county after it was sent.  [三3]"""
    _becomes(finding, by, S.WITHDRAWN)


def _becomes(finding: Finding, by: Actor, state: FindingState) -> None:
    """The inspection follows what becomes of its findings, so it must be known before it looks."""
    finding.state = state
    follow(finding.inspection, by)


def _follow_back(row, by: Actor, _line: HistoryLine) -> None:
    if isinstance(row, Finding):
        follow(row.inspection, by)


undo.when_undone(_follow_back)


def _check(target: Target, found: Found) -> None:
    if found.item and found.item.inspection_id != target.inspection_id:
        raise RuleBroken("请选择本次督查清单里的一项。")
    check_words(found.words, found.demand)
    _check_day(found.fix_by)


def _check_day(fix_by: dt.date) -> None:
    if fix_by < clock.today():
        raise RuleBroken("整改期限不能早于今天。")
