"""The life cycle of a yearly evaluation: graded by the community, sent to unit and supervisor, acknowledged by a slip.

The actor is never the subject: a clerk who is a member too is evaluated by a colleague or the town, a liaison's own
slip is another liaison's or the supervisor's. No grade is ever suggested. What was sent is frozen: it is replied to and
answered, or withdrawn and written anew.
"""

import datetime as dt
from collections.abc import Collection

from portal import clock, numbers, undo, wording
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.evaluations import evidence, queries
from portal.evaluations.models import TOLD, Evaluation, EvaluationState, EvaluationUse, Grade, Handling, Use
from portal.extensions import db
from portal.flow import Flow, who
from portal.history import HistoryLine
from portal.numbers import PaperState
from portal.people.names import surname_of
from portal.registrations import queries as registrations
from portal.registrations.models import Registration
from portal.scheme import queries as scheme
from portal.telling import Tells, Topic, tell, to_member, to_office

S = EvaluationState
CARD = "evaluation-card"
flow = Flow(
    Evaluation, "这份评议", room="evaluations", noun="evaluation", visible_to=queries.visible_to,
    named=lambda row: f"{row.year}年现实表现评议", of_year=lambda row: row.year,
)  # fmt: skip
tells_member = Tells(Topic.EVALUATION, lambda row: [to_member(row.member_id)])
tells_both = Tells(
    Topic.EVALUATION, lambda row: [to_member(row.member_id), to_office(Role.LIAISON, unit_id=row.unit_id)]
)
tells_until_when = Tells(
    Topic.EVALUATION, lambda row: [to_member(row.member_id)],
    lambda row: f"有话要说的，{row.reply_by:%-m月%-d日}以前可以写说明。",
)  # fmt: skip


@who("本社区专干（本人的除外）")
def clerk_of(row: Evaluation, by: Actor) -> bool:
    """A clerk of the community, who is not its subject."""
    return by.is_in(Role.CLERK) and by.community_id == row.community_id and not by.is_self(row.member_id)


@who("所属镇党委")
def town_of(row: Evaluation, by: Actor) -> bool:
    """The town above the community, standing in for a clerk on record."""
    above = by.is_in(Role.TOWN) and by.supervisor_id == row.community.town_id
    return above and not by.is_self(row.member_id)


@who("本人")
def the_member(row: Evaluation, by: Actor) -> bool:
    """The member who is evaluated."""
    return by.is_in(Role.MEMBER) and by.is_self(row.member_id)


@who("所在单位联络员（本人的除外）")
def liaison_of(row: Evaluation, by: Actor) -> bool:
    """A liaison of the unit to which it was sent, who is not its subject."""
    return by.is_in(Role.LIAISON) and by.unit_id == row.unit_id and not by.is_self(row.member_id)


@who("主管部门（限联络员本人的）")
def supervisor_of(row: Evaluation, by: Actor) -> bool:
    """The supervisor to which it was sent, where the subject is the unit's own liaison."""
    above = by.is_in(Role.DEPARTMENT, Role.TOWN) and by.supervisor_id == row.supervisor_id
    return above and not by.is_self(row.member_id) and row.member_id in registrations.liaisons_among([row.member_id])


@flow.move("评议", start=S.DRAFT, end=S.DRAFT, who=clerk_of, stand_in=town_of, done="已记下，还没有反馈。", undo=True)
def grade(row: Evaluation, by, grade_id: int, performance: str = "", advice: str = ""):
    """A clerk writes down how the member did in the community, and what is advised.  [二(二)4]"""
    chosen = db.session.get(Grade, grade_id)
    if chosen is None or not chosen.active:
        raise RuleBroken("请从列出的等次中选择。")
    if chosen.needs_text and not performance:
        raise RuleBroken(f"“{chosen.label}”请写明现实表现。")
    check_wording(performance, advice)
    row.grade, row.performance, row.advice = chosen, performance, advice


def grade_alike(row: Evaluation, by: Actor, chosen: Grade) -> None:
    """A clerk gives one of many drafts a grade that many may have; one that was graded already stays as it is.

    Raises RuleBroken for such a one.
    """
    if row.grade is not None:
        raise RuleBroken(f"已评为“{row.grade.label}”，要改的请单独修改。")
    grade(row, by, grade_id=chosen.id, performance=row.performance or "", advice=row.advice or "")


@flow.move("自我评价", start=S.DRAFT, end=S.DRAFT, who=the_member, done="已交给社区，反馈以前都可以修改。")
def assess(row: Evaluation, by, self_assessment: str):
    """The member says how the year was, in their own words, where they wish to.  [二(一)]"""
    check_wording(self_assessment)
    row.self_assessment = self_assessment


def _is_ready(row: Evaluation, _by: Actor | None = None) -> bool:
    return row.grade_id is not None and not row.lacks_words


@flow.move("反馈", start=S.DRAFT, end=S.SENT, who=clerk_of, stand_in=town_of, when=_is_ready, tells=tells_until_when,
           done="已反馈给单位和主管部门，本人也看得到。", undo=True)  # fmt: skip
def send(row: Evaluation, by):
    """A clerk sends the evaluation to the member's unit and its supervisor; from now on it is frozen.  [二(二)4]"""
    if row.grade is None:
        raise RuleBroken("还没有评定等次。")
    if row.lacks_words:
        raise RuleBroken(f"“{row.grade.label}”请写明现实表现。")
    today, unit = clock.today(), row.member.unit
    row.unit, row.supervisor = unit, unit.supervisor
    row.facts = evidence.of_one(row).written()
    row.sent_on, row.sent_by = today, by.shown
    row.reply_by = reply_by(today)
    serial = numbers.draw(CARD, row.year)
    numbers.issue(CARD, row.year, serial, 1, row.id, surname_of(row.member.name), row.community.name)


