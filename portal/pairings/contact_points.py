"""Contact points (领导联系点): a leading member adopts a community; unit or supervisor proposes, the clerk agrees.

The actor is never the subject: who is the leader themselves neither proposes nor agrees.
"""

from sqlalchemy import Select, select

from portal import clock
from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.pairings import concerned, queries
from portal.pairings.models import LIVE_POINTS, ContactPoint, ContactPointState
from portal.people.holding import hold_members
from portal.people.models import Community, Member, MemberStatus
from portal.people.queries import in_unit_scope

S = ContactPointState
PROPOSERS = (Role.LIAISON, Role.DEPARTMENT, Role.TOWN)
flow = Flow(ContactPoint, "这个联系点", room="pairings.contact_points", noun="point", named=concerned.point_name,
            visible_to=queries.contact_points)  # fmt: skip


def speaks_for(member: Member, by: Actor) -> bool:
    """Whether this person proposes for this member: liaison or supervisor of the unit, not the leader themselves."""
    liaison = by.is_in(Role.LIAISON) and same(member.unit_id, by.unit_id)
    above = by.is_in(Role.DEPARTMENT, Role.TOWN) and same(member.unit.supervisor_id, by.supervisor_id)
    return (liaison or above) and not by.is_self(member.id)


@who("所在单位联络员或主管部门（本人除外）")
def unit_of(row: ContactPoint, by: Actor) -> bool:
    """The liaison or supervisor of the leader's unit."""
    return speaks_for(row.member, by)


@who("社区专干（本人除外）")
def clerk_of(row: ContactPoint, by: Actor) -> bool:
    """A clerk of the community, who is not the leader."""
    return by.is_in(Role.CLERK) and same(row.community_id, by.community_id) and not by.is_self(row.member_id)


@who("社区专干（提出人、本人除外）")
def second_clerk(row: ContactPoint, by: Actor) -> bool:
    """A clerk of the community who did not propose it in another office."""
    return clerk_of(row, by) and not same(row.proposed_by_user_id, by.user_id)


def propose(member: Member, community: Community, by: Actor) -> ContactPoint:
    """Unit or supervisor proposes that a leading member adopts a community; the community agrees.  [二(三)2]

    Raises NotYours, RuleBroken.
    """
    if not speaks_for(member, by):
        raise NotYours(f"联系点只能由{unit_of.label}提出。")
    hold_members([member.id])
    _check_leads(member)
    if other := queries.live_point_of(member.id, community.id):
        raise RuleBroken(f"{member.name}在{community.name}的联系点已经有了（{other.state.label}），不必再提。")
    row = ContactPoint(
        member=member, community=community, proposed_on=clock.today(), proposed_by=by.shown,
        proposed_by_user_id=by.user_id, state=S.PROPOSED,
    )  # fmt: skip
    db.session.add(row)
    flow.opened(row, by, "propose", "提出联系点")
    return row


def _check_leads(member: Member) -> None:
    if member.status is not MemberStatus.ACTIVE or not member.leading:
        raise RuleBroken(f"{member.name}不是在册的领导干部，联系点由党员领导干部建立；名册有误的请先更正。")


@flow.move("同意联系点", start=S.PROPOSED, end=S.ACTIVE, who=second_clerk, tells=concerned.leader,
           done="联系点已建立。", undo=True)  # fmt: skip
def agree(row, by):
    """A clerk agrees that the leader adopts the community.  [二(三)2]"""
    _check_leads(row.member)
    row.agreed_on, row.agreed_by = clock.today(), by.shown


@flow.move("不同意", start=S.PROPOSED, end=S.DECLINED, who=second_clerk, reason=True, danger=True,
           tells=concerned.leader, undo=True)  # fmt: skip
def decline(row, by):
    """A clerk declines, saying why.  [二(三)2]"""
    row.ended_on = clock.today()


@flow.move("撤回", start=S.PROPOSED, end=S.ENDED, who=unit_of, done="已撤回。", undo=True)
def withdraw(row, by):
    """Unit or supervisor takes the proposal back as long as the community has not answered.  [二(三)2]"""
    row.ended_on = clock.today()


@flow.move("结束联系点", start=S.ACTIVE, end=S.ENDED, who=unit_of | clerk_of, reason=True, danger=True,
           tells=concerned.leader, undo=True)  # fmt: skip
def end(row, by):
    """Unit, supervisor or community ends a contact point, saying why.  [二(三)2]"""
    row.ended_on = clock.today()


def end_all(member_id: int, by: Actor, why: str) -> None:
    """End what is proposed or in force, as the leader left the roster."""
    for row in _live_of(member_id):
        before, row.state, row.ended_on = row.state, S.ENDED, clock.today()
        flow.noted(row, by, "end", "结束联系点", before, why, tells=concerned.leader)


def adopted_by(member_id: int) -> str:
    """The communities in which the end of all contact points of a member would end one, in words."""
    return "、".join(row.community.name for row in _live_of(member_id))


def _live_of(member_id: int) -> list[ContactPoint]:
    rows = select(ContactPoint).where(ContactPoint.member_id == member_id, ContactPoint.state.in_(LIVE_POINTS))
    return list(db.session.scalars(rows.order_by(ContactPoint.id)))


def leaders(by: Actor) -> Select:
    """The leading members for whom this person may propose, by name."""
    rows = select(Member).where(in_unit_scope(by, Member.unit_id), Member.status == MemberStatus.ACTIVE)
    others = (Member.leading.is_(True), Member.id.is_distinct_from(by.self_member_id))
    return rows.where(*others).order_by(Member.pinyin, Member.id)
