"""The sender's words on the rows of a table (备注): written while the report lies with its body, handed in with it."""

import hashlib
import json

from sqlalchemy import delete

from portal.actors import Actor
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.moves import hold
from portal.reports import queries, submissions
from portal.reports.models import UNSENT, Report, RowWords
from portal.reports.workflow import flow, submit


def mark_of(words: dict[str, str]) -> str:
    """A short word for the words on a table, by which a form says which of them were there."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:16]


def write(row: Report, by: Actor, table: int, typed: dict[str, str | None], seen: str | None) -> bool:
    """The sender writes the words on the rows of a table, by the rows' keys. Raises NotYours, TooLate, RuleBroken.

    Not while it is being frozen. False, where somebody has written other words since those that were `seen` (a mark of
    them).  [四]
    """
    submit.check_open(row, by)
    if not hold(row, UNSENT):
        raise TooLate(submit.too_late(row))
    if submissions.running([row.id]):  # the words have been read, or are about to be
        raise RuleBroken(submissions.FREEZING)
    stored, written = queries.words_on(row, table), {key: text for key, text in typed.items() if text}
    if seen != mark_of(stored) and written != stored:
        return False
    db.session.execute(delete(RowWords).where(RowWords.report_id == row.id, RowWords.table == table))
    rows = (RowWords(report_id=row.id, table=table, row_key=key, words=text) for key, text in written.items())
    db.session.add_all(rows)
    flow.noted(row, by, "write_words", "填写备注", row.state)
    return True
