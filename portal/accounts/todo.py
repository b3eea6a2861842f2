"""What logins and appointments ask of each desk (待办)."""

from portal.accounts import queries
from portal.accounts.models import LoginTries
from portal.actors import Actor, Role
from portal.todo import Waiting


def items(by: Actor) -> list[Waiting]:
    """Members without a login for the liaison; appointments and lockouts for county and administrator."""
    if by.is_in(Role.LIAISON):
        rows, note = queries.members_without_login(by.unit_id), "可批量开通，打印一次性密码条"
        return [Waiting(rows, "还没有登录账号的党员", "accounts.members", note=note)]
    if by.is_in(Role.COUNTY, Role.ADMIN):
        proposed, locked_out = queries.waiting_for_second_person(by), queries.locked().group_by(LoginTries.user_id)
        return [
            Waiting(proposed, "任职待第二人核准", "accounts.index", {"mark": "proposed"}),
            Waiting(locked_out, "多次输错密码、暂停登录的账号", "accounts.index", {"mark": "locked_out"}),
        ]
    return []
