"""What evaluations and notes ask of each desk (待办)."""

import datetime as dt
from collections.abc import Sequence

from portal.actors import Actor, Role
from portal.evaluations import opening, queries
from portal.evaluations.models import Evaluation, EvaluationState, Lacking, Note, NoteState
from portal.todo import ToDo, Waiting

S = EvaluationState


def items(by: Actor, today: dt.date) -> Sequence[ToDo | Waiting]:
    """What evaluations ask of this person's office now, and of a member."""
    if by.is_in(Role.MEMBER):
        rows = queries.visible_to(by).where(queries.lacks(Lacking.SELF), Evaluation.year >= today.year - 1)
        return [Waiting(rows, "可以写一段自我评价（自愿）", "evaluations.mine", note="社区反馈以前都可以写")]
    if by.is_in(Role.CLERK):
        return _of_clerk(by, today)
    if by.is_in(Role.LIAISON, Role.DEPARTMENT, Role.TOWN):
        where, own = {"state": S.SENT.value}, by.is_in(Role.LIAISON)
        whose = "" if own else "（联络员本人的）"
        return [
            Waiting(queries.notes_to_acknowledge(by), f"重要情况随时反馈，待回执{whose}", "evaluations.notes.index",
                    {"state": NoteState.SENT.value}, Note.sent_on, "最早反馈于"),
            Waiting(queries.to_acknowledge(by), f"现实表现评议待回执{whose}", "evaluations.index", where,
                    Evaluation.sent_on, "最早反馈于"),
        ]  # fmt: skip
    return []


def _of_clerk(by: Actor, today: dt.date) -> Sequence[ToDo | Waiting]:
    found: list[ToDo | Waiting] = []
    seen = queries.visible_to(by)
    for year in opening.years(today):
        to_open = opening.to_open(by.community_id, year, today)
        where = {} if year == opening.current(today) else {"year": year}
        found.append(
            Waiting(to_open, f"{year}年现实表现评议可以发起", "evaluations.index", where, note="报到满 6 个月")
        )
        rows = seen.where(Evaluation.year == year, Evaluation.state == S.DRAFT)
        found.append(Waiting(rows, f"{year}年现实表现评议待反馈", "evaluations.index", where | {"state": S.DRAFT.value},
                             Evaluation.opened_on, "最早发起于"))  # fmt: skip
    replies = seen.where(queries.lacks(Lacking.ANSWER))
    found.append(Waiting(replies, "党员对评议有说明，待书面答复", "evaluations.index",
                         {"lacking": Lacking.ANSWER.value}, Evaluation.replied_on, "最早"))  # fmt: skip
    return found
