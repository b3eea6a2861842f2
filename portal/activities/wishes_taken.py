"""Wishes that an activity takes up: claimed in its name, done when it is settled, given back when it is called off.

The wish ends by its own ways: done, then confirmed by the resident or a clerk who took no part. Nobody is given hours
by it: whoever came has them from the activity alone.  [二(二)2]
"""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.activities import queries, rights
from portal.activities.models import Activity, ActivityState, ActivityWish, SignUpState
from portal.activities.settling import settle
from portal.activities.workflow import cancel, flow, postpone, when
from portal.actors import Actor
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.scheme import queries as scheme
from portal.telling import Topic, tell
from portal.wishes import concerned
from portal.wishes import places as helpers
from portal.wishes import rights as helping
from portal.wishes import workflow as wishing
from portal.wishes.models import PUBLIC, Claim, ClaimState, Wish, WishState

S = ActivityState
MOST = 20  # wishes of one activity
MOST_OFFERED = 200
IN_HAND = (S.PUBLISHED, S.HELD)
HELPED = (ClaimState.OPEN, ClaimState.FINISHED)


def _of_community(activity: Activity, _by: Actor) -> bool:
    return activity.community_id is not None and not rights.has_begun(activity)


def _has_some(activity: Activity, _by: Actor) -> bool:
    return bool(standing(activity))


@flow.move("带办微心愿", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.organiser, when=_of_community,
           done="已随活动办理；活动结算时一并登记为已办理。", undo=True)  # fmt: skip
def take_up(activity, by, wishes: Collection[int]):
    """A clerk takes wishes of the community up into an activity, by which they come true together.  [二(二)2]"""
    if not _of_community(activity, by):
        raise RuleBroken("只有本社区还没有开始的活动可以带办微心愿。")
    held = len(standing(activity))
    if not wishes or held + len(set(wishes)) > MOST:
        raise RuleBroken(f"请选择要带办的微心愿，一次活动最多 {MOST} 条。")
    for wish in _held(Wish.id.in_(wishes)):
        if wish.community_id != activity.community_id or not wish.on_wall:
            raise RuleBroken("请从本社区心愿墙上待认领的微心愿中选择。")
        if wish.state is not WishState.PUBLISHED:
            raise TooLate(f"微心愿 {wish.number} 现在是“{wish.state.label}”，请去掉它再办。")
        _take(activity, wish, by)


@flow.move("不再带办", start=IN_HAND, end=IN_HAND, who=rights.organiser, reason=True, danger=True, when=_has_some,
           done="已退回心愿墙，重新等待认领。", undo=True)  # fmt: skip
def drop_wish(activity, by, wish_id: int, reason):
    """A clerk gives a wish back that the activity can't see to, saying why; it waits on the wall again.  [二(二)2]"""
    row = next((each for each in standing(activity) if each.claim.wish_id == wish_id), None)
    if row is None:
        raise RuleBroken("请从这次活动带办的微心愿中选择。")
    _give_back(row, by, reason)
    return activity.state


def give_all_back(activity: Activity, by: Actor) -> None:
    """What an activity that is called off had taken up waits on the wall again.  [二(二)2]"""
    for row in standing(activity):
        _give_back(row, by, f"活动取消：{activity.number}")


def finish_all(activity: Activity, by: Actor) -> None:
    """What an activity that is settled has in hand is done, and waits for the resident's word; where nobody came, it
    waits on the wall again.  [二(二)4]
    """
    came = len(activity.in_state(SignUpState.ATTENDED))
    for row in standing(activity):
        if came:
            _finish(row, by, came)
        else:
            _give_back(row, by, "活动没有人到场")


def foreseen(activity: Activity) -> list[str]:
    """What settling would do to the wishes in hand, in one line."""
    numbers = "、".join(each.claim.wish.number for each in standing(activity))
    came = bool(activity.in_state(SignUpState.ATTENDED))
    what = "登记为已办理，由居民或另一位专干确认；没办到的请先点“不再带办”" if came else "退回心愿墙"
    return [f"带办的微心愿 {numbers} {what}。"] if numbers else []


def tell_new_day(activity: Activity, _by: Actor) -> None:
    """Of an activity that is postponed, what the resident reads follows, and so does the day by which it is due."""
    for row in standing(activity):
        row.claim.task = _task(activity)
        row.claim.wish.finish_by = max(row.claim.wish.finish_by, _due(activity))


def standing(activity: Activity) -> list[ActivityWish]:
    """The wishes that an activity has in hand, in the order in which they were taken up."""
    rows = select(ActivityWish).join(ActivityWish.claim).where(ActivityWish.activity_id == activity.id)
    rows = rows.where(Claim.state == ClaimState.OPEN).order_by(ActivityWish.id)
    return list(db.session.scalars(rows.options(_with_wish())))


