"""The life cycle of a visit (走访): written down by a supporter, confirmed by a second person, then in the hours."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, or_

from portal import clock, wording
from portal.accounts.models import User
from portal.accounts.queries import members_with_login
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.households import counting, holding, queries, rights
from portal.households.models import Household, Support, Visit, VisitPerson, VisitState
from portal.households.rights import recorder, second_person
from portal.labels import Category
from portal.people.models import Member
from portal.records import checks
from portal.records import queries as records
from portal.records.models import Evidence, Source
from portal.records.workflow import Service, record_service
from portal.telling import Tells, Topic, to_login, to_member

S = VisitState
flow = Flow(
    Visit, "这次走访", room="households.visits", noun="visit", visible_to=queries.visits,
    named=lambda visit: f"{visit.day:%-m月%-d日}的走访", of_year=lambda visit: visit.day.year,
)  # fmt: skip
_visitors = Tells(
    Topic.HOUSEHOLD,
    lambda visit: [to_member(each.member_id) for each in visit.people],
    lambda visit: _counted(visit),
)
_recorder = Tells(
    Topic.HOUSEHOLD,
    lambda visit: [to_login(visit.recorded_by_user_id), *(to_member(each.member_id) for each in visit.people)],
)


def _counted(visit: Visit) -> str:
    """What a visit that was confirmed adds to the hours, unless it overlaps another service of somebody who came."""
    if any(record.overlaps_id for record in records.of_source(Source.VISIT, visit.id)):
        return "与另一次服务的时间重叠，由社区核对后计入。"
    return f"计入服务时长 {visit.half_hours / 2:g} 小时。"


def may_record(household: Household, by: Actor) -> bool:
    """Whether this person may write a visit down: a supporter, or who stands in for one without a login."""
    return rights.supports(household, by) or (rights.stands_in(household, by) and bool(without_login(household)))


def without_login(household: Household) -> list[Support]:
    """The supports of the household by members who can't write down a visit themselves."""
    able = members_with_login([each.member_id for each in household.active_supports])
    return [each for each in household.active_supports if each.member_id not in able]


def record(
    household: Household, by: Actor, *, day: dt.date, starts: dt.time | None, half_hours: int, done: str,
    solved: str = "", people: Collection[int],
) -> Visit:  # fmt: skip
    """A supporter writes a visit down, or clerk or grid worker for one without a login; it waits for a second person.

    Raises NotYours, RuleBroken.  [二(一)4]
    """
    holding.hold_open(household)
    own = rights.supports(household, by)
    if not own and not rights.stands_in(household, by):
        raise NotYours("走访由帮扶人登记；没有账号的，由本社区专干或网格管理员代为登记。")
    came = [each for each in household.active_supports if each.member_id in people]
    _check_visitors(household, by, own, came, set(people))
    _check_time(household, came, day, starts, half_hours)
    _check_wording(household, done, solved)
    visit = Visit(
        state=S.RECORDED, household=household, household_id=household.id, day=day, starts=starts,
        half_hours=half_hours, stand_in=not own, recorded_at=clock.now(), recorded_by=by.shown,
        recorded_by_user_id=by.user_id, recorded_by_member_id=by.member_id,
        people=[VisitPerson(member=each.member, member_id=each.member_id) for each in came],
    )  # fmt: skip
    visit.done, visit.solved = done, solved
    db.session.add(visit)
    flow.opened(visit, by, "record", "登记走访", stand_in=not own)
    return visit


def _check_visitors(household: Household, by: Actor, own: bool, came: list[Support], people: set[int]) -> None:
    if not came or people - {each.member_id for each in came}:
        raise RuleBroken("请从这一户现在的帮扶人中选择谁去了。")
    if own and by.member_id not in people:
        raise RuleBroken("请登记您本人去了的走访；别人的走访由他们自己登记。")
    if not own and any(by.is_self(each.member_id) for each in came):
        raise RuleBroken("您本人去的走访，请以党员身份登记。")
    if not own and not {each.id for each in without_login(household)} & {each.id for each in came}:
        raise RuleBroken("去的人都有账号，请他们自己登记。")


