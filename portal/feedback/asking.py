"""The life cycle of a difficulty: a member asks the unit or the community, which answers in writing.  [三2]

It goes over to the other office once at most; the member may say once that it is not solved yet. The actor is never
the subject: nobody answers their own.
"""

from portal import clock, numbers
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.feedback import difficulty_queries as queries
from portal.feedback.models import Difficulty, DifficultyState, Side
from portal.flow import Flow, who
from portal.people.models import Member
from portal.registrations import queries as registrations
from portal.registrations.models import EndKind, Registration, TransferRequest
from portal.registrations.workflow import LEAVING
from portal.scheme import queries as scheme
from portal.telling import Tells, Topic, to_member

S = DifficultyState
OTHER = {Side.UNIT: Side.COMMUNITY, Side.COMMUNITY: Side.UNIT}
NOBODY = {Side.UNIT: "您所在单位没有别的联络员能答复", Side.COMMUNITY: "您报到的社区没有别的专干能答复"}
INSTEAD = {Side.UNIT: "请向社区求助。", Side.COMMUNITY: "请向所在单位求助。"}
flow = Flow(
    Difficulty, "这件求助", room="difficulties", noun="difficulty", visible_to=queries.visible_to,
    named=lambda row: f"求助{row.number}",
)  # fmt: skip
tells_member = Tells(Topic.FEEDBACK, lambda row: [to_member(row.member_id)])
tells_whither = Tells(Topic.FEEDBACK, lambda row: [to_member(row.member_id)], lambda row: f"现在由{row.holder}答复。")


@who("求助的本人")
def the_member(row: Difficulty, by: Actor) -> bool:
    """The member who asks."""
    return by.is_in(Role.MEMBER) and by.is_self(row.member_id)


@who("收到求助的单位联络员或社区专干（本人的除外）")
def holder_of(row: Difficulty, by: Actor) -> bool:
    """The office on whose desk it lies, never the member who asks."""
    if by.is_self(row.member_id):
        return False
    if row.held_by is Side.UNIT:
        return by.is_in(Role.LIAISON) and by.unit_id is not None and by.unit_id == row.unit_id
    return by.is_in(Role.CLERK) and by.community_id is not None and by.community_id == row.community_id


def sides_of(member: Member) -> list[Side]:
    """The offices that this member may ask: their unit's and their community's, where somebody else holds it today."""
    registration = registrations.current_of(member.id)
    places = {Side.UNIT: member.unit_id, Side.COMMUNITY: registration.community_id if registration else None}
    return [side for side, place in places.items() if queries.somebody_answers(side, place, member.id)]


def ask(member: Member, by: Actor, to: Side, told: str) -> Difficulty:
    """A member asks the unit or the community for help in a difficulty.  [三2]

    Raises NotYours, RuleBroken.
    """
    if not (by.is_in(Role.MEMBER) and by.is_self(member.id)):
        raise NotYours("求助由党员本人提出。")
    registration = registrations.current_of(member.id)
    if to is Side.COMMUNITY and registration is None:
        raise RuleBroken("您还没有到社区报到，请向所在单位求助。")
    if to not in (sides := sides_of(member)):
        raise RuleBroken(f"{NOBODY[to]}，{INSTEAD[to] if sides else '请联系上级党组织。'}")
    today = clock.today()
    serial = numbers.draw("difficulty", today.year)
    row = Difficulty(
        state=S.ASKED, number=numbers.address_number(today.year, serial), year=today.year, serial=serial,
        member=member, unit=member.unit, community=registration.community if registration else None, held_by=to,
        asked_on=today, answer_by=_due(),
    )  # fmt: skip
    row.told = told
    db.session.add(row)
    flow.opened(row, by, "ask", "求助")
    return row


@flow.move("答复", start=(S.ASKED, S.UNSOLVED), end=S.ANSWERED, who=holder_of, tells=tells_member,
           done="已答复，本人在消息里看到。", undo=True)  # fmt: skip
def answer(row: Difficulty, by, words: str):
    """A liaison or a clerk answers a member's difficulty in writing.  [三2]"""
    if not words:
        raise RuleBroken("请写下答复。")
    if row.state is S.UNSOLVED:
        row.last_answer = words
    else:
        row.answer = words
    row.answered_on = clock.today()


def _may_go_over(row: Difficulty, _by: Actor) -> bool:
    """Once only, and only where there is another office, in which somebody but the member answers."""
    if row.handed_on is not None:
        return False
    other = OTHER[row.held_by]
    place = row.unit_id if other is Side.UNIT else row.community_id
    return queries.somebody_answers(other, place, row.member_id)


@flow.move("转交", start=S.ASKED, end=S.ASKED, who=holder_of, when=_may_go_over, tells=tells_whither,
           done="已转交，由对方答复；本人收到消息。")  # fmt: skip
def hand_on(row: Difficulty, by, words: str):
    """A liaison or a clerk hands a difficulty over to the other office, which can do more.  [三2]"""
    if row.handed_on is not None:
        raise RuleBroken("已经转交过一次，请直接答复。")
    if not _may_go_over(row, by):
        raise RuleBroken("对方没有能答复的人：本人还没有到社区报到，或者那里没有别的同志，请直接答复。")
    row.held_by, row.handed_on, row.handed_words = OTHER[row.held_by], clock.today(), words
    row.answer_by = _due()


@flow.move("还没有解决", start=S.ANSWERED, end=S.UNSOLVED, who=the_member,
           when=lambda row, by: row.unsolved_on is None, done="已告诉对方，会再次书面答复您。")  # fmt: skip
def reopen(row: Difficulty, by, words: str):
    """A member says once that a difficulty is not solved yet, and what is missing.  [三2]"""
    if row.unsolved_on is not None:
        raise RuleBroken("已经提过一次；还有困难的，请另提一件求助。")
    row.unsolved_on, row.unsolved_words, row.answer_by = clock.today(), words, _due()


@flow.move("撤回求助", start=(S.ASKED, S.UNSOLVED), end=S.WITHDRAWN, who=the_member, danger=True, done="已撤回。")
def withdraw(row: Difficulty, by):
    """A member takes a difficulty back that is not answered yet.  [三2]"""


def follow_unit(request: TransferRequest, by: Actor) -> None:
    """What follows a change of unit: what lies open goes along to the new one, which answers from now on."""
    for row in queries.open_of(request.member_id):
        row.unit = request.to_unit
        flow.noted(row, by, "follow", "随单位变更", row.state)


def end_with(registration: Registration, by: Actor) -> None:
    """What follows when a member leaves the roster: nobody would read an answer any more."""
    if registration.end_kind in LEAVING:
        for row in queries.open_of(registration.member_id):
            before, row.state = row.state, S.WITHDRAWN
            flow.noted(row, by, "withdraw", "随离册结束", before, _why(registration.end_kind))


def foreseen(member: Member) -> str:
    """What leaving would end."""
    count = len(queries.open_of(member.id))
    return f"离册的，{count} 件还没有答复的求助随之结束。" if count else ""


def _why(kind: EndKind | None) -> str:
    return kind.label if kind else ""


def _due():
    today = clock.today()
    return scheme.due(today, scheme.year_of(today).difficulty_answer_workdays)
