"""The life cycle of a support (结对帮扶): proposed by the community, accepted by the member, ended with a reason."""

from sqlalchemy import select

from portal import clock, undo
from portal.accounts.queries import members_with_login
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.history import HistoryLine
from portal.households import holding, queries
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit, VisitPerson
from portal.households.rights import clerk_of, clerk_of_another, the_leader, the_supporter
from portal.people.holding import hold_members
from portal.people.models import Member
from portal.teams.queries import received
from portal.telling import Tells, Topic, to_member, to_office

S = SupportState
flow = Flow(
    Support, "这项结对", room="households", noun="support", shown_on=lambda support: support.household,
    named=lambda support: f"联系对象{support.household.number}的结对帮扶", visible_to=queries.supports,
    first=lambda support, by, asked: _hold_first(support, **asked),
)  # fmt: skip
_office = Tells(
    Topic.HOUSEHOLD, lambda support: [to_office(Role.CLERK, community_id=support.household.community_id)]
)  # fmt: skip
_both = Tells(
    Topic.HOUSEHOLD,
    lambda support: [
        to_member(support.member_id), to_office(Role.CLERK, community_id=support.household.community_id)
    ],
)  # fmt: skip
_all = Tells(Topic.HOUSEHOLD, lambda support: [to_member(each.member_id) for each in support.household.active_supports])


def _over(support: Support, _by: Actor) -> str:
    """What keeps a support from being taken up again: the file is closed, or the member is registered here no more."""
    household = support.household
    if household.state is not HouseholdState.ACTIVE:
        return "这一户已结束帮扶，不能撤销。"
    return "" if received(support.member_id, household.community_id) else "这位党员已不在本社区报到，不能撤销。"


def _visited_since(support: Support, by: Actor) -> str:
    """What keeps an agreement from being undone: the member went there by it."""
    went = select(Visit.id).join(VisitPerson, VisitPerson.visit_id == Visit.id)
    mine = (Visit.household_id == support.household_id, VisitPerson.member_id == support.member_id)
    went = went.where(*mine, Visit.day >= support.since).limit(1)
    return "结对以后已有走访，不能撤销；要终止请结束结对。" if db.session.scalar(went) else _over(support, by)


@who("本社区专干（限没有账号的党员）")
def standing_in(support: Support, by: Actor) -> bool:
    """A clerk who answers for a member without a login, as the member said."""
    return clerk_of_another(support, by) and not members_with_login([support.member_id])


def propose(household: Household, member: Member, by: Actor, why: str = "", willing: bool = False) -> Support:
    """A clerk asks a member to support a household; for one without a login the clerk notes that they agreed.

    Raises NotYours, RuleBroken.  [二(一)4]
    """
    if not clerk_of(household, by):
        raise NotYours(f"结对由{clerk_of.label}安排。")
    if by.is_self(member.id):
        raise RuleBroken("不能安排您本人，请由另一位专干办理。")
    hold_members([member.id])
    holding.hold_open(household)
    if not received(member.id, household.community_id):
        raise RuleBroken("请从在本社区报到的党员中选择。")
    if any(each.member_id == member.id for each in household.live_supports):
        raise RuleBroken(f"{member.name}已经结对或正在等待答复，不必再请。")
    support = Support(
        state=S.PROPOSED, household=household, member=member, place=holding.free_place(household), willing=willing,
        why=why[:200] or None, leads=False, proposed_on=clock.today(), proposed_by=by.shown,
        proposed_by_user_id=by.user_id,
    )  # fmt: skip
    db.session.add(support)
    flow.opened(support, by, "propose", "请党员结对")
    if standing_in(support, by):
        support.stand_in = True
        accept(support, by)
    return support


@flow.move("同意结对", start=S.PROPOSED, end=S.ACTIVE, who=the_supporter, stand_in=standing_in, tells=_office,
           done="已结对，请每月至少走访一次。", undo=_visited_since)  # fmt: skip