def _check_time(
    household: Household, came: list[Support], day: dt.date, starts: dt.time | None, half_hours: int
) -> None:
    if day > clock.today():
        raise RuleBroken("走访日期不能晚于今天。")
    if late := next((each for each in came if each.since > day), None):
        raise RuleBroken(f"{late.member.name}从{late.since:%Y-%m-%d}起结对，走访日期不能早于这一天。")
    for other in counting.of_day(household.id, day):
        same = {each.member_id for each in other.people} & {each.member_id for each in came}
        apart = starts and other.starts and not checks.overlap(starts, half_hours, other.starts, other.half_hours)
        if same and not apart:
            raise RuleBroken("这一天的走访已经登记过，不必重复登记。")


def _check_wording(household: Household, *words: str) -> None:
    if found := wording.problems("\n".join(words), household.name or ""):
        raise RuleBroken("".join(dict.fromkeys(found)))


@flow.move("确认走访", start=S.RECORDED, end=S.CONFIRMED, who=second_person, tells=_visitors,
           done="已确认，计入各人的服务时长。", undo=True)  # fmt: skip
def confirm(visit, by):
    """A second person of the community confirms a visit, and each visitor's hours count.  [二(二)4] [二(一)4]"""
    _answer(visit, by)
    for person in visit.people:
        record_service(_service(visit, person.member), _recorder_of(visit), Evidence.ORGANISER, confirmed_by=by,
                       stand_in=visit.stand_in)  # fmt: skip


@flow.move("退回走访", start=S.RECORDED, end=S.REJECTED, who=second_person, reason=True, danger=True, tells=_recorder,
           done="已退回，登记人可以核对后重新登记。", undo=counting.written_anew)  # fmt: skip
def reject(visit, by):
    """A second person refuses a visit, saying why.  [二(二)4]"""
    _answer(visit, by)


@flow.move("撤回走访", start=S.RECORDED, end=S.WITHDRAWN, who=recorder, danger=True,
           done="已撤回，可以重新登记。", undo=counting.written_anew)  # fmt: skip
def withdraw(visit, by):
    """Whoever wrote a visit down takes it back before anybody confirmed it.  [二(二)4]"""


def _answer(visit: Visit, by: Actor) -> None:
    visit.answered_on, visit.answered_by, visit.answered_by_user_id = clock.today(), by.shown, by.user_id


def _service(visit: Visit, member: Member) -> Service:
    """The service of one visitor; what kind of household it was is read by nobody who reads the records only."""
    household = visit.household
    return Service(
        member=member, place=household.community, day=visit.day, starts=visit.starts, half_hours=visit.half_hours,
        category=Category.POVERTY, what="走访联系对象", for_whom=household.shown_name,
        source=Source.VISIT, source_id=visit.id, source_number=household.number,
        entered_on=clock.local(visit.recorded_at).date(),
        home=member.community or household.community,  # of who has moved away since, where they were registered
    )  # fmt: skip


def _recorder_of(visit: Visit) -> Actor:
    """Whoever wrote the visit down; the records bear their name."""
    role = Role.CLERK if visit.recorded_by_member_id is None else Role.MEMBER
    user = db.session.get(User, visit.recorded_by_user_id) if visit.recorded_by_user_id else None
    return Actor(role=role, name=user.name if user else "", office=visit.recorded_by.removesuffix(user.name).strip()
                 if user else visit.recorded_by, user_id=visit.recorded_by_user_id,
                 member_id=visit.recorded_by_member_id, self_member_id=visit.recorded_by_member_id)  # fmt: skip


def by_another(by: Actor) -> tuple[ColumnElement[bool], ...]:
    """The conditions that this person neither wrote a visit down nor came: what `second_person` asks, for lists."""
    own, member_id = Visit.recorded_by_user_id == (by.user_id or 0), by.self_member_id or 0
    came = exists().where(VisitPerson.visit_id == Visit.id, VisitPerson.member_id == member_id)
    wrote = Visit.recorded_by_member_id == member_id
    return or_(Visit.recorded_by_user_id.is_(None), ~own), or_(Visit.recorded_by_member_id.is_(None), ~wrote), ~came
