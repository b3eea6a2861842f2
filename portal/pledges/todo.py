"""What pledges ask of each desk (待办)."""

import datetime as dt

from sqlalchemy import Select

from portal import clock
from portal.actors import Actor, Role
from portal.pledges import queries
from portal.pledges.models import Pledge, PledgeState
from portal.registrations import queries as registrations
from portal.todo import ToDo, waits

S = PledgeState
APPROVERS = (Role.LIAISON, Role.DEPARTMENT, Role.TOWN)


def items(by: Actor, today: dt.date) -> list[ToDo]:
    """What pledges ask of this person's office now; nothing that is done."""
    if by.is_in(Role.MEMBER):
        return _of_member(by, today)
    found = []
    if by.is_in(*APPROVERS):
        rows, where = queries.to_approve(by), {"state": S.SUBMITTED.value}
        found.append(_line(rows, Pledge.submitted_on, "服务承诺待审定", "最早提交于", where))
    if by.is_in(Role.CLERK):
        rows, where = queries.visible_to(by).where(Pledge.state == S.APPROVED), {"state": S.APPROVED.value}
        found.append(_line(rows, Pledge.show_on, "服务承诺将公示，可提修改意见", "最早公示于", where))
    return [item for item in found if item.count]


def _of_member(by: Actor, today: dt.date) -> list[ToDo]:
    row = queries.of_member(by.member_id, today.year)
    if row is None:
        registered = registrations.current_of(by.member_id) is not None
        return [ToDo(1, f"填写{today.year}年服务承诺", "写 1 到 5 项", "pledges.write_own")] if registered else []
    if row.state is S.RETURNED:
        return [ToDo(1, "服务承诺被退回，修改后再提交", "", "pledges.mine")]
    if row.state is S.DRAFT:
        day = clock.local(row.written_at)
        return [ToDo(1, "服务承诺还没有提交", f"{day:%-m月%-d日}填写", "pledges.mine")]
    return []


def _line(rows: Select, day, label: str, since: str, where: dict) -> ToDo:
    [(count, oldest)] = waits((rows, day))
    return ToDo(count, label, f"{since} {oldest:%-m月%-d日}" if oldest else "", "pledges.cases", where, oldest)
