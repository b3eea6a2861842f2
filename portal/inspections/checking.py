"""On the spot: an item ticked with its evidence of that moment, what was seen at a body, and how it is graded.

What is written down at a body is no case of its own: it is a part of the inspection, and the trail says who wrote.
"""

import datetime as dt

from portal import audit, clock, wording
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.inspections import evidence
from portal.inspections.kinds import AssessmentGrade, CheckResult, InspectionState, Merit, NoticeState
from portal.inspections.models import Check, Inspection, InspectionItem, Target
from portal.inspections.rights import NAMED_IN, may_inspect
from portal.inspections.workflow import flow, hold

UNDERWAY = (InspectionState.UNDERWAY,)


def tick(
    target: Target, item: InspectionItem, by: Actor, result: CheckResult, comment: str | None = None,
    seen: str | None = None,
) -> Check:  # fmt: skip
    """The inspector ticks an item at a body; what the portal shows for it is kept as it stands now.

    `seen` is the version of the tick that the person saw ("" of none), the present one when it is None: nobody
    overwrites what they have not seen. Raises NotYours, RuleBroken, TooLate.  [三3]
    """
    check_open(target, by)
    if item.inspection_id != target.inspection_id or not item.asked_of.includes(target.kind):
        raise RuleBroken("这一项不查这类党组织。")
    check_words(comment)
    check = check_of(target, item)
    if seen not in (None, version_of(check)):
        raise TooLate("您填写时，另一位同志已记录了这一项，见上。请核对，再按一次“记录”即以您填写的为准。")
    if check is None:
        check = Check(item=item, version=0)
        target.checks.append(check)
    today = clock.today()
    if not target.inspection.is_assessment or check.evidence is None:
        until = target.inspection.counts_until(today)
        shown = evidence.draw([item.drawn], target, until)
        check.evidence, check.evidence_on = next(((each.words, until) for each in shown.values()), (None, None))
    check.result, check.comment = result, comment or None
    check.by_user_id, check.by_name = by.user_id, by.shown
    check.version += 1
    target.visited_on = target.visited_on or today
    db.session.flush()
    audit.write(by, "inspections.tick", target, fields=("result", "comment"))
    return check


def check_of(target: Target, item: InspectionItem) -> Check | None:
    """How an item was found at a body, None where nobody ticked it and nothing was set in."""
    return next((each for each in target.checks if each.item_id == item.id), None)


def version_of(check: Check | None) -> str:
    """The version of a tick as forms carry it, "" of none."""
    return str(check.version) if check else ""


def sum_up(target: Target, by: Actor, visited_on: dt.date, words: str | None = None) -> None:
    """The inspector says when a body was visited and what was seen there. Raises NotYours, RuleBroken.  [三3]"""
    check_open(target, by)
    inspection = target.inspection
    if visited_on > clock.today() or visited_on < inspection.starts_on:
        raise RuleBroken("督查日期应在督查开始的日期以后，不能晚于今天。")
    check_words(words)
    target.visited_on, target.words = visited_on, words or None
    audit.write(by, "inspections.sum_up", target, fields=("visited_on", "words"))


def grade(target: Target, by: Actor, grade: AssessmentGrade | None, grade_words: str | None) -> None:
    """The county grades a body in the year's assessment by a word with its reason, never by a mark.  [三3]"""
    check_grade(target, by)
    if grade and not grade_words:
        raise RuleBroken("请写明评定的理由。")
    check_words(grade_words)
    target.grade, target.grade_words, target.graded_by_user_id = grade, grade_words or None, by.user_id
    audit.write(by, "inspections.grade", target, fields=("grade", "grade_words"))


def name(target: Target, by: Actor, merit: Merit | None, merit_words: str | None) -> None:
    """The county decides that the result notice praises or criticises a branch, in words; persons are never named.

    Raises NotYours, RuleBroken.  [三3]
    """
    check_name(target, by)
    if merit and not merit_words:
        raise RuleBroken("请写明表扬或批评的事由。")
    check_words(merit_words)
    target.merit, target.merit_words = merit, (merit_words or None) if merit else None
    audit.write(by, "inspections.name", target, fields=("merit", "merit_words"))


def refresh(inspection: Inspection, by: Actor) -> None:
    """The county sets the figures of today into an assessment under way once more. Raises RuleBroken.  [三3]"""
    if not by.is_in(Role.COUNTY):
        raise NotYours("由县委组织部重新取数。")
    hold(inspection)
    if inspection.state is not InspectionState.UNDERWAY or not inspection.is_assessment:
        raise RuleBroken("只有正在进行的年度考核可以重新取数。")
    evidence.prefill(inspection, inspection.counts_until(clock.today()))
    flow.noted(inspection, by, "refresh", "重新取数", inspection.state)


def check_open(target: Target, by: Actor, held: bool = True, open_in: tuple[InspectionState, ...] = UNDERWAY) -> None:
    """Raise NotYours or RuleBroken where this person may not write anything down at this body now.

    Without `held` it is only looked at, for the form of what is written down.
    """
    if not may_inspect(target, by):
        raise NotYours("只有本次督查的督查员和县委组织部可以记录；本人所在的党组织由他人督查。")
    if held:
        hold(target.inspection)
    if target.inspection.state not in open_in:
        raise RuleBroken(f"这次督查现在是“{target.inspection.state.label}”，不能再记录。")


def check_grade(target: Target, by: Actor, held: bool = True) -> None:
    """Raise NotYours or RuleBroken where this person may not grade this body now."""
    _check_county(by)
    check_open(target, by, held)
    if not target.inspection.is_assessment:
        raise RuleBroken("只有年度考核评定等次。")


def check_name(target: Target, by: Actor, held: bool = True) -> None:
    """Raise NotYours or RuleBroken where this person may not have this branch praised or criticised now."""
    _check_county(by)
    check_open(target, by, held, NAMED_IN)
    notice = target.inspection.notice
    if notice and notice.state is NoticeState.PUBLISHED:
        raise RuleBroken("通报已印发，不能再改。")


def _check_county(by: Actor) -> None:
    if not by.is_in(Role.COUNTY):
        raise NotYours("由县委组织部决定。")


def check_words(*texts: str | None) -> None:
    """Raise RuleBroken where the words tell of somebody what they should not."""
    if found := [sentence for text in texts if text for sentence in wording.problems(text, says_where=True)]:
        raise RuleBroken("".join(dict.fromkeys(found)))
