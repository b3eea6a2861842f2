"""What remarks ask of each desk (待办)."""

from portal import clock
from portal.actors import Actor, Role
from portal.remarks import queries
from portal.remarks.models import Remark, RemarkState
from portal.todo import Waiting

S = RemarkState


def items(by: Actor) -> list[Waiting]:
    """What residents and members wait for from this person's office, and a member's own concerns to answer."""
    if by.is_in(Role.MEMBER):
        rows = queries.in_state(by, S.PUT)
        return [_line(rows, "居民的意见，请您说明情况", S.PUT, Remark.answer_by, "请说明，最迟")]
    if not by.is_in(Role.CLERK):
        return []
    late = queries.in_state(by, S.PUT).where(Remark.answer_by < clock.today())
    return [
        _line(queries.in_state(by, S.SUBMITTED), "群众意见待处理", S.SUBMITTED, Remark.submitted_on, "最早"),
        _line(queries.in_state(by, S.ANSWERED), "党员已说明，待答复居民", S.ANSWERED),
        _line(late, "党员到期没有说明，待答复居民", S.PUT),
    ]


def _line(rows, label: str, state: RemarkState, day=None, since: str = "") -> Waiting:
    return Waiting(rows, label, "remarks.index", {"state": state.value}, day, since)
