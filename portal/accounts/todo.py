"""What logins and appointments ask of each desk (待办)."""

from sqlalchemy import Row, Select, func, select

from portal.accounts import queries
from portal.actors import Actor, Role
from portal.extensions import db
from portal.todo import ToDo


def items(by: Actor) -> list[ToDo]:
    """Members without a login for the liaison; appointments and lockouts for county and administrator."""
    if by.is_in(Role.LIAISON):
        [without] = _counts(queries.members_without_login(by.unit_id))
        found = [ToDo(without, "还没有登录账号的党员", "可批量开通，打印一次性密码条", "accounts.members")]
    elif by.is_in(Role.COUNTY, Role.ADMIN):
        proposed, locked_out = _counts(queries.waiting_for_second_person(by), queries.locked().distinct())
        found = [
            ToDo(proposed, "任职待第二人核准", "", "accounts.index", {"mark": "proposed"}),
            ToDo(locked_out, "多次输错密码、暂停登录的账号", "", "accounts.index", {"mark": "locked_out"}),
        ]
    else:
        found = []
    return [item for item in found if item.count]


def _counts(*asked: Select) -> Row:
    """How many rows each of these has, in one query."""
    counts = (select(func.count()).select_from(rows.order_by(None).subquery()).scalar_subquery() for rows in asked)
    return db.session.execute(select(*counts)).one()
