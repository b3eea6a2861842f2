"""The life cycle of a suggestion: accepted by whom it is made to, passed on where that helps, answered in writing.

The actor is never the subject, and whoever wrote a suggestion down in a member's place neither accepts nor answers it.
"""

from dataclasses import dataclass

from portal import clock, numbers, wording, years
from portal.accounts.queries import members_with_login
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.labels import Category
from portal.people.models import Member
from portal.registrations import queries as registrations
from portal.scheme import queries as scheme
from portal.suggestions import queries
from portal.suggestions.models import Addressed, Suggestion, SuggestionState
from portal.telling import Addressee, Tells, Topic, to_member, to_office

S = SuggestionState
flow = Flow(
    Suggestion, "这条合理建议", room="suggestions", noun="suggestion", visible_to=queries.visible_to,
    named=lambda row: f"合理建议{row.number}" if wording.pieces(row.title) else f"合理建议“{row.title}”",
)  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """What a member proposes, and to whom."""

    addressed_to: Addressed
    title: str
    body: str
    category: Category | None = None


def _addressee(row: Suggestion) -> Addressee:
    if row.addressed_to is Addressed.TOWN:
        return to_office(Role.TOWN, supervisor_id=row.community.town_id)
    return to_office(Role.CLERK, community_id=row.community_id)


def _of_answer(row: Suggestion) -> str:
    return "建议已采纳。" if row.adopted else "建议没有采纳，原因见答复。"


tells_member = Tells(Topic.SUGGESTION, lambda row: [to_member(row.member_id)])
tells_whither = Tells(
    Topic.SUGGESTION, lambda row: [to_member(row.member_id)], lambda row: f"由{row.forwarded_to.name}答复。"
)
tells_of_answer = Tells(Topic.SUGGESTION, lambda row: [to_member(row.member_id), _addressee(row)], _of_answer)


def _apart(row: Suggestion, by: Actor) -> bool:
    """Not the subject, and nobody who wrote it down in the subject's place."""
    wrote = by.user_id is not None and by.user_id == row.entered_by_user_id
    return not wrote and not by.is_self(row.member_id)


@who("本人")
def the_member(row: Suggestion, by: Actor) -> bool:
    """The member whose suggestion it is."""
    return by.is_in(Role.MEMBER) and by.is_self(row.member_id)


@who("代为提出的社区专干")
def standing_in(row: Suggestion, by: Actor) -> bool:
    """A clerk of the community that wrote it down for a member without a login."""
    return (
        row.stand_in and by.is_in(Role.CLERK) and by.community_id == row.community_id and not by.is_self(row.member_id)
    )


@who("收建议的社区专干或镇党委（本人的、自己代提的除外）")
def addressee_of(row: Suggestion, by: Actor) -> bool:
    """A clerk of the community, or the town above it: whomever the suggestion is made to."""
    return _addressee(row).is_office_of(by) and _apart(row, by)


@who("转办的部门或镇党委（本人的除外）")
def forwarded_of(row: Suggestion, by: Actor) -> bool:
    """The body to which it was forwarded."""
    body = by.is_in(Role.TOWN, Role.DEPARTMENT) and by.supervisor_id is not None
    return body and by.supervisor_id == row.forwarded_to_id and _apart(row, by)


@who("县委组织部（本人的除外）")
def county_of(row: Suggestion, by: Actor) -> bool:
    """The county office, where nobody else moves."""
    return by.is_in(Role.COUNTY) and _apart(row, by)


def stands_in_for(member_id: int, community_id: int, by: Actor) -> bool:
    """Whether this person writes in the place of this member: a clerk of the community, for one without a login."""
    of_place = by.is_in(Role.CLERK) and by.community_id == community_id and not by.is_self(member_id)
    return of_place and not members_with_login([member_id])


def submit(member: Member, by: Actor, proposal: Proposal) -> Suggestion:
    """A member proposes something to the community or its town, or a clerk writes it down for one without a login.

    Raises NotYours, RuleBroken.  [二(一)2]
    """
    own = by.is_in(Role.MEMBER) and by.is_self(member.id)
    registration = registrations.current_of(member.id)
    if not own and not (registration and stands_in_for(member.id, registration.community_id, by)):
        raise NotYours("建议由本人提出；没有账号的党员，由报到社区的专干代提。")
    if registration is None:
        raise RuleBroken("您还没有到社区报到，报到以后才能提建议。")
    _check(proposal.title, proposal.body)
    today = clock.today()
    serial = numbers.draw("suggestion", today.year)
    row = Suggestion(
        state=S.SUBMITTED, number=numbers.address_number(today.year, serial), year=today.year, serial=serial,
        member=member, unit_id=member.unit_id, community=registration.community, submitted_on=today,
        answer_by=scheme.due(today, scheme.year_of(today).suggestion_answer_workdays),
        stand_in=not own, entered_by_user_id=None if own else by.user_id, **vars(proposal),
    )  # fmt: skip
    db.session.add(row)
    flow.opened(row, by, "submit", "提出建议", stand_in=not own)
    return row


