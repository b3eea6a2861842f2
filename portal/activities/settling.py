"""Settling an activity: the roll becomes service records, each with a second person behind it.  [二(二)4]

Whoever took the roll of a member recorded the hours; whoever settles confirms them, unless it is the same person or
the member themselves, or the activity is county-wide: then the record waits for somebody of the member's community.
"""

import datetime as dt

from portal import clock
from portal.accounts.models import User
from portal.activities import places, rights
from portal.activities.models import Activity, ActivityState, SignUp, SignUpState
from portal.activities.workflow import flow
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db
from portal.people.models import Community
from portal.records.models import Evidence, RecordState, ServiceRecord, Source
from portal.records.workflow import Service, record_service
from portal.registrations.queries import of_member
from portal.scheme import queries as scheme
from portal.telling import Topic, tell, to_member

S = ActivityState


def due_on(activity: Activity) -> dt.date:
    """The day by which an activity is to be settled: later, its hours are 补录 like anything entered late."""
    return activity.day + dt.timedelta(days=scheme.year_of(activity.day).late_record_days)


def is_overdue(activity: Activity, today: dt.date) -> bool:
    """Whether an activity that was held should have been settled by now."""
    return activity.state is S.HELD and due_on(activity) < today


@flow.move("结算", start=S.HELD, end=S.SETTLED, who=rights.organiser,
           done="已结算，写入各人的写实记录；同一人点名又结算的，等另一位同志确认。", undo=True)  # fmt: skip
def settle(activity, by, rest_absent: bool = False):
    """The organiser settles the roll: a service record for each who came, confirmed where somebody else took the roll.

    [二(二)4]
    """
    places.fresh(activity)
    _close_roll(activity, by, rest_absent)
    confirmed = [_record(activity, each, by) for each in activity.in_state(SignUpState.ATTENDED)]
    counted = [to_member(each.member_id) for each in confirmed if each.state is RecordState.CONFIRMED]
    tell(Topic.ACTIVITY, counted, activity, by, settle.label, adds="您的服务时长已计入写实记录。")
    absent = [to_member(each.member_id) for each in activity.in_state(SignUpState.ABSENT)]
    tell(Topic.ACTIVITY, absent, activity, by, settle.label, adds="您被记为未到，如与实际不符请与主办方联系。")


def foreseen(activity: Activity) -> list[str]:
    """What settling will write, a line each."""
    came, rest = activity.in_state(SignUpState.ATTENDED), activity.in_state(SignUpState.SIGNED_UP)
    lines = [f"到场 {len(came)} 人，各写一条写实记录。"] if came else ["没有人到场，不写写实记录。"]
    if absent := activity.in_state(SignUpState.ABSENT):
        lines.append(f"未到 {len(absent)} 人。")
    if rest:
        lines.append(f"还有 {len(rest)} 人没有点名。")
    if came and activity.community_id is None:
        lines.append("全县活动的记录由各人居住社区的另一位同志确认。")
    return lines


def _close_roll(activity: Activity, by: Actor, rest_absent: bool) -> None:
    rest = activity.in_state(SignUpState.SIGNED_UP)
    if rest and not rest_absent:
        names = "、".join(each.member.name for each in rest[:5]) + ("等" if len(rest) > 5 else "")
        raise RuleBroken(f"还有 {len(rest)} 人没有点名（{names}）。请点完，或勾选“其余记为未到”。")
    for sign_up in rest:
        sign_up.state, sign_up.marked_at = SignUpState.ABSENT, clock.now()
        sign_up.marked_by_user_id, sign_up.marked_by, sign_up.marked_as = by.user_id, by.shown, by.role
    db.session.flush()


def _record(activity: Activity, sign_up: SignUp, by: Actor) -> ServiceRecord:
    recorder = _recorder(sign_up, by)
    try:
        return record_service(_service(activity, sign_up), recorder, Evidence.ORGANISER, _second(activity, sign_up, by))
    except RuleBroken as refusal:
        raise RuleBroken(f"{sign_up.member.name}：{refusal.sentence}") from None


def _service(activity: Activity, sign_up: SignUp) -> Service:
    home = _home(sign_up)
    return Service(
        member=sign_up.member,
        place=activity.community or home,
        day=activity.day,
        starts=activity.starts,
        half_hours=sign_up.half_hours or activity.half_hours,
        category=activity.category,
        what=activity.title,
        source=Source.ACTIVITY,
        source_id=activity.id,
        source_number=activity.number,
        entered_on=clock.local(sign_up.marked_at).date(),
        home=home,
    )


def _home(sign_up: SignUp) -> Community:
    """The member's home community; of who has moved away since, the one where they were registered."""
    if sign_up.member.community is not None:
        return sign_up.member.community
    past = of_member(sign_up.member_id)
    if not past:
        raise RuleBroken("没有居住社区，请先在名册中补齐。")
    return past[0].community


def _second(activity: Activity, sign_up: SignUp, by: Actor) -> Actor | None:
    """Who settles, as the second person behind the hours; None where somebody else must be it."""
    same = by.user_id is None or by.user_id == sign_up.marked_by_user_id or by.is_self(sign_up.member_id)
    return None if same or activity.community_id is None else by


def _recorder(sign_up: SignUp, by: Actor) -> Actor:
    """Who took the roll of this member, as the history of the record names them."""
    if sign_up.marked_by_user_id == by.user_id:
        return by
    user = db.session.get(User, sign_up.marked_by_user_id) if sign_up.marked_by_user_id else None
    own = user.member_id if user else None
    return Actor(
        role=sign_up.marked_as or by.role, name=sign_up.marked_by or "", user_id=sign_up.marked_by_user_id,
        self_member_id=own,
    )  # fmt: skip
