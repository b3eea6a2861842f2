"""The roll of an activity: one tap a name, walk-ins, and the hours of each, by whoever stands at the door.  [二(二)4]

Who took the roll of one sign-up stays on it: that person records the hours, so somebody else confirms them.
"""

from portal import clock
from portal.activities import places, rights
from portal.activities.models import CORRECTED, NO_PLACE, Activity, ActivityKind, SignUp, SignUpState
from portal.activities.workflow import flow, of_activity
from portal.actors import Actor
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.people.models import Member

MARKS = (SignUpState.SIGNED_UP, SignUpState.ATTENDED, SignUpState.ABSENT)
NEXT = {
    SignUpState.SIGNED_UP: SignUpState.ATTENDED,
    SignUpState.ATTENDED: SignUpState.ABSENT,
    SignUpState.ABSENT: SignUpState.SIGNED_UP,
}
OF_OTHERS = "您本人的到场请由另一位同志点名。"


def _open(activity: Activity, _by: Actor) -> bool:
    return rights.takes_roll(activity)


def _has_attended(activity: Activity, by: Actor) -> bool:
    counts = activity.kind is ActivityKind.SERVICE
    return counts and _open(activity, by) and bool(activity.in_state(SignUpState.ATTENDED))


def after(sign_up: SignUp) -> SignUpState:
    """What the next tap makes of a name: came, absent, as before; a walk-in is taken off again instead."""
    if sign_up.walk_in and sign_up.state is SignUpState.ATTENDED:
        return SignUpState.CANCELLED
    return NEXT.get(sign_up.state, SignUpState.ATTENDED)


def waited(sign_up: SignUp) -> bool:
    """Whether somebody was on the waiting list to the last, and may be there all the same."""
    ended = sign_up.state is SignUpState.CANCELLED and sign_up.why == NO_PLACE
    return ended or sign_up.state is SignUpState.WAITLISTED


@flow.move("点名", start=rights.ROLL, end=rights.ROLL, who=rights.roll_taker, when=_open, done="已记下。", undo=True)
def mark(activity, by, sign_up_id: int, to: SignUpState):
    """A clerk or grid worker takes the roll: one tap says who came, the next who did not, one more takes it back.

    [二(二)4]
    """
    _check_open(activity)
    places.fresh(activity)
    sign_up = of_activity(activity, sign_up_id)
    _check_another(by, sign_up.member_id)
    if sign_up.state is to:
        raise TooLate(f"{sign_up.marked_by or '刚才'}已把{sign_up.member.name}记为“{to.label}”。")
    if to is not after(sign_up):
        raise TooLate(f"{sign_up.member.name}现在是“{sign_up.state.label}”，请再看一眼名单。")
    if to is SignUpState.CANCELLED:
        places.leave(sign_up, CORRECTED)
        return activity.state
    if sign_up.place is None:  # on the waiting list, or withdrawn, and there all the same
        sign_up.walk_in, sign_up.ended_at, sign_up.why = True, None, None
    _note(sign_up, by, to)
    return activity.state


@flow.move("现场登记", start=rights.ROLL, end=rights.ROLL, who=rights.roll_taker, when=_open,
           done="已登记到场。", undo=True)  # fmt: skip
def walk_in(activity, by, member_id: int):
    """A clerk or grid worker enters somebody who came without having signed up.  [二(二)4]"""
    _check_open(activity)
    member = db.session.get(Member, member_id)
    if member is None or not rights.in_reach(activity, member):
        where = "" if activity.community_id is None else "在本社区"
        raise RuleBroken(f"请选择{where}报到的党员。")
    _check_another(by, member_id)
    places.fresh(activity)
    theirs = activity.sign_up_of(member_id)
    if theirs is not None and theirs.state in MARKS:
        raise RuleBroken(f"{member.name}已经在名单上（{theirs.state.label}），请直接点名。")
    if theirs is None:
        theirs = SignUp(member_id=member_id, state=SignUpState.CANCELLED, at=clock.now())
        activity.sign_ups.append(theirs)
    theirs.walk_in, theirs.stand_in, theirs.renew = True, False, False
    theirs.ended_at = theirs.why = None
    _note(theirs, by, SignUpState.ATTENDED)
    return activity.state


@flow.move("改时长", start=rights.ROLL, end=rights.ROLL, who=rights.roll_taker, when=_has_attended,
           done="时长已改。", undo=True)  # fmt: skip
def set_hours(activity, by, sign_up_id: int, half_hours: int):
    """A clerk or grid worker says how long somebody stayed, where it was not the whole activity.  [二(二)4]"""
    _check_open(activity)
    if activity.kind is not ActivityKind.SERVICE:
        raise RuleBroken("党性实践不计时长。")
    places.fresh(activity)
    sign_up = of_activity(activity, sign_up_id)
    _check_another(by, sign_up.member_id)
    if sign_up.state is not SignUpState.ATTENDED:
        raise RuleBroken(f"{sign_up.member.name}还没有记为到场。")
    if not 1 <= half_hours <= 48:
        raise RuleBroken("时长以半小时为单位，最多 24 小时。")
    sign_up.half_hours = None if half_hours == activity.half_hours else half_hours
    _put_name(sign_up, by)
    return activity.state


def _note(sign_up: SignUp, by: Actor, to: SignUpState) -> None:
    _put_name(sign_up, by)
    if to is not SignUpState.ATTENDED:
        sign_up.half_hours = None
    sign_up.state, sign_up.renew = to, False
    db.session.flush()


def _put_name(sign_up: SignUp, by: Actor) -> None:
    sign_up.marked_by_user_id, sign_up.marked_by = by.user_id, by.shown
    sign_up.marked_as, sign_up.marked_at = by.role, clock.now()


def _check_open(activity: Activity) -> None:
    if not rights.takes_roll(activity):
        raise RuleBroken(f"{activity.day:%-m月%-d日}当天才能点名。")


def _check_another(by: Actor, member_id: int) -> None:
    if by.is_self(member_id):
        raise RuleBroken(OF_OTHERS)
