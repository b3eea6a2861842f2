"""What activities ask of each desk (待办): urgent call-ups first, then rolls, settlings, drafts, and what to renew."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Select, and_, case, exists, func, literal, or_, select

from portal.activities import queries
from portal.activities.models import Activity, ActivityState, SignUp, SignUpState
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member
from portal.people.queries import communities_of
from portal.registrations.deferments import is_deferred
from portal.registrations.queries import is_exempt, is_registered
from portal.scheme import queries as scheme
from portal.todo import ToDo

S = ActivityState
SOON = dt.timedelta(days=14)
COUNTY_WIDE = Activity.community_id.is_(None)
UNMARKED = exists().where(SignUp.activity_id == Activity.id, SignUp.state == SignUpState.SIGNED_UP)
LINE = (Activity.number, Activity.title, Activity.day)
READERS = (
    Role.MEMBER, Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip


def items(by: Actor, today: dt.date) -> list[ToDo]:
    """What activities ask of this person or office now."""
    lines: list[ToDo] = []
    if by.is_in(*READERS):
        lines += _lines(by, today)
    if by.is_in(Role.CLERK, Role.COUNTY, Role.GRID_WORKER):
        lines += _of_office(by, today)
    return lines


def _lines(by: Actor, today: dt.date) -> Iterator[ToDo]:
    """Urgent call-ups as long as they last, and what a member is asked again; in one query."""
    asked = select(*LINE, literal(None, Integer).label("renew"), Activity.starts).where(*_called_up(by, today))
    rows: Select | CompoundSelect = asked
    if by.is_in(Role.MEMBER):
        again = select(*LINE, literal(1), Activity.starts).join(SignUp).where(
            SignUp.member_id == by.member_id, SignUp.renew.is_(True), Activity.state == S.PUBLISHED
        )  # fmt: skip
        rows = asked.union_all(again)
    for number, title, day, renew, starts in sorted(db.session.execute(rows), key=lambda row: (row[2], row[0])):
        when, values = f"{day:%-m月%-d日} {starts:%H:%M}", {"activity": number}
        if renew:
            yield ToDo(1, f"改期了，请续报或退出：{title}", f"改到 {when}", "activities.page", values, day)
        else:
            yield ToDo(1, f"紧急召集：{title}", when, "activities.page", values, day, first=True)


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


def _of_office(by: Actor, today: dt.date) -> Iterator[ToDo]:
    """Rolls to take today, activities to settle, drafts whose day is near; in one query."""
    late = today - dt.timedelta(days=scheme.year_of(today).late_record_days)
    to_roll = and_(Activity.state.in_((S.PUBLISHED, S.HELD)), Activity.day == today, UNMARKED)
    to_settle, draft = Activity.state == S.HELD, and_(Activity.state == S.DRAFT, Activity.day <= today + SOON)
    mine = queries.is_organised_by(by)
    if by.is_in(Role.GRID_WORKER):
        mine = Activity.community_id == by.community_id
    numbers = select(
        _sum(to_roll), _sum(to_settle), _sum(and_(to_settle, Activity.day < late)), _first(to_settle), _sum(draft),
        _first(draft),
    ).where(mine, Activity.state.in_((S.DRAFT, S.PUBLISHED, S.HELD)))  # fmt: skip
    rolls, settles, overdue, oldest, drafts, next_draft = db.session.execute(numbers).one()
    yield ToDo(rolls or 0, "今天的活动，待点名", "", "activities.index", {"today": 1}, today)
    if by.is_in(Role.GRID_WORKER):
        return
    yield ToDo(settles or 0, "已举行的活动，待点名和结算", _note("最早", oldest), "activities.index",
               {"state": S.HELD.value}, oldest, overdue or 0)  # fmt: skip
    yield ToDo(drafts or 0, "快到日子还没发布的活动草稿", _note("最近", next_draft), "activities.index",
               {"state": S.DRAFT.value}, next_draft)  # fmt: skip


def _note(word: str, day: dt.date | None) -> str:
    return f"{word} {day:%-m月%-d日}" if day else ""


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _first(condition: ColumnElement[bool]) -> ColumnElement[dt.date]:
    return func.min(case((condition, Activity.day)))
