"""What activities ask of each desk (待办): urgent call-ups first, then rolls, settlings, drafts, and what to renew."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, or_, select

from portal.activities import queries
from portal.activities.models import Activity, ActivityState, SignUp, SignUpState
from portal.actors import Actor, Role
from portal.people.models import Member
from portal.people.queries import communities_of
from portal.registrations.deferments import is_deferred
from portal.registrations.queries import is_exempt, is_registered
from portal.scheme import queries as scheme
from portal.todo import Waiting

S = ActivityState
SOON = dt.timedelta(days=14)
COUNTY_WIDE = Activity.community_id.is_(None)
UNMARKED = exists().where(SignUp.activity_id == Activity.id, SignUp.state == SignUpState.SIGNED_UP)
READERS = (
    Role.MEMBER, Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip


def items(by: Actor, today: dt.date) -> list[Waiting]:
    """What activities ask of this person or office now; the desk counts it all in one query."""
    lines: list[Waiting] = []
    if by.is_in(*READERS):
        called_up = select(Activity).where(*_called_up(by, today))
        lines.append(
            Waiting(called_up, "紧急召集", "activities.index", {"urgent": 1}, Activity.day, "活动日期", first=True)
        )
    if by.is_in(Role.MEMBER):
        lines.append(_to_renew(by))
    if by.is_in(Role.CLERK, Role.COUNTY, Role.GRID_WORKER):
        lines += _of_office(by, today)
    return lines


def _to_renew(by: Actor) -> Waiting:
    """What was postponed, and the member has not said yet whether they come on the new day."""
    asked = select(Activity).join(SignUp).where(SignUp.member_id == by.member_id, SignUp.renew.is_(True))
    postponed = asked.where(Activity.state == S.PUBLISHED)
    return Waiting(postponed, "报名的活动改期了，请续报或退出", "activities.mine", day=Activity.renew_by, since="最迟")


def _called_up(by: Actor, today: dt.date) -> list[ColumnElement[bool]]:
    lasts = [Activity.state == S.PUBLISHED, Activity.urgent.is_(True), Activity.day >= today]
    if not by.is_in(Role.MEMBER):
        return [*lasts, or_(COUNTY_WIDE, _near(by))]
    home = select(Member.community_id).where(Member.id == by.member_id).scalar_subquery()
    known = exists().where(SignUp.activity_id == Activity.id, SignUp.member_id == by.member_id,
                           SignUp.state != SignUpState.CANCELLED)  # fmt: skip
    able = exists().where(Member.id == by.member_id, is_registered(Member.id), ~is_deferred(), ~is_exempt())
    in_time = or_(Activity.sign_up_by.is_(None), Activity.sign_up_by >= today)
    return [*lasts, or_(COUNTY_WIDE, Activity.community_id == home), ~known, able, in_time]


def _near(by: Actor) -> ColumnElement[bool]:
    if by.is_in(Role.TOWN):
        return Activity.community_id.in_(communities_of(by.supervisor_id))
    return and_(Activity.community_id.is_not(None), Activity.community_id == by.community_id)


def _of_office(by: Actor, today: dt.date) -> Iterator[Waiting]:
    """Rolls to take today, activities to settle, drafts whose day is near."""
    of_community = Activity.community_id == by.community_id
    mine = select(Activity).where(of_community if by.is_in(Role.GRID_WORKER) else queries.is_organised_by(by))
    rolls = mine.where(Activity.state.in_((S.PUBLISHED, S.HELD)), Activity.day == today, UNMARKED)
    yield Waiting(rolls, "今天的活动，待点名", "activities.index", {"today": 1})
    if by.is_in(Role.GRID_WORKER):
        return
    late = today - dt.timedelta(days=scheme.year_of(today).late_record_days)
    yield Waiting(mine.where(Activity.state == S.HELD), "已举行的活动，待点名和结算", "activities.index",
                  {"state": S.HELD.value}, Activity.day, late_before=late)  # fmt: skip
    yield Waiting(mine.where(Activity.state == S.DRAFT, Activity.day <= today + SOON), "快到日子还没发布的活动草稿",
                  "activities.index", {"state": S.DRAFT.value}, Activity.day, "最近")  # fmt: skip