@flow.move("受理", start=S.SUBMITTED, end=S.ACCEPTED, who=addressee_of, stand_in=county_of, tells=tells_member,
           done="已受理，请按期答复。", undo=True)  # fmt: skip
def accept(row: Suggestion, by):
    """The community or the town takes a suggestion up.  [二(一)2]"""


def _may_answer(row: Suggestion, by: Actor) -> bool:
    """Once forwarded it is the body's to answer, not the addressee's."""
    return row.state is not S.FORWARDED or forwarded_of(row, by) or county_of(row, by)


@flow.move("答复", start=(S.ACCEPTED, S.FORWARDED), end=S.ANSWERED, who=addressee_of | forwarded_of,
           stand_in=county_of, tells=tells_of_answer, when=_may_answer, done="已答复，本人在消息里看到。",
           undo=True)  # fmt: skip
def answer(row: Suggestion, by, adopted: bool, answer: str):
    """The community, the town or the body answers in writing, and says whether it will be done.  [二(一)2]"""
    if not _may_answer(row, by):
        raise RuleBroken(f"已转给{row.forwarded_to.name}，由对方答复；要自己答复，请先收回转办。")
    _check(answer)
    row.adopted, row.answer, row.answered_on = adopted, answer, clock.today()


@flow.move("转办", start=S.ACCEPTED, end=S.FORWARDED, who=addressee_of, stand_in=county_of, tells=tells_whither,
           done="已转办，对方答复以后您能看到。", undo=True)  # fmt: skip
def forward(row: Suggestion, by, forwarded_to_id: int):
    """The addressee forwards a suggestion to the body in whose hands it lies, which answers it.  [二(一)2]"""
    if forwarded_to_id not in {key for key, _ in queries.bodies_for(row)}:
        raise RuleBroken("请选择要转办的部门或镇党委。")
    row.forwarded_to_id = forwarded_to_id


@flow.move("退回", start=S.FORWARDED, end=S.ACCEPTED, who=forwarded_of, reason=True, danger=True, tells=tells_member,
           done="已退回，由原受理的社区或镇党委答复。")  # fmt: skip
def hand_back(row: Suggestion, by):
    """The body hands a suggestion back that is not in its hands, saying why.  [二(一)2]"""
    row.forwarded_to_id = None


@flow.move("收回转办", start=S.FORWARDED, end=S.ACCEPTED, who=addressee_of, stand_in=county_of, reason=True,
           danger=True, tells=Tells(Topic.SUGGESTION, lambda row: [to_member(row.member_id), *_body(row)]),
           done="已收回，请另行转办或直接答复。", undo=True)  # fmt: skip
def recall(row: Suggestion, by):
    """The addressee takes back what it had forwarded, to answer it or to forward it elsewhere.  [二(一)2]"""
    row.forwarded_to_id = None


def _body(row: Suggestion) -> list[Addressee]:
    """The body to which a suggestion was forwarded, in whichever role its people act."""
    key = row.forwarded_to_id
    return [to_office(role, supervisor_id=key) for role in (Role.DEPARTMENT, Role.TOWN)] if key else []


def _of_open_year(row: Suggestion, _by: Actor) -> bool:
    return not years.why_closed(row.year)


@flow.move("撤回", start=S.SUBMITTED, end=S.WITHDRAWN, who=the_member, stand_in=standing_in, when=_of_open_year,
           done="已撤回，可以修改后重新提出。")  # fmt: skip
def withdraw(row: Suggestion, by):
    """A member takes a suggestion back as long as nobody has taken it up.  [二(一)2]

    Not one of a closed year: it was counted there, and is answered like the others that went over.
    """
    years.check(row.year)


def _check(*texts: str) -> None:
    """Raise RuleBroken where the words tell of somebody what they should not; where something is, they may say."""
    if found := [sentence for text in texts for sentence in wording.problems(text, says_where=True)]:
        raise RuleBroken("".join(dict.fromkeys(found)))
