"""The life cycle of a note (重要情况随时反馈): sent at once to unit, supervisor and member, acknowledged by the unit.

What is of weight does not wait until the member has answered, so nobody learns it later than the member does: the
member is told in the same moment, may reply within the days set, and the reply stands beside the note for good.
"""

import datetime as dt
from dataclasses import dataclass

from portal import clock, numbers
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.evaluations import queries, workflow
from portal.evaluations.models import Handling, Note, NoteKind, NoteState
from portal.evaluations.workflow import (
    clerk_of,
    liaison_of,
    supervisor_of,
    the_member,
    town_of,
)
from portal.extensions import db
from portal.flow import Flow
from portal.numbers import PaperState
from portal.people.names import surname_of
from portal.registrations import queries as registrations
from portal.registrations.models import Registration
from portal.telling import Tells, Topic, tell, to_member, to_office

S = NoteState
CARD = "evaluation-note"
LIVE = (S.SENT, S.ACKNOWLEDGED)
flow = Flow(
    Note, "这份随时反馈", room="evaluations.notes", noun="note", visible_to=queries.notes_visible_to,
    named=lambda row: f"重要情况随时反馈（{row.kind.label}）", of_year=lambda row: row.year,
)  # fmt: skip
tells_member = Tells(Topic.EVALUATION, lambda row: [to_member(row.member_id)])
tells_office = Tells(Topic.EVALUATION, lambda row: [to_office(Role.LIAISON, unit_id=row.unit_id)])
tells_both = Tells(
    Topic.EVALUATION, lambda row: [to_member(row.member_id), to_office(Role.LIAISON, unit_id=row.unit_id)]
)


@dataclass(frozen=True)
class Happened:
    """What happened, on which day, and whether it is commendable or concerning."""

    kind: NoteKind
    day: dt.date
    words: str


def send(registration: Registration, by: Actor, happened: Happened) -> Note:
    """A clerk feeds back at once what is of weight on a member received in the community.  [二(二)4]

    Raises NotYours where the member is not the community's, or the clerk's self; RuleBroken for a day to come.
    """
    own = by.is_in(Role.CLERK) and by.community_id == registration.community_id
    if not own or by.is_self(registration.member_id):
        raise NotYours("随时反馈由本社区专干办理，本人的除外。")
    if registrations.current_of(registration.member_id) is not registration:
        raise RuleBroken(f"{registration.member.name}现在不在本社区报到。")
    today = clock.today()
    if happened.day > today:
        raise RuleBroken("日期不能在今天以后。")
    workflow.check_wording(happened.words)
    row = _new(registration, today, happened)
    row.sent_by = by.shown
    db.session.add(row)
    flow.opened(row, by, "send", "随时反馈", tells=tells_member)
    numbers.issue(CARD, row.year, row.serial, 1, row.id, surname_of(row.member.name), row.community.name)
    return row


def _new(registration: Registration, today: dt.date, happened: Happened) -> Note:
    serial, unit = numbers.draw(CARD, today.year), registration.member.unit
    row = Note(
        state=S.SENT, number=numbers.address_number(today.year, serial), year=today.year, serial=serial,
        kind=happened.kind, day=happened.day, member=registration.member, registration=registration, unit=unit,
        supervisor=unit.supervisor, community=registration.community, sent_on=today, reply_by=workflow.reply_by(today),
    )  # fmt: skip
    row.words = happened.words
    return row


def _may_reply(row: Note, _by: Actor | None = None) -> bool:
    return row.reply_sealed is None and clock.today() <= row.reply_by


@flow.move("说明", start=LIVE, end=LIVE, who=the_member, when=_may_reply, tells=tells_office,
           done="已记下，单位和社区都看得到。")  # fmt: skip
def reply(row: Note, by, reply: str):
    """The member says how it was, in their own words.  [二(一)]"""
    if not _may_reply(row):
        said = row.reply_sealed is not None
        raise RuleBroken("您已经说明过了。" if said else f"说明截至{row.reply_by:%-m月%-d日}，已经过了期限。")
    workflow.check_wording(reply)
    row.reply, row.replied_on = reply, clock.today()
    return row.state


@flow.move("回执", start=S.SENT, end=S.ACKNOWLEDGED, who=liaison_of, stand_in=supervisor_of,
           done="回执已交给社区。", undo=True)  # fmt: skip
def acknowledge(row: Note, by, handling: Handling, told: bool):
    """The unit says how it handled what it was told, and whether it spoke with the member.  [二(三)3]"""
    row.handling, row.told = handling, told
    row.acknowledged_on, row.acknowledged_by = clock.today(), by.shown
    if told:
        tell(Topic.EVALUATION, [to_member(row.member_id)], row, by, acknowledge.label)


@flow.move("撤回", start=LIVE, end=S.WITHDRAWN, who=clerk_of, stand_in=town_of, reason=True, danger=True,
           tells=tells_both, done="已撤回，反馈卡作废；需要的，另写一份。", undo=True)  # fmt: skip
def withdraw(row: Note, by):
    """A clerk takes back a note that was wrong; the paper is void, the trace stays.  [二(二)4]"""
    numbers.set_aside(CARD, row.id, PaperState.CANCELLED)
