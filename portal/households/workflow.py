"""The life cycle of a household's file: proposed or entered, opened with consent, closed with a kind.

The file stays whole over all changes of supporters; what was changed stands in its history by the names of the
fields only. Death silences every reminder at once, since reminders ask for files that are open.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from portal import clock, numbers
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.households import queries, rights, supporting
from portal.households.kinds import CloseKind, ConsentBy, Need
from portal.households.models import Household, HouseholdNeed, HouseholdPerson, HouseholdState
from portal.households.rights import clerk_of
from portal.people.holding import hold_community
from portal.people.models import Community, Grid
from portal.people.names import shown_name, tidy_name
from portal.telling import Topic, tell, to_login, to_member

S = HouseholdState
OF_AGE = 14  # who is younger does not consent alone
flow = Flow(
    Household, "这份联系对象档案", room="households", noun="household", visible_to=queries.visible_to,
    named=lambda household: f"联系对象{household.number}",
    first=lambda household, by, asked: hold_community(household.community_id),  # whose files tell who is filed already
)  # fmt: skip
# The fields of the file by name, as the history calls them.
FIELDS = {
    "kind": "类别", "name": "姓名", "sex": "性别", "born": "出生年月", "phone": "电话", "address": "住址",
    "grid_id": "网格", "difficulties": "主要困难", "policies": "享受政策", "policy_words": "其他政策", "needs": "需求",
    "need_words": "需求说明", "ways": "帮扶形式", "aim": "帮扶措施和目标", "note": "备注", "people": "家庭成员",
}  # fmt: skip
PERSON = ("relation", "born", "does")


def enter(community: Community, by: Actor, **facts: Any) -> Household:
    """A clerk enters a household, or a grid worker proposes one of the own grid; nobody supports it yet.

    Raises NotYours, RuleBroken.  [二(一)4]
    """
    grid_worker = by.is_in(Role.GRID_WORKER) and by.grid_id is not None
    if by.community_id != community.id or not (by.is_in(Role.CLERK) or grid_worker):
        raise NotYours("联系对象由本社区专干登记，网格管理员可以提出本网格的。")
    if grid_worker:
        facts["grid_id"] = by.grid_id
    # Of two who enter one person at once the second waits here, and finds the first one's file.
    hold_community(community.id)
    year = clock.today().year
    household = Household(
        state=S.DRAFT, community=community, community_id=community.id, year=year, entered_on=clock.today(),
        entered_by=by.shown, entered_by_user_id=by.user_id,
    )  # fmt: skip
    _describe(household, facts)
    _check_twin(household)
    household.serial = numbers.draw("household", year)
    household.number = numbers.address_number(year, household.serial)
    db.session.add(household)
    flow.opened(household, by, "enter", "登记" if by.is_in(Role.CLERK) else "提出建档")
    return household


def change(household: Household, by: Actor, **facts: Any) -> None:
    """A clerk corrects the file, or a grid worker their own proposal; the history names the fields, not what they held.

    Raises NotYours, RuleBroken.  [二(一)4]
    """
    if not rights.enters(household, by):
        raise NotYours(f"档案只能由{clerk_of.label}修改，结束帮扶以后不能再改。")
    if by.is_in(Role.GRID_WORKER):
        facts["grid_id"] = by.grid_id
    hold_community(household.community_id)
    before = _facts(household)
    _describe(household, facts)
    _check_twin(household)
    if household.state is S.ACTIVE:
        check_consent(household, household.consent_by, household.consent_on, household.guardian or "")
    changed = [label for name, label in FIELDS.items() if before[name] != _facts(household)[name]]
    if changed:
        flow.noted(household, by, "change", "修改档案", household.state, f"改动：{'、'.join(changed)}")


def _offered(household: Household, _by: Actor) -> str:
    """What keeps the opening of a file from being undone: somebody was asked on the strength of it."""
    return "已经请党员结对，不能撤销建档；不再帮扶的请结束帮扶。" if household.live_supports else ""


@flow.move("建档", start=S.DRAFT, end=S.ACTIVE, who=clerk_of, done="已建档，可以安排帮扶人了。", undo=_offered)
def activate(household, by, consent_by: ConsentBy, consent_on: dt.date, consent_taken_by: str, guardian: str = ""):
    """A clerk opens the file once the person, or a child's guardian, has agreed to be supported.  [二(一)4]"""
    check_consent(household, consent_by, consent_on, guardian)
    household.consent_by, household.consent_on, household.consent_taken_by = consent_by, consent_on, consent_taken_by
    household.guardian = guardian if consent_by is ConsentBy.GUARDIAN else None
    household.opened_on = household.opened_on or clock.today()
    if household.entered_by_user_id != by.user_id:
        tell(Topic.HOUSEHOLD, [to_login(household.entered_by_user_id)], household, by, activate.label)


