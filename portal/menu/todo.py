"""What of a member's own is on in the next seven days, for the desk (待办); the list itself is `menu.mine`."""

import datetime as dt

from portal.activities.models import Activity
from portal.actors import Actor, Role
from portal.menu import own
from portal.todo import Waiting


def items(by: Actor, today: dt.date) -> list[Waiting]:
    """The activities to which a member goes in the next seven days; wishes and visits are lines of their rooms."""
    if not by.is_in(Role.MEMBER):
        return []
    rows = own.coming_soon(by, today)
    return [Waiting(rows, "七天之内要参加的活动", "menu.mine", day=Activity.day, since="最近一场")]
