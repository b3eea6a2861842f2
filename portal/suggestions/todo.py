"""What suggestions ask of each desk (待办)."""

import datetime as dt
from collections.abc import Iterator

from portal.actors import Actor, Role
from portal.suggestions import queries
from portal.suggestions.models import Suggestion, SuggestionState
from portal.todo import Waiting

S = SuggestionState


def items(by: Actor, today: dt.date) -> Iterator[Waiting]:
    """What waits in this person's office to be taken up or answered; for the county, what is late anywhere."""
    if by.is_in(Role.CLERK, Role.TOWN):
        yield _line(queries.to_handle(by, S.SUBMITTED), "合理建议待受理", today, state=S.SUBMITTED.value)
        yield _line(queries.to_handle(by, S.ACCEPTED), "合理建议待答复", today, state=S.ACCEPTED.value)
        late = queries.to_handle(by, S.FORWARDED).where(Suggestion.answer_by < today)
        yield _line(late, "转办的合理建议超期没有答复", today, state=S.FORWARDED.value, late=1)
    if by.is_in(Role.DEPARTMENT, Role.TOWN):
        rows = queries.to_answer_for_others(by)
        yield _line(rows, "转来的合理建议待答复", today, state=S.FORWARDED.value)
    if by.is_in(Role.COUNTY):
        yield _line(queries.listed(by, late_on=today), "合理建议超期没有答复", today, late=1)


def _line(rows, label: str, today: dt.date, **where) -> Waiting:
    return Waiting(rows, label, "suggestions.index", where, Suggestion.answer_by, "答复最迟", late_before=today)