def check_consent(household: Household, consent_by: ConsentBy | None, on: dt.date | None, guardian: str) -> None:
    """Raise RuleBroken where this is no consent: not given yet, or by a child alone."""
    if consent_by is None or on is None:
        raise RuleBroken("没有本人或监护人的同意，不能建档。")
    if on > clock.today():
        raise RuleBroken("同意的日期还没有到，请核对。")
    if consent_by is ConsentBy.SELF and is_child(household.born, on):
        raise RuleBroken(f"不满 {OF_AGE} 周岁的，要由监护人同意。")
    if consent_by is ConsentBy.GUARDIAN and len(guardian) < 2:
        raise RuleBroken("请填写监护人的姓名。")


def is_child(born: str | None, day: dt.date) -> bool:
    """Whether somebody born in this month (2014-05) may be younger than 14 on a day."""
    year, month = (int(part) for part in (born or "1900-01").split("-"))
    return (day.year - year) * 12 + day.month - month <= OF_AGE * 12


def _filed_since(household: Household, _by: Actor) -> str:
    """What keeps a closed file from being open again: the person has another one."""
    other = _twin_of(household)
    return f"结束帮扶以后，同一人已另有档案（{other.number}），不能撤销。" if other else ""


@flow.move("结束帮扶", start=(S.DRAFT, S.ACTIVE), end=S.CLOSED, who=clerk_of, reason=True, danger=True,
           done="已结束帮扶；结对同时结束，档案和走访记录留存。", undo=_filed_since)  # fmt: skip
def close(household, by, kind: CloseKind):
    """A clerk closes the file, saying why; with it end all supports, and whatever reminded of visits.  [二(一)4]"""
    household.state, household.close_kind, household.closed_on = S.CLOSED, kind, clock.today()
    supporters = [to_member(each.member_id) for each in household.live_supports]
    supporting.end_all(household, by, f"已结束帮扶：{kind.label}")
    tell(Topic.HOUSEHOLD, supporters, household, by, close.label, adds="不再走访这一户，谢谢您的帮助。")


@flow.move("重新建档", start=S.CLOSED, end=S.DRAFT, who=clerk_of, reason=True, undo=True,
           done="档案已恢复为待建档，重新征得同意后建档。")  # fmt: skip
def reopen(household, by):
    """A clerk takes a closed file up again; consent is asked anew, and supporters are found anew.  [二(一)4]"""
    household.state, household.close_kind, household.closed_on = S.DRAFT, None, None
    household.consent_by = household.consent_on = household.consent_taken_by = household.guardian = None
    _check_twin(household)


def _describe(household: Household, facts: dict[str, Any]) -> None:
    grid_id = facts.get("grid_id")
    grid = db.session.get(Grid, grid_id) if grid_id else None
    if grid_id and (grid is None or grid.community_id != household.community_id):
        raise RuleBroken("请选择本社区的网格。")
    household.grid, household.grid_id = grid, grid_id
    name = tidy_name(facts["name"])
    household.shown_name = shown_name(name)
    for field in ("kind", "sex"):
        setattr(household, field, facts[field])
    for field in ("born", "phone", "address", "policy_words", "need_words", "aim", "note"):
        _seal(household, field, facts.get(field) or None)
    _seal(household, "name", name)
    for field in ("difficulties", "policies", "ways"):
        _seal(household, field, list(facts.get(field) or ()))
    _need(household, facts.get("needs") or ())
    _people(household, facts.get("people") or ())


def _seal(row, field: str, value) -> None:
    """Seal a field anew only where it changed: a ciphertext never comes out the same twice."""
    if getattr(row, field) != value:
        setattr(row, field, value)


def _need(household: Household, needs: Collection[Need]) -> None:
    kept = [each for each in household.need_rows if each.need in needs]
    new = [need for need in Need if need in needs and need not in {each.need for each in kept}]
    household.need_rows = kept + [HouseholdNeed(need=need) for need in new]


def _people(household: Household, people: Iterable[dict]) -> None:
    stated = [{name: person.get(name) or None for name in PERSON} for person in people]
    if stated == _family(household):
        return
    household.people = [HouseholdPerson(**person) for person in stated]


def _family(household: Household) -> list[dict]:
    return [{name: getattr(person, name) for name in PERSON} for person in household.people]


def _facts(household: Household) -> dict[str, Any]:
    """What the file holds, by the names of the fields."""
    return {name: getattr(household, name) for name in FIELDS} | {"people": _family(household)}


def _check_twin(household: Household) -> None:
    """Raise RuleBroken where the community has an open file of the same person."""
    if other := _twin_of(household):
        raise RuleBroken(f"本社区已有同名、同出生年月的联系对象（{other.number}），请核对，不要重复建档。")


def _twin_of(household: Household) -> Household | None:
    """Another open file of the same person in the community."""
    same = select(Household).where(
        Household.community_id == household.community_id, Household.shown_name == household.shown_name,
        Household.state != S.CLOSED, Household.id.is_distinct_from(household.id),
    )  # fmt: skip
    with db.session.no_autoflush:
        others = db.session.scalars(same.order_by(Household.id)).all()
    who = (household.name, household.born)
    return next((other for other in others if (other.name, other.born) == who), None)