def _may_reply(row: Evaluation, _by: Actor | None = None) -> bool:
    return row.reply_sealed is None and row.reply_by is not None and clock.today() <= row.reply_by


@flow.move("说明", start=TOLD, end=TOLD, who=the_member, when=_may_reply, done="已交给社区，社区会书面答复。")
def reply(row: Evaluation, by, reply: str):
    """The member says what they have to say of it, within the days set.  [二(一)]"""
    if row.reply_sealed is not None:
        raise RuleBroken("您已经说明过了。")
    if not _may_reply(row):
        raise RuleBroken(f"说明截至{row.reply_by:%-m月%-d日}，已经过了期限。")
    check_wording(reply)
    row.reply, row.replied_on = reply, clock.today()
    return row.state


def _waits_for_answer(row: Evaluation, _by: Actor | None = None) -> bool:
    return row.reply_sealed is not None and row.answer_sealed is None


@flow.move("答复", start=TOLD, end=TOLD, who=clerk_of, stand_in=town_of, when=_waits_for_answer, tells=tells_both,
           done="已答复，本人和单位都看得到。", undo=True)  # fmt: skip
def answer(row: Evaluation, by, answer: str):
    """A clerk answers in writing what the member had to say.  [二(二)4]"""
    if not _waits_for_answer(row):
        raise RuleBroken("没有等待答复的说明。")
    check_wording(answer)
    row.answer, row.answered_on = answer, clock.today()
    return row.state


@flow.move("回执", start=S.SENT, end=S.ACKNOWLEDGED, who=liaison_of, stand_in=supervisor_of,
           done="回执已交给社区。", undo=True)  # fmt: skip
def acknowledge(row: Evaluation, by, uses: Collection[Use], handling: Handling, told: bool):
    """The unit says what it made of the evaluation, and whether the member was told.  [二(三)3] [三3]"""
    if not uses or (Use.NONE in uses and len(uses) > 1):
        raise RuleBroken("请选择结果运用；选了“无”的，不再选其他。")
    row.uses = [EvaluationUse(use=use) for use in Use if use in uses]
    row.handling, row.told = handling, told
    row.acknowledged_on, row.acknowledged_by = clock.today(), by.shown
    if told:
        tell(Topic.EVALUATION, [to_member(row.member_id)], row, by, acknowledge.label)


@flow.move("撤回重评", start=TOLD, end=S.WITHDRAWN, who=clerk_of, stand_in=town_of, reason=True, danger=True,
           tells=tells_both, done="已撤回，反馈卡作废；新的一份已开，改好以后再反馈。", undo=True)  # fmt: skip
def withdraw(row: Evaluation, by):
    """A clerk takes back what was wrong; the new one, which names it, begins with its words.  [二(二)4]"""
    numbers.set_aside(CARD, row.id, PaperState.CANCELLED)
    row.state = S.WITHDRAWN
    db.session.flush()  # there is one a member, year and community that stands
    anew = new_draft(row.year, row.registration)
    anew.replaces, anew.grade, anew.performance, anew.advice = row, row.grade, row.performance, row.advice
    anew.self_assessment = row.self_assessment
    opened(anew, by)


@flow.move("不作评议", start=S.DRAFT, end=S.WITHDRAWN, who=clerk_of, stand_in=town_of, reason=True, danger=True,
           done="已记下，今年不作评议。", undo=True)  # fmt: skip
def drop(row: Evaluation, by):
    """A clerk leaves out who can't be evaluated this year, saying why.  [二(二)4]"""


def _was_dropped(row: Evaluation, _by: Actor | None = None) -> bool:
    return row.sent_on is None


@flow.move("恢复评议", start=S.WITHDRAWN, end=S.DRAFT, who=clerk_of, stand_in=town_of, when=_was_dropped,
           done="已恢复，可以评议。")  # fmt: skip
def resume(row: Evaluation, by):
    """A clerk takes up again whom they had left out; what was sent is written anew instead.  [二(二)4]"""
    if not _was_dropped(row) or queries.another_stands(row):
        raise RuleBroken("这位党员另有一份评议，请在那一份上办理。")


def new_draft(year: int, registration: Registration) -> Evaluation:
    """A draft for whom a registration received, not yet in the history."""
    serial, unit = numbers.draw("evaluation", year), registration.member.unit
    return Evaluation(
        state=S.DRAFT, number=numbers.address_number(year, serial), year=year, serial=serial,
        member=registration.member, registration=registration, unit=unit, supervisor=unit.supervisor,
        community=registration.community, opened_on=clock.today(),
    )  # fmt: skip


def opened(row: Evaluation, by: Actor) -> None:
    """Write down that a draft was opened."""
    db.session.add(row)
    flow.opened(row, by, "open", "发起评议")


def reply_by(day: dt.date) -> dt.date:
    """Until when a member may reply to what was sent on a day."""
    return day + dt.timedelta(days=scheme.year_of(day).evaluation_reply_days)


def check_wording(*texts: str) -> None:
    """What goes to a unit's files names no resident, no telephone and no address."""
    if found := [sentence for text in texts if text for sentence in wording.problems(text)]:
        raise RuleBroken("".join(dict.fromkeys(found)))


def _leave_a_trace(row: Evaluation, by: Actor, line: HistoryLine) -> None:
    """A draft opened by an act that was undone stays used: its number is not given again."""
    before, row.state, row.replaces = row.state, S.WITHDRAWN, None
    flow.noted(row, by, "drop", f"撤销：{line.label}"[:32], before)


undo.instead_of_deleting(Evaluation, _leave_a_trace)
