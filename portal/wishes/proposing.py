"""Wishes proposed to members whom they fit: a place is held for the invited until they answer, or time is up.

[二(二)2]
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Date, Integer, Select, cast, null, select, type_coerce
from sqlalchemy.orm import joinedload

from portal import clock
from portal.actors import Actor
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.flow import who
from portal.registrations.models import Registration
from portal.scheme import queries as scheme
from portal.telling import Topic, tell, to_login, to_member
from portal.wishes import candidates, places, rights, workflow
from portal.wishes.models import Proposal, ProposalState, Wish, WishState
from portal.wishes.workflow import flow

S = WishState
WAITS = (S.PUBLISHED, S.CLAIMED)
WHY = 200  # characters of reasons that are kept


@who("受邀的党员")
def invited(wish: Wish, by: Actor) -> bool:
    """A registered member to whom the wish was proposed, whatever has become of it since."""
    return rights.registered_member(wish, by) and latest_for(wish, by) is not None


@who("牵头的党员")
def leading_member(wish: Wish, by: Actor) -> bool:
    """The member who leads, as long as everybody may know of the wish: of a delicate one only clerks tell others."""
    return rights.registered_member(wish, by) and rights.leader(wish, by) and wish.on_wall


def latest_for(wish: Wish, by: Actor) -> Proposal | None:
    """The last proposal of this wish to this member, in whatever state."""
    mine = [one for one in wish.proposals if by.member_id is not None and one.member_id == by.member_id]
    return mine[-1] if mine else None


def may_answer(wish: Wish, by: Actor) -> bool:
    """Whether a place is held for this member now."""
    invitation = places.invitation_of(wish, by.member_id)
    return invitation is not None and clock.now() < invitation.until


def has_invitations(wish: Wish, _by: Actor) -> bool:
    """Whether anybody has still to answer."""
    return bool(wish.invitations)


@flow.move("邀请党员", start=WAITS, end=WAITS, who=rights.clerk | leading_member,
           when=lambda wish, by: not wish.full, done="已邀请，名额为他们保留。", undo=True)  # fmt: skip
def propose(wish: Wish, by: Actor, people: Collection[int]):
    """A clerk proposes a wish to members whom it fits, or the leader to colleagues; places are held.  [二(二)2]"""
    free = places.free(wish)
    if wish.full or len(set(people)) > free:
        raise RuleBroken(f"现在只空着 {0 if wish.full else free} 个名额，一次不能邀请更多的人。")
    may_be_asked = {one.id: one for one in candidates.who_may_be_asked(wish, by)}
    if not people or not set(people) <= set(may_be_asked):
        raise RuleBroken("请从列出的党员中选择；名单刚有变动的，请重新选一次。")
    now = clock.now()
    until = now + dt.timedelta(hours=scheme.year_of(clock.today()).wish_proposal_hours)
    for one in dict.fromkeys(people):
        wish.proposals.append(Proposal(
            member_id=one, state=ProposalState.OPEN, why=may_be_asked[one].why[:WHY], at=now, until=until,
            by_user_id=by.user_id, by_name=by.shown,
        ))  # fmt: skip
    places.count(wish)
    return wish.state


@flow.move("接受", start=WAITS, end=S.CLAIMED, who=invited, when=may_answer, done="认领成功，请尽快与居民联系。")
def accept(wish, by):
    """A member takes the place that was held for them.  [二(二)2]"""
    _check_open(wish, by)
    _tell_who_asked(wish, places.invitation_of(wish, by.member_id), by, "接受邀请")
    workflow.take_place(wish, by, accept)


@flow.move("谢绝", start=WAITS, end=WAITS, who=invited, when=may_answer, done="已谢绝，名额让给别人。")
def decline(wish, by, words: str = ""):
    """A member declines, and says why or not; the place is free again.  [二(二)2]"""
    _check_open(wish, by)
    invitation = places.invitation_of(wish, by.member_id)
    invitation.words = words or None
    _free(invitation, ProposalState.DECLINED)
    _tell_who_asked(wish, invitation, by, "谢绝邀请")
    return wish.state


@flow.move("取消邀请", start=WAITS, end=WAITS, who=rights.clerk, when=has_invitations, danger=True,
           done="已取消，名额重新开放。", undo=True)  # fmt: skip
def recall(wish: Wish, by: Actor, people: Collection[int]):
    """A clerk takes invitations back before they are answered.  [二(二)2]"""
    waiting = {one.member_id: one for one in wish.invitations}
    if not people or not set(people) <= set(waiting):
        raise RuleBroken("所选的人刚刚答复过，请看看现在的情况。")
    for one in set(people):
        _free(waiting[one], ProposalState.WITHDRAWN)
    tell(Topic.WISH, map(to_member, people), wish, by, "取消邀请")
    return wish.state


@flow.move("邀请到期", start=WAITS, end=WAITS, who=rights.system)
def expire(wish: Wish, by: Actor, until: dt.datetime):
    """Time ends the invitations that nobody answered until this moment; the places are free again.  [二(二)2]"""
    for invitation in wish.invitations:
        if invitation.until <= until:
            _free(invitation, ProposalState.LAPSED)
            invitation.answered_at = until
            _tell_who_asked(wish, invitation, by, "邀请到期", f"{invitation.member.name}没有答复，名额重新开放。")
    return wish.state


def end_of_member(registration: Registration, by: Actor) -> None:
    """Nothing is asked any more of whoever leaves; what was held for them is free."""
    mine = (Proposal.member_id == registration.member_id, Proposal.state == ProposalState.OPEN)
    for invitation in db.session.scalars(select(Proposal).where(*mine)).all():
        _free(invitation, ProposalState.WITHDRAWN)
        wish = invitation.wish
        flow.noted(wish, by, "recall", "取消邀请", wish.state, "受邀人的报到已结束")


def told_of(wish: Wish, by: Actor) -> list[Proposal]:
    """Who was asked, as far as this person is told: offices of everybody, a leader of the own invitations."""
    if rights.clerk(wish, by) or rights.holder(wish, by):
        return wish.proposals
    return [one for one in wish.proposals if by.user_id is not None and one.by_user_id == by.user_id]


def waiting_for(by: Actor) -> Select:
    """Number and title of the wishes proposed to the member, and until when each waits; as `queries.due_of`."""
    no_day, no_days = type_coerce(null(), Date).label("finish_by"), cast(null(), Integer).label("days")
    columns = (Wish.number, Wish.title, no_day, Proposal.until, no_days)
    return select(*columns).join(Proposal).where(*_open_for(by))


def for_member(by: Actor) -> list[Proposal]:
    """The proposals that wait for this member's answer, the one that ends first on top."""
    rows = select(Proposal).where(*_open_for(by)).order_by(Proposal.until, Proposal.id)
    return list(db.session.scalars(rows.options(joinedload(Proposal.wish).joinedload(Wish.community))))


def _open_for(by: Actor) -> tuple:
    return Proposal.member_id == by.member_id, Proposal.state == ProposalState.OPEN, Proposal.until > clock.now()


def _check_open(wish: Wish, by: Actor) -> None:
    """Raise TooLate with what became of the invitation, when the member may not answer it any more."""
    if may_answer(wish, by):
        return
    proposal = latest_for(wish, by)
    if proposal.state in (ProposalState.OPEN, ProposalState.LAPSED):
        raise TooLate(f"这份邀请保留到 {clock.local(proposal.until):%-m月%-d日%H:%M}，已经到期。")
    raise TooLate(f"这份邀请现在是“{proposal.state.label}”，不能再答复。")


def _tell_who_asked(wish: Wish, invitation: Proposal, by: Actor, act: str, adds: str = "") -> None:
    tell(Topic.WISH, [to_login(invitation.by_user_id)], wish, by, act, adds=adds)


def _free(invitation: Proposal, state: ProposalState) -> None:
    places.settle(invitation, state)
    places.count(invitation.wish)