def accept(support, by):
    """A member agrees to support the household; the first one leads.  [二(一)4]"""
    holding.hold_open(support.household)
    support.since = clock.today()
    support.leads = support.household.leading is None


@flow.move("谢绝", start=S.PROPOSED, end=S.ENDED, who=the_supporter, stand_in=standing_in, danger=True, tells=_office,
           done="已告诉社区，由社区另行安排。", undo=_over)  # fmt: skip
def decline(support, by, reason: str = ""):
    """A member declines, with or without saying why; nobody holds it against them.  [二(一)4]"""
    holding.let_go(support, f"谢绝{'：' + reason if reason else ''}")


@flow.move("撤回邀请", start=S.PROPOSED, end=S.ENDED, who=clerk_of_another, danger=True, done="已撤回。", undo=_over)
def withdraw(support, by):
    """A clerk takes back a proposal to somebody else, as long as the member has not answered.  [二(一)4]"""
    holding.let_go(support, "社区撤回")


def _follows(support: Support, _by: Actor) -> bool:
    return not support.leads


@flow.move("设为牵头人", start=S.ACTIVE, end=S.ACTIVE, who=clerk_of_another | the_leader, when=_follows, tells=_all,
           done="牵头人已更换。", undo=True)  # fmt: skip
def lead(support, by):
    """The leader passes the lead on, or a clerk gives it, to another of those who support the household.  [二(一)4]"""
    holding.hold_open(support.household)
    if support.leads:
        raise RuleBroken(f"{support.member.name}已经是牵头人。")
    if (leading := support.household.leading) is not None:
        leading.leads = False
        db.session.flush()  # a household has one leader at most, at every moment
    support.leads = True


@flow.move("结束结对", start=S.ACTIVE, end=S.ENDED, who=clerk_of_another | the_supporter, reason=True, danger=True,
           tells=_both, done="结对已结束，走访记录保留。", undo=_over)  # fmt: skip
def end(support, by, reason: str):
    """A supporter who can't go on, or a clerk, ends a support, saying why; another one is found.  [二(一)4]"""
    holding.let_go(support, reason)


@flow.move("更换帮扶人", start=S.ACTIVE, end=S.ENDED, who=clerk_of_another, reason=True, tells=_both, undo=_over,
           done="已更换，新的帮扶人同意后接着走访；档案和走访记录不变。")  # fmt: skip
def replace(support, by, member_id: int, reason: str):
    """A clerk lets another member take this one's place in one act; the file stays whole.  [二(一)4]"""
    holding.let_go(support, reason)
    member = db.session.get(Member, member_id)
    if member is None:
        raise RuleBroken("请从在本社区报到的党员中选择。")
    propose(support.household, member, by, why=f"接替{support.member.name}")


def _hold_first(support: Support, member_id: int | None = None, **_asked) -> None:
    """Whom it concerns, then the household before the support, as closing the file does."""
    hold_members({support.member_id, member_id} - {None})
    holding.hold(support.household)


def end_all(household: Household, by: Actor, why: str) -> None:
    """End every support of a household that is closed, as a consequence of it."""
    for support in holding.live_supports(household.id):
        _end_with(support, by, why)


def end_those(supports: list[Support], by: Actor, why: str) -> None:
    """End these supports as a consequence of their member's leaving; whom nobody supports now waits for the clerk."""
    for support in sorted(supports, key=lambda each: each.household_id):  # so that two at once don't wait in a ring
        holding.hold(support.household)
        if support.state is not S.ENDED:
            _end_with(support, by, why)


def _end_with(support: Support, by: Actor, why: str) -> None:
    before = support.state
    holding.let_go(support, why)
    flow.noted(support, by, "end", end.label, before, why)


def _end_undone(support: Support, by: Actor, undone: HistoryLine) -> None:
    """A support that an act opened which was undone stays on record as ended."""
    before = support.state
    holding.let_go(support, f"撤销：{undone.label}")
    flow.noted(support, by, "end", end.label, before, f"撤销：{undone.label}")


undo.instead_of_deleting(Support, _end_undone)
