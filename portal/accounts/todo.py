"""What logins and appointments ask of each desk (待办)."""

from portal.accounts import queries
from portal.accounts.models import LoginTries
from portal.actors import Actor, Role
from portal.todo import ToDo, waits


def items(by: Actor) -> list[ToDo]:
    """Members without a login for the liaison; appointments and lockouts for county and administrator."""
    if by.is_in(Role.LIAISON):
        [without] = waits((queries.members_without_login(by.unit_id), None))
        found = [ToDo(without.count, "还没有登录账号的党员", "可批量开通，打印一次性密码条", "accounts.members")]
    elif by.is_in(Role.COUNTY, Role.ADMIN):
        proposed, locked_out = waits(
            (queries.waiting_for_second_person(by), None), (queries.locked().distinct(), LoginTries.user_id)
        )
        found = [
            ToDo(proposed.count, "任职待第二人核准", "", "accounts.index", {"mark": "proposed"}),
            ToDo(locked_out.count, "多次输错密码、暂停登录的账号", "", "accounts.index", {"mark": "locked_out"}),
        ]
    else:
        found = []
    return [item for item in found if item.count]
