"""What closing a year asks of the county's desk (待办)."""

import datetime as dt

from sqlalchemy import select

from portal.actors import Actor, Role
from portal.closing import adding, queries
from portal.closing.models import Closing, ClosingState, Correction, CorrectionState
from portal.extensions import db
from portal.todo import ToDo, Waiting

S = ClosingState
TOLD = {
    S.PROPOSED: ("结账，待另一位同志确认", "已提出"),
    S.RUNNING: ("正在结账", "后台办理，完成后有消息"),
    S.STOPPED: ("结账中断，请继续", "数据已锁定"),
}


def items(by: Actor, today: dt.date) -> list[ToDo | Waiting]:
    """From 31 January the years that may be closed, until they are; corrections that are open, and what is to enter."""
    if by.is_in(Role.CLERK):
        return [Waiting(adding.to_enter(by), "补记已结账年度的服务", "closing.corrections.to_enter")]
    if not by.is_in(Role.COUNTY):
        return []
    is_open = queries.corrections_visible_to(by).where(Correction.state == CorrectionState.OPEN)
    corrections = Waiting(is_open, "已结账年度的更正，待办结", "closing.corrections.index")
    due = queries.due(today)
    if not due:
        return [corrections]
    rows = select(Closing.year, Closing.state).where(Closing.year.in_(due), Closing.state != S.WITHDRAWN)
    states = dict(iter(db.session.execute(rows)))
    return [*(_line(year, states.get(year)) for year in due), corrections]


def _line(year: int, state: ClosingState | None) -> ToDo:
    words, note = TOLD[state] if state else ("可以结账", "先看哪些还没有办完")
    return ToDo(1, f"{year}年度{words}", note, "closing.page", {"closing": year}, queries.opens_on(year))
