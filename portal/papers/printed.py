"""Who wants to know that papers of the ledger of numbers were printed: a later room says so."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import select

from portal.actors import Actor
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState

Consequence = Callable[[Actor, Sequence[int]], None]
PART = 200
_consequences: dict[Consequence, None] = {}


def when_printed(consequence: Consequence) -> None:
    """Say what follows when final papers were printed: `consequence(by, ids of the issued papers)`."""
    _consequences[consequence] = None


def printed(by: Actor, issued_ids: Sequence[int]) -> None:
    """These papers were printed by this person; written in the caller's transaction."""
    for consequence in _consequences:
        consequence(by, issued_ids)


def cases_printed(by: Actor, kind: str, year: int, case_ids: Sequence[int]) -> Iterator[int]:
    """The final papers of these cases were printed; part by part, so that the caller may commit after each."""
    for start in range(0, len(case_ids), PART):
        these = IssuedPaper.subject_id.in_(case_ids[start : start + PART])
        final = (IssuedPaper.kind == kind, IssuedPaper.year == year, IssuedPaper.state == PaperState.VALID)
        printed(by, db.session.scalars(select(IssuedPaper.id).where(*final, these)).all())
        yield start
