"""A paper that becomes final is marked to be stored in the same transaction, with its words as they stand then.

Drawing it would be slow, so the worker does that later, from these words: whatever is changed meanwhile. Only the cards
of a year have no words until the year is closed; then the records behind them can't be changed any more. Before one of
them is opened again its cards are given their words; once it is put right they become new versions.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import event, exists, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal import clock, logs
from portal.actors import SYSTEM, Actor, Role
from portal.archives.models import ArchivedPaper, CopyState
from portal.closing.models import Correction
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState
from portal.papers.catalogue import PAPERS, Paper
from portal.papers.compose import cells_of, issued_of
from portal.papers.year_numbers import cards_of, cards_of_members
from portal.people.models import Member

OF_YEAR = ("record-card", "household-card")
_NEW = "papers_that_became_final"


def watch() -> None:
    """Let every transaction mark the papers that became final in it, before its last lock of all, the trail's."""
    for target, name, listener in (
        (IssuedPaper, "after_insert", _note),
        (db.session, "before_commit", _mark),
        (db.session, "after_rollback", _forget),
    ):
        if not event.contains(target, name, listener):
            event.listen(target, name, listener, insert=True)


def enter(papers: Iterable[IssuedPaper]) -> None:
    """Mark these papers of the ledger to be stored, with their words where those are final."""
    by_kind = defaultdict(list)
    for paper in papers:
        by_kind[paper.kind, paper.year].append(paper)
    for (kind, year), these in by_kind.items():
        cases = _cases(PAPERS[kind], year, {paper.subject_id for paper in these})
        db.session.add_all([_copy(paper, cases.get(paper.subject_id)) for paper in these])


def words_of(paper: IssuedPaper) -> str | None:
    """What stands in each cell of a paper now, as JSON; None where its case says something else by now, or not yet."""
    sheet = PAPERS[paper.kind]
    case = _cases(sheet, paper.year, {paper.subject_id}).get(paper.subject_id)
    return None if case is None else _words(sheet, paper, case)


def missing(year: int, *kinds: str):
    """The valid papers of a year in the ledger that nobody marked: those of before the archive."""
    rows = select(IssuedPaper).where(IssuedPaper.year == year, IssuedPaper.state == PaperState.VALID)
    rows = rows.where(~exists().where(ArchivedPaper.paper_id == IssuedPaper.id))
    return rows.where(IssuedPaper.kind.in_(kinds)).order_by(IssuedPaper.id)


def year_cards_left(year: int) -> list[int]:
    """The ids of the cards of a year that is being closed which have a number and are not marked."""
    return list(db.session.scalars(missing(year, *OF_YEAR).with_only_columns(IssuedPaper.id)))


def enter_year_cards(year: int, ids: list[int]) -> None:
    """Mark these of them."""
    enter(db.session.scalars(missing(year, *OF_YEAR).where(IssuedPaper.id.in_(ids))).all())
    db.session.flush()


def keep_words(correction: Correction) -> None:
    """Before a record of a closed year is opened again: what its cards, if not stored yet, say of it until then."""
    _keep_words(cards_of(correction))


def keep_words_of(kept: Member, gone: Member) -> None:
    """Before two rows of one person become one: what the cards of both, if not stored yet, say of each."""
    _keep_words(cards_of_members((kept.id, gone.id)))


def _keep_words(cards: Sequence[IssuedPaper]) -> None:
    of = {paper.id: paper for paper in cards}
    left = ArchivedPaper.state.in_((CopyState.WAITING, CopyState.FAILED))
    for copy in db.session.scalars(select(ArchivedPaper).where(left, ArchivedPaper.paper_id.in_(of))):
        copy.cells = copy.cells or words_of(of[copy.paper_id])


def _note(_mapper, _connection, paper: IssuedPaper) -> None:
    db.session.info.setdefault(_NEW, []).append(paper)


def _forget(session: Session) -> None:
    """The transaction is undone as a whole; of a part of it that is undone the papers are gone by themselves."""
    if not session.in_nested_transaction():
        session.info.pop(_NEW, None)


def _mark(session: Session) -> None:
    """Before a commit: the words are read only now, when the act is done as a whole.

    What was set aside in the same transaction nobody has ever had in hand.
    """
    if session.in_nested_transaction():
        return
    session.flush()
    papers = [paper for paper in session.info.pop(_NEW, []) if inspect(paper).persistent]
    if valid := [paper for paper in papers if paper.state is PaperState.VALID]:
        enter(valid)


def _cases(paper: Paper, year: int, subject_ids: set[int]) -> dict:
    """By the id of its row, what the paper of each of these is filled from."""
    by = operator(paper)
    rows = paper.rows(by, year)
    model = rows.column_descriptions[0]["entity"]
    # Read anew: what the act wrote by a column is not yet seen by who holds the row.
    mine = rows.where(model.id.in_(subject_ids)).execution_options(populate_existing=True)
    found = list(db.session.scalars(mine).unique())
    return dict(zip((row.id for row in found), paper.cases(found, year, by), strict=True))


def _copy(paper: IssuedPaper, case) -> ArchivedPaper:
    row = getattr(case, "row", case)
    copy = ArchivedPaper(
        paper=paper, kind=paper.kind, year=paper.year, retry_at=clock.now(),
        unit_id=getattr(row, "unit_id", None), community_id=getattr(row, "community_id", None),
    )  # fmt: skip
    copy.cells = _words(PAPERS[paper.kind], paper, case) if case is not None else None
    return copy


def _words(sheet: Paper, paper: IssuedPaper, case) -> str | None:
    """The cells as JSON; a fault in them must not keep the act from being done, and is logged."""
    try:
        issued = issued_of(sheet, case)
        if issued is None or issued.id != paper.id:
            return None
        return json.dumps(cells_of(sheet, case, full=True), ensure_ascii=False)
    except SQLAlchemyError:
        raise  # the transaction itself is broken: nothing of it may seem to be kept
    except Exception as failure:
        logs.fault("paper has no words", failure, paper=paper.kind, case=paper.subject_id)
        return None


def operator(paper: Paper) -> Actor:
    """For whom papers are read that are kept whole: as the operator's commands read them."""
    return SYSTEM if paper.each_noted else Actor(role=Role.COUNTY, name="归档")
