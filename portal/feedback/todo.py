"""What feedback asks of each desk (待办)."""

import datetime as dt
from collections.abc import Iterator

from portal.actors import Actor, Role
from portal.feedback import difficulty_queries, queries
from portal.feedback.models import Bulletin, BulletinState, Difficulty
from portal.todo import Waiting


def items(by: Actor, today: dt.date) -> Iterator[Waiting]:
    """The bulletins to send or to acknowledge, and the difficulties that members wait to have answered."""
    if by.is_in(Role.CLERK):
        where = {"state": BulletinState.COMPILED.value}
        yield Waiting(queries.to_send(by), "季度反馈待发出", "feedback.index", where, Bulletin.compiled_on, "汇总于")
    if by.is_in(Role.LIAISON):
        where = {"state": BulletinState.SENT.value}
        yield Waiting(queries.to_acknowledge(by), "季度反馈待签收", "feedback.index", where, Bulletin.sent_on, "最早")
    if by.is_in(*difficulty_queries.HOLDERS):
        rows, day = difficulty_queries.to_answer(by), Difficulty.answer_by
        yield Waiting(rows, "党员求助待答复", "difficulties.index", {}, day, "最迟", late_before=today)
