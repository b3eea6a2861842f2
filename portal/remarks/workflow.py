"""The life cycle of a remark: praise is passed on; a concern is put to the member before anything is found of it.

The actor is never the subject: a remark on a clerk who is a member too is handled by a colleague or by the town.
"""

from dataclasses import dataclass

from portal import clock, numbers, wording
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.people.models import Community
from portal.people.names import shown_name, tidy_name
from portal.remarks import queries
from portal.remarks.models import Finding, Remark, RemarkKind, RemarkSource, RemarkState
from portal.scheme import queries as scheme
from portal.telling import Tells, Topic, tell, to_member
from portal.wishes.models import Wish

S = RemarkState
flow = Flow(
    Remark, "这条群众意见", room="remarks", noun="remark", visible_to=queries.visible_to,
    named=lambda remark: f"群众意见{remark.number}",
)  # fmt: skip
_whom_it_is_about = Tells(Topic.REMARK, lambda remark: [to_member(remark.member_id)])


@dataclass(frozen=True)
class Told:
    """What a resident says: praise or concern, of which service, in which community, and who says it."""

    kind: RemarkKind
    community: Community
    told: str
    about: str
    name: str
    phone: str = ""
    wish_number: str = ""


@who("本社区专干（本人的除外）")
def clerk_of(remark: Remark, by: Actor) -> bool:
    """A clerk of the community, whom the remark is not about."""
    return by.is_in(Role.CLERK) and by.community_id == remark.community_id and not by.is_self(remark.member_id)


@who("所属镇党委")
def town_of(remark: Remark, by: Actor) -> bool:
    """The town above the community, standing in for a clerk on record."""
    above = by.is_in(Role.TOWN) and by.supervisor_id == remark.community.town_id
    return above and not by.is_self(remark.member_id)


@who("所说的党员本人")
def the_member(remark: Remark, by: Actor) -> bool:
    """The member to whom a concern was put."""
    return by.is_in(Role.MEMBER) and by.is_self(remark.member_id)


def _is(kind: RemarkKind):
    return lambda remark, by: remark.kind is kind


def _may_settle(remark: Remark, _by: Actor) -> bool:
    """A concern put to a member waits until they have answered, or until the day is over."""
    return remark.state is not S.PUT or clock.today() > remark.answer_by


def submit(told: Told, by: Actor, source: RemarkSource) -> Remark:
    """A resident tells the community what they think of a service, or a clerk takes it down.  [二(一)]

    Raises RuleBroken when the wish named is none of the community's.
    """
    if source is not RemarkSource.WALL and not (by.is_in(Role.CLERK) and by.community_id == told.community.id):
        raise NotYours("群众意见由本社区专干代为登记。")
    year = clock.today().year
    serial = numbers.draw("remark", year)
    remark = Remark(
        state=S.SUBMITTED, number=numbers.address_number(year, serial), year=year, serial=serial, kind=told.kind,
        source=source, community=told.community, wish=_wish(told), shown_name=shown_name(told.name),
        submitted_on=clock.today(), entered_by_user_id=by.user_id,
    )  # fmt: skip
    remark.told, remark.about = told.told, told.about
    remark.name, remark.phone = tidy_name(told.name), told.phone
    db.session.add(remark)
    flow.opened(remark, by, "submit", "提出")
    return remark


@flow.move("转达表扬", start=S.SUBMITTED, end=S.SETTLED, who=clerk_of, stand_in=town_of, when=_is(RemarkKind.PRAISE),
           done="已转达，党员在消息里看到。", undo=True)  # fmt: skip
def thank(remark: Remark, by, member_id: int, words: str):
    """A clerk passes a resident's praise on to the member, without saying who the resident is.  [二(二)4]"""
    if remark.kind is not RemarkKind.PRAISE:
        raise RuleBroken("这是一条意见，请先请党员说明情况。")
    _put_to(remark, by, member_id, words)
    _end(remark, "已转达给党员本人，谢谢您的肯定。")
    tell(Topic.REMARK, [to_member(member_id)], remark, by, thank.label)


@flow.move("请党员说明", start=S.SUBMITTED, end=S.PUT, who=clerk_of, stand_in=town_of, when=_is(RemarkKind.CONCERN),
           done="已请党员说明，到期没有说明的，由社区答复居民。", undo=True)  # fmt: skip
def put(remark: Remark, by, member_id: int, words: str):
    """A clerk puts a concern to the member it is about, who may answer before anything is found.  [二(二)4]"""
    if remark.kind is not RemarkKind.CONCERN:
        raise RuleBroken("这是一条表扬，请直接转达。")
    _put_to(remark, by, member_id, words)
    today = clock.today()
    remark.answer_by = scheme.due(today, scheme.year_of(today).remark_answer_workdays)


@flow.move("说明情况", start=S.PUT, end=S.ANSWERED, who=the_member, done="已告诉社区，社区会答复居民。")
def answer(remark: Remark, by, reply: str):
    """The member says how it was, in their own words.  [二(二)4]"""
    remark.reply = reply


@flow.move("答复居民", start=(S.SUBMITTED, S.PUT, S.ANSWERED), end=S.SETTLED, who=clerk_of, stand_in=town_of,
           when=_may_settle, tells=_whom_it_is_about, done="已记下答复，请电话或上门告诉居民。",
           undo=True)  # fmt: skip
def settle(remark: Remark, by, outcome: str, finding: Finding | None = None):
    """A clerk writes down what was found and what the resident is told.  [二(二)4]"""
    if not _may_settle(remark, by):
        raise RuleBroken(f"{remark.member.name}还可以说明到{remark.answer_by:%-m月%-d日}，过了这一天才能直接答复。")
    if remark.kind is RemarkKind.CONCERN and remark.member_id is not None and finding is None:
        raise RuleBroken("请选择核实的结果。")
    remark.finding = finding if remark.member_id is not None else None
    _check_wording(remark, outcome)
    _end(remark, outcome)


@flow.move("不予受理", start=S.SUBMITTED, end=S.DECLINED, who=clerk_of, stand_in=town_of, danger=True,
           done="已记下，请告诉居民为什么。", undo=True)  # fmt: skip
def decline(remark: Remark, by, outcome: str):
    """A clerk declines what is not about a service, saying why; private life is nobody's business here.  [二(二)4]"""
    _end(remark, outcome)


def _put_to(remark: Remark, by: Actor, member_id: int, words: str) -> None:
    if by.is_self(member_id):
        raise RuleBroken("说的是您本人，请由另一位专干或镇党委办理。")
    if member_id not in {key for key, _ in queries.may_be_about(remark)}:
        raise RuleBroken("请选择在本社区报到或办理过这条心愿的党员。")
    _check_wording(remark, words)
    remark.member_id, remark.words = member_id, words


def _check_wording(remark: Remark, words: str) -> None:
    if found := wording.problems(words, remark.name or ""):
        raise RuleBroken("".join(dict.fromkeys(found)))


def _end(remark: Remark, outcome: str) -> None:
    remark.outcome, remark.ended_at = outcome, clock.now()


def _wish(told: Told) -> Wish | None:
    if not told.wish_number:
        return None
    wish = db.session.scalar(db.select(Wish).where(Wish.number == told.wish_number))
    # Of another community's wish a stranger learns no more than of none.
    if wish is None or wish.community_id != told.community.id:
        raise RuleBroken("没有这个受理号的心愿，或者它不在您选的社区；不清楚可以不填。")
    return wish
