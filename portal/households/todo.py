"""What households put on the desks of members, clerks and grid workers (待办); quiet: nothing is a telling-off."""

import datetime as dt

from sqlalchemy import Select, select

from portal.actors import Actor, Role
from portal.households import missing, months, queries, visiting
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit, VisitState
from portal.todo import Waiting

LIST = "households.index"
VISITS = "households.visits.index"


def items(by: Actor, today: dt.date) -> list[Waiting]:
    """What waits here for this person's office; a file that is closed asks nothing."""
    if by.is_in(Role.MEMBER):
        return _of_member(by, today)
    if by.is_in(Role.GRID_WORKER):
        return [_to_confirm(by)]
    return _of_clerk(by, today) if by.is_in(Role.CLERK) else []


def _of_member(by: Actor, today: dt.date) -> list[Waiting]:
    own = select(Support).where(Support.member_id == by.member_id)
    asked = own.where(Support.state == SupportState.PROPOSED)
    found = [Waiting(asked, "社区请您结对帮扶，待答复", "households.mine", {}, Support.proposed_on, "邀请于")]
    if today.day >= months.REMIND_FROM:
        due = own.where(missing.is_due(today.replace(day=1)))
        found.append(Waiting(due, "本月还没有走访结对的家庭", "households.mine", note=f"{today.month}月内去一次"))
    return found


def _of_clerk(by: Actor, today: dt.date) -> list[Waiting]:
    seen = queries.visible_to(by)
    last = months.month_before(today)
    drafts = seen.where(Household.state == HouseholdState.DRAFT)
    return [
        Waiting(drafts, "联系对象待建档", LIST, {"state": "draft"}, Household.entered_on, "最早登记于"),
        Waiting(seen.where(queries.is_without_supporter(today)), "联系对象没有帮扶人", LIST, {"without": "y"},
                note="请党员结对"),
        _to_confirm(by),
        Waiting(seen.where(missing.is_missing(last)), f"{last.month}月没有走访的联系对象", LIST, {"month": "last"},
                note="可以问问帮扶人，或更换帮扶人"),
    ]  # fmt: skip


def _to_confirm(by: Actor) -> Waiting:
    return Waiting(_confirmable(by), "走访待确认", VISITS, {"state": "recorded"}, Visit.day, "最早")


def _confirmable(by: Actor) -> Select:
    """The visits that this very person may confirm, being neither who wrote them down nor who came."""
    rows = queries.visits(by).where(Visit.state == VisitState.RECORDED)
    return rows.where(*visiting.by_another(by))