def of_activity(activity: Activity) -> list[Wish]:
    """The wishes that an activity has in hand or carried through."""
    rows = select(ActivityWish).join(ActivityWish.claim).where(ActivityWish.activity_id == activity.id)
    rows = rows.where(Claim.state.in_(HELPED)).order_by(ActivityWish.id).options(_with_wish())
    return [each.claim.wish for each in db.session.scalars(rows)]


def shown(activity_id: int) -> list[tuple[str, str]]:
    """Number and title of these wishes as everybody may see them."""
    rows = select(Wish.number, Wish.title).join(Claim, Claim.wish_id == Wish.id)
    rows = rows.join(ActivityWish, ActivityWish.claim_id == Claim.id).where(ActivityWish.activity_id == activity_id)
    rows = rows.where(Claim.state.in_(HELPED), Wish.on_wall.is_(True), Wish.state.in_(PUBLIC))
    return [(number, title) for number, title in db.session.execute(rows.order_by(ActivityWish.id))]


def taking(wish: Wish) -> Activity | None:
    """The activity that has this wish in hand, or carried it through; None where none does."""
    rows = select(Activity).join(ActivityWish).join(Claim, Claim.id == ActivityWish.claim_id)
    theirs = rows.where(Claim.wish_id == wish.id, Claim.state.in_(HELPED))
    return db.session.scalar(theirs.order_by(ActivityWish.id.desc()).limit(1))


def offered(activity: Activity) -> Select:
    """The wishes of the wall that a clerk may take up: those of the activity's category first, the oldest on top."""
    here = (Wish.community_id == activity.community_id, Wish.on_wall.is_(True), Wish.state == WishState.PUBLISHED)
    alike = (Wish.category != activity.category, Wish.published_at, Wish.id)
    return select(Wish).where(*here).order_by(*alike).limit(MOST_OFFERED)


def register() -> None:
    """Say what follows when an activity is postponed, called off or settled; whoever came took part in its wishes."""
    helping.came_along(queries.came_for)
    postpone.brings(tell_new_day)
    cancel.brings(give_all_back)
    settle.brings(finish_all)


def _with_wish():
    return joinedload(ActivityWish.claim).joinedload(Claim.wish)


def _held(*which) -> list[Wish]:
    """These wishes, held for this transaction, as they stand now."""
    rows = select(Wish).where(*which).order_by(Wish.id).with_for_update(of=Wish)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def _take(activity: Activity, wish: Wish, by: Actor) -> None:
    before, invited = wish.state, list(concerned.of_invited.to(wish))
    today = clock.today()
    due = scheme.due(today, scheme.year_of(today).wish_finish_workdays)
    wish.claimed_at, wish.finish_by = clock.now(), max(due, _due(activity))
    helpers.charge(wish, f"参加“{activity.title}”志愿服务活动的党员", _task(activity))
    activity.wishes.append(ActivityWish(claim=wish.open_claims[-1]))
    wish.state = WishState.CLAIMED
    wishing.flow.noted(wish, by, "claim", "随活动办理", before, f"活动 {activity.number}")
    tell(Topic.WISH, invited, wish, by, "随活动办理")


def _give_back(row: ActivityWish, by: Actor, why: str) -> None:
    for wish in _held(Wish.id == row.claim.wish_id):
        db.session.refresh(row.claim)
        if row.claim.state is ClaimState.OPEN:
            before = wish.state
            helpers.give_back(wish, row.claim)
            wish.state = wishing.waits_again(wish)
            wishing.flow.noted(wish, by, "release", "不再随活动办理", before, why)


def _finish(row: ActivityWish, by: Actor, came: int) -> None:
    activity = row.activity
    for wish in _held(Wish.id == row.claim.wish_id):
        if wish.state is WishState.CLAIMED:
            wish.done_at, wish.done_by_user_id = clock.now(), by.user_id
            wish.done_on, wish.done_from = activity.day, activity.starts
            wish.done_words = f"随志愿服务活动“{activity.title}”办理，到场 {came} 人。"
            helpers.end_all(wish, ClaimState.FINISHED)
            wish.state = WishState.DONE
            wishing.flow.noted(wish, by, "finish", "办理完成", WishState.CLAIMED, f"随活动 {activity.number}")


def _task(activity: Activity) -> str:
    return f"{when(activity)}，随活动一起办理。"


def _due(activity: Activity) -> dt.date:
    return activity.day + dt.timedelta(days=scheme.year_of(activity.day).late_record_days)
