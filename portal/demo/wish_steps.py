"""What the history of a demonstration wish tells, step by step."""

from portal.actors import Role
from portal.demo.county import County, Place
from portal.demo.telling import Telling
from portal.wishes.models import ConfirmedBy, Wish, WishState

S = WishState
# (column that dates the step, verb, label, state before, state after, whose act)
STEPS = (
    ("submitted_at", "submit", "提交心愿", None, S.SUBMITTED, Role.RESIDENT),
    ("published_at", "publish", "审核发布", S.SUBMITTED, S.PUBLISHED, Role.CLERK),
    ("claimed_at", "claim", "认领", S.PUBLISHED, S.CLAIMED, Role.MEMBER),
    ("done_at", "finish", "办理完成", S.CLAIMED, S.DONE, Role.MEMBER),
    ("confirmed_at", "confirm", "确认实现", S.DONE, S.CONFIRMED, Role.RESIDENT),
)
ENDS = {
    S.REJECTED: ("reject", "不予采纳", S.SUBMITTED, Role.CLERK),
    S.WITHDRAWN: ("withdraw", "撤回心愿", S.PUBLISHED, Role.RESIDENT),
    S.MERGED: ("merge", "合并到另一条", S.PUBLISHED, Role.CLERK),
    S.CLOSED: ("close", "答复办结", S.PUBLISHED, Role.CLERK),
}


def tell_steps(county: County, telling: Telling, row: dict, place: Place) -> None:
    """Tell the history of a wish up to the state in which it stands."""
    clerk = county.clerks[place.id][0][1]
    names = {Role.RESIDENT: "居民", Role.CLERK: f"{place.name} {clerk}", Role.MEMBER: "在职党员"}
    for column, verb, label, before, after, role in STEPS:
        if row[column] is None:
            continue
        if verb == "confirm" and row["confirmed_by"] is ConfirmedBy.CLERK:
            role = Role.CLERK
        telling.tell(Wish, row["id"], row[column], verb, label, (before, after), names[role], role)
    if end := ENDS.get(row["state"]):
        verb, label, before, role = end
        telling.tell(Wish, row["id"], row["ended_at"], verb, label, (before, row["state"]), names[role], role,
                     row["answer"])  # fmt: skip
    if row["state"] is S.ARCHIVED:
        telling.tell(Wish, row["id"], county.moment(county.days_ago(1)), "archive", "归档",
                     (S.CONFIRMED, S.ARCHIVED), "系统", Role.SYSTEM)  # fmt: skip
