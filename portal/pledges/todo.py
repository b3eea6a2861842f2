"""What pledges ask of each desk (待办)."""

import datetime as dt
from collections.abc import Sequence

from portal import clock
from portal.actors import Actor, Role
from portal.pledges import queries
from portal.pledges.models import Pledge, PledgeState
from portal.registrations import queries as registrations
from portal.todo import ToDo, Waiting

S = PledgeState
APPROVERS = (Role.LIAISON, Role.DEPARTMENT, Role.TOWN)


def items(by: Actor, today: dt.date) -> Sequence[ToDo | Waiting]:
    """What pledges ask of this person's office now; nothing that is done."""
    if by.is_in(Role.MEMBER):
        return _of_member(by, today)
    found = []
    if by.is_in(*APPROVERS):
        rows, where = queries.to_approve(by), {"state": S.SUBMITTED.value}
        found.append(Waiting(rows, "服务承诺待审定", "pledges.cases", where, Pledge.submitted_on, "最早提交于"))
    if by.is_in(Role.CLERK):
        rows, where = queries.visible_to(by).where(Pledge.state == S.APPROVED), {"state": S.APPROVED.value}
        label = "服务承诺将公示，可提修改意见"
        found.append(Waiting(rows, label, "pledges.cases", where, Pledge.show_on, "最早公示于"))
    return found


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
