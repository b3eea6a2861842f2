"""Signing up for an activity: by oneself or through the clerk, the waiting list, withdrawing, saying yes again."""

from portal.accounts.queries import members_with_login
from portal.activities import places, queries, rights
from portal.activities.models import NOT_RENEWED, Activity, ActivityState, SignUp
from portal.activities.workflow import fill_places, flow, of_activity, when
from portal.actors import Actor
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.people.models import Member
from portal.telling import Topic, tell, to_member

S = ActivityState


def _stays_out(activity: Activity, by: Actor) -> bool:
    return rights.takes_sign_ups(activity) and not places.is_in(rights.own_of(activity, by))


def _is_asked_again(activity: Activity, by: Actor) -> bool:
    own = rights.own_of(activity, by)
    return own is not None and own.renew


def _has_asked_again(activity: Activity, by: Actor) -> bool:
    return any(each.renew for each in activity.sign_ups)


def _not_begun(activity: Activity, by: Actor) -> bool:
    return not rights.has_begun(activity)


def _may_take_off(activity: Activity, by: Actor) -> bool:
    return _not_begun(activity, by) and any(map(places.is_in, activity.sign_ups))


@flow.move("报名", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.registered_member, when=_stays_out,
           done="已报名。名额已满时先列入候补，空出名额会自动递补并通知您。")  # fmt: skip
def sign_up(activity, by):
    """A member signs up by one click; when all places are taken, for the end of the waiting list.  [二(二)3]"""
    enter(activity, by.member_id, "您")


@flow.move("代为报名", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.organiser, stand_in=rights.organiser,
           when=lambda activity, by: rights.takes_sign_ups(activity),
           done="已代为报名，请转告本人。", undo=True)  # fmt: skip
def sign_up_for(activity, by, member_id: int):
    """A clerk signs up a member who has no login, in their place.  [二(二)3]"""
    member = db.session.get(Member, member_id)
    if member is None or by.is_self(member_id) or not rights.in_reach(activity, member):
        raise RuleBroken("请选择在本社区报到的党员（您本人请以党员身份报名）。")
    if members_with_login([member_id]):
        raise RuleBroken(f"{member.name}有登录账号，请由本人报名。")
    enter(activity, member_id, member.name).stand_in = True


@flow.move("退出报名", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.signed_up, reason=True, danger=True,
           when=_not_begun, done="已退出，名额让给候补的同志。")  # fmt: skip
def withdraw(activity, by, reason):
    """A member withdraws, saying why; the first who waits moves up.  [二(二)3]"""
    places.fresh(activity)
    own = rights.own_of(activity, by)
    if not places.is_in(own):
        raise TooLate("您已经不在名单上，不必再退。")
    _let_out(activity, by, own, reason)
    if own.withdrew_late:
        tell(Topic.ACTIVITY, [rights.office_of(activity)], activity, by, "退出报名", adds="离活动开始不到 24 小时。")


@flow.move("代为退出", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.organiser, stand_in=rights.organiser,
           reason=True, danger=True, when=_may_take_off, done="已退出，名额让给候补的同志。", undo=True)  # fmt: skip
def take_off(activity, by, sign_up_id: int, reason):
    """A clerk takes somebody off the list who said so by phone, with the reason; the first who waits moves up.

    [二(二)3]
    """
    places.fresh(activity)
    theirs = _another(activity, by, sign_up_id)
    if not places.is_in(theirs):
        raise TooLate(f"{theirs.member.name}已经不在名单上。")
    _let_out(activity, by, theirs, reason)
    tell(Topic.ACTIVITY, [to_member(theirs.member_id)], activity, by, take_off.label, reason)


@flow.move("续报", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.signed_up, when=_is_asked_again,
           done="已续报，活动当天见。")  # fmt: skip
def renew(activity, by):
    """A member who signed up for the old day says that they come on the new one.  [二(二)3]"""
    places.fresh(activity)
    _say_yes(activity, rights.own_of(activity, by), "您")


@flow.move("代为续报", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.organiser, stand_in=rights.organiser,
           when=_has_asked_again, done="已代为续报。", undo=True)  # fmt: skip
def renew_for(activity, by, sign_up_id: int):
    """A clerk notes that somebody who signed up comes on the new day, as they said by phone.  [二(二)3]"""
    places.fresh(activity)
    theirs = _another(activity, by, sign_up_id)
    _say_yes(activity, theirs, theirs.member.name)


@flow.move("清理未续报", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.system)
def let_go(activity, by):
    """Time lets go who did not say by the day before that they come on the new day; who waits moves up.  [二(二)3]"""
    places.fresh(activity)
    silent = [each for each in activity.sign_ups if each.renew]
    for sign_up in silent:
        places.leave(sign_up, NOT_RENEWED)
    activity.renew_by = None
    told = [to_member(each.member_id) for each in silent]
    tell(Topic.ACTIVITY, told, activity, by, "改期后没有续报，名额已让出")
    fill_places(activity, by)


def enter(activity: Activity, member_id: int, called: str) -> SignUp:
    """Put a member on the list; `called` is how the sentences address them. Raises RuleBroken, TooLate."""
    if not rights.takes_sign_ups(activity):
        raise RuleBroken("报名已经截止；活动当天可以直接到场，由点名的同志登记。")
    places.fresh(activity)
    theirs = activity.sign_up_of(member_id)
    if theirs is not None and places.is_in(theirs):
        raise RuleBroken(f"{called}已经在名单上（{theirs.state.label}），不必再报。")
    _check_free(activity, member_id, called)
    theirs = theirs or SignUp(member_id=member_id)
    theirs.stand_in = theirs.walk_in = False
    places.enter(activity, theirs)
    return theirs


def _another(activity: Activity, by: Actor, sign_up_id: int) -> SignUp:
    theirs = of_activity(activity, sign_up_id)
    if by.is_self(theirs.member_id):
        raise RuleBroken("您本人的报名请以党员身份办理。")
    return theirs


def _check_free(activity: Activity, member_id: int, called: str) -> None:
    """Raise RuleBroken where the member comes to another activity at the same time."""
    if other := queries.clashing(member_id, activity):
        raise RuleBroken(f"{called}已报名同一时间的“{other.title}”（{when(other)}），请先退出那一次。")


def _let_out(activity: Activity, by: Actor, sign_up: SignUp, why: str) -> None:
    if rights.has_begun(activity):
        raise RuleBroken("活动已经开始，不能再退出；没有到场的由点名的同志照实登记。")
    places.leave(sign_up, why)
    fill_places(activity, by)


def _say_yes(activity: Activity, sign_up: SignUp, called: str) -> None:
    if not sign_up.renew:
        raise RuleBroken(f"{called}不必续报。")
    _check_free(activity, sign_up.member_id, called)
    sign_up.renew = False
