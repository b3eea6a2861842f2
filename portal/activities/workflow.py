"""The life cycle of an activity: drafted, published, postponed or cancelled, held, and settled into service records.

Signing up, the roll and the settling add their moves to it in files of their own.
"""

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import select

from portal import clock, numbers, wording
from portal.activities import places, queries, rights
from portal.activities.models import (
    CALLED_OFF,
    NO_PLACE,
    Activity,
    ActivityKind,
    ActivityState,
    Benefit,
    SignUp,
    SignUpState,
)
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.labels import Category
from portal.people.holding import hold_concerned
from portal.people.models import Community, Grid
from portal.telling import Tells, Topic, tell, to_member

S = ActivityState
KIND = "activity"
MOST_PLACES = 999
CANCELS = (S.DRAFT, S.PUBLISHED, S.HELD)
flow = Flow(
    Activity, "这次活动", room="activities", noun="activity", visible_to=queries.visible_to,
    named=lambda activity: f"志愿服务活动“{activity.title}”（{activity.number}）",
    of_year=lambda activity: None if activity.state is S.DRAFT else activity.day.year,
    first=lambda activity, by, asked: hold_concerned(by, **asked),
)  # fmt: skip
tells_all = Tells(Topic.ACTIVITY, rights.all_in)
tells_new_time = Tells(
    Topic.ACTIVITY, rights.all_in,
    lambda activity: f"改到{when(activity)}。能来的请在{activity.renew_by:%-m月%-d日}以前续报，不续报的名额让给别人。",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What is said of an activity: what, when, where, for how many."""

    title: str
    category: Category
    detail: str
    place: str
    day: dt.date
    starts: dt.time
    ends: dt.time
    kind: ActivityKind = ActivityKind.SERVICE
    benefit: Benefit = Benefit.NONE
    grid_id: int | None = None
    capacity: int | None = None
    sign_up_by: dt.date | None = None
    service_day: bool = False
    urgent: bool = False


def when(activity: Activity) -> str:
    """When it takes place, in words."""
    return f"{activity.day:%-m月%-d日} {activity.starts:%H:%M}–{activity.ends:%H:%M}"


def draft(by: Actor, facts: Facts, copied_from_id: int | None = None) -> Activity:
    """A clerk drafts an activity of the own community, the county office one of the whole county.

    Raises NotYours, RuleBroken.  [二(二)3]
    """
    if not by.is_in(Role.CLERK, Role.COUNTY):
        raise NotYours(f"活动只能由{rights.organiser.label}发起。")
    community = db.session.get_one(Community, by.community_id) if by.is_in(Role.CLERK) else None
    year = clock.today().year
    activity = Activity(state=S.DRAFT, community=community, year=year, copied_from_id=copied_from_id)
    _describe(activity, facts)
    activity.serial = numbers.draw(KIND, year)
    activity.number = numbers.address_number(year, activity.serial)
    db.session.add(activity)
    flow.opened(activity, by, "draft", "起草")
    return activity


def change(activity: Activity, by: Actor, facts: Facts) -> None:
    """The organiser changes anything of a draft. Raises NotYours, RuleBroken.  [二(二)3]"""
    _check_edits(activity, by, S.DRAFT)
    _describe(activity, facts)
    flow.noted(activity, by, "change", "修改", activity.state)


def correct(
    activity: Activity, by: Actor, place: str, detail: str, capacity: int | None, sign_up_by: dt.date | None,
    urgent: bool,
) -> None:  # fmt: skip
    """The organiser corrects what harms nobody after publishing; those who signed up are told.

    Raises NotYours, RuleBroken.  [二(二)3]
    """
    _check_edits(activity, by, S.PUBLISHED)
    places.fresh(activity)
    held = sum(each.place is not None for each in activity.sign_ups)
    if capacity is not None and capacity < held:
        raise RuleBroken(f"已有 {held} 人报上名，名额不能少于 {held}。")
    _check_last_day(sign_up_by, activity.day)
    _check_wording(place, detail)
    moved = activity.place != place
    concerned = rights.all_in(activity) if moved or activity.detail != detail else []
    activity.place, activity.detail, activity.capacity = place, detail, capacity
    activity.sign_up_by, activity.urgent = sign_up_by, urgent
    flow.noted(activity, by, "correct", "更正", activity.state)
    where = f"地点：{place}。" if moved else "活动说明有更新，请看一看。"
    tell(Topic.ACTIVITY, concerned, activity, by, "更正", adds=where)
    fill_places(activity, by)


@flow.move("发布", start=S.DRAFT, end=S.PUBLISHED, who=rights.organiser, done="已发布，党员可以报名。", undo=True)
def publish(activity, by):
    """The organiser publishes an activity: everybody sees it, registered members sign up.  [二(二)3]"""
    if rights.has_begun(activity):
        raise RuleBroken("活动时间已经过去，请先修改日期。")
    activity.published_at = clock.now()


@flow.move("改期", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.organiser, reason=True, tells=tells_new_time,
           when=lambda activity, by: not rights.has_begun(activity),
           done="已改期，已请报了名的党员重新确认。", undo=True)  # fmt: skip
def postpone(activity, by, day: dt.date, starts: dt.time, ends: dt.time, sign_up_by: dt.date | None = None):
    """The organiser gives it another day or time, saying why; those who signed up are asked again.  [二(二)3]"""
    if rights.has_begun(activity):
        raise RuleBroken("活动已经开始，不能再改期。")
    if (day, starts, ends) == (activity.day, activity.starts, activity.ends):
        raise RuleBroken("日期和时间没有变，不必改期。")
    _check_times(day, starts, ends)
    _check_last_day(sign_up_by, day)
    activity.day, activity.starts, activity.ends, activity.sign_up_by = day, starts, ends, sign_up_by
    if rights.has_begun(activity):
        raise RuleBroken("新的时间已经过去，请重新填写。")
    places.fresh(activity)
    for sign_up in activity.in_state(SignUpState.SIGNED_UP, SignUpState.WAITLISTED):
        sign_up.renew = True
    # Whoever has not answered by the day before is let go then, so that those who wait still learn of it.
    activity.renew_by = max(day - dt.timedelta(days=2), clock.today())


@flow.move("取消活动", start=CANCELS, end=S.CANCELLED, who=rights.organiser, reason=True, danger=True,
           tells=tells_all, done="已取消，已通知报了名的党员。", undo=True)  # fmt: skip
def cancel(activity, by):
    """The organiser calls an activity off, saying why; everybody who signed up is told.  [二(二)3]"""
    places.fresh(activity)
    if activity.in_state(SignUpState.ATTENDED):
        raise RuleBroken("已有人到场，活动不能取消；请照实点名后结算。")
    for sign_up in filter(places.is_in, list(activity.sign_ups)):
        places.leave(sign_up, CALLED_OFF)


@flow.move("活动结束", start=S.PUBLISHED, end=S.HELD, who=rights.system)
def hold(activity, by):
    """Time ends an activity: what is left is the roll and the settling.  [二(二)3]"""
    places.fresh(activity)
    for sign_up in activity.waiting:
        places.leave(sign_up, NO_PLACE)


def fill_places(activity: Activity, by: Actor) -> None:
    """Let those who wait move up to the places that are free, and tell them; the case's history says so.  [二(二)3]"""
    moved = places.move_up(activity)
    if moved:
        flow.noted(activity, by, "move_up", "候补递补", activity.state, f"{len(moved)} 人")
        told = [to_member(each.member_id) for each in moved]
        tell(
            Topic.ACTIVITY,
            told,
            activity,
            by,
            "候补递补",
            adds=f"空出名额，您已报上名：{when(activity)}，{activity.place}。",
        )


def _check_edits(activity: Activity, by: Actor, state: ActivityState) -> None:
    if not rights.organiser(activity, by):
        raise NotYours(f"活动只能由{rights.organiser.label}修改。")
    if activity.state is not state:
        raise RuleBroken(f"这次活动现在是“{activity.state.label}”，不能这样修改。")


def _describe(activity: Activity, facts: Facts) -> None:
    _check_times(facts.day, facts.starts, facts.ends)
    _check_last_day(facts.sign_up_by, facts.day)
    _check_wording(facts.title, facts.place, facts.detail)
    if facts.day < clock.today():
        raise RuleBroken("活动日期不能早于今天。")
    if facts.kind is ActivityKind.PARTY_PRACTICE and facts.benefit is not Benefit.NONE:
        raise RuleBroken("党性实践不算公益活动，公益类别请选“无”。")
    grid = db.session.get(Grid, facts.grid_id) if facts.grid_id else None
    home = activity.community.id if activity.community else None
    if grid is not None and grid.community_id != home:
        raise RuleBroken("请选择本社区的网格。")
    for name, value in asdict(facts).items():
        setattr(activity, name, value)


def _check_wording(*texts: str) -> None:
    """Everybody reads an activity on the menu board; where it takes place may be said."""
    if found := [sentence for text in texts for sentence in wording.problems(text, says_where=True)]:
        raise RuleBroken("".join(dict.fromkeys(found)))


def _check_times(day: dt.date, starts: dt.time, ends: dt.time) -> None:
    if ends <= starts:
        raise RuleBroken("结束时间要晚于开始时间。")
    if day > clock.today() + dt.timedelta(days=366):
        raise RuleBroken("活动日期最远只能排到一年以内，请核对年份。")


def _check_last_day(last: dt.date | None, day: dt.date) -> None:
    if last is not None and last > day:
        raise RuleBroken("报名截止日不能晚于活动当天。")


def of_activity(activity: Activity, sign_up_id: int) -> SignUp:
    """One of the sign-ups of this activity. Raises RuleBroken when it is another's."""
    found = db.session.scalar(select(SignUp).where(SignUp.id == sign_up_id, SignUp.activity_id == activity.id))
    if found is None:
        raise RuleBroken("请从名单中选择一位。")
    return found
