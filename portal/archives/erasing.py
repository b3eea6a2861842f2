"""Erasing a final paper by law: its words and files go, number, SHA-256, reason and date stay and can be verified."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select

from portal import audit, clock
from portal.actors import Actor, Role
from portal.archives import shelf
from portal.archives.models import ArchivedPaper, CopyState, ErasureReason
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState

_also: list[Callable[[Sequence[int]], list[Path]]] = []


def when_erased(take_away: Callable[[Sequence[int]], list[Path]]) -> None:
    """Let what another room keeps of papers (by their ids) be taken away with them; it says which files to discard."""
    if take_away not in _also:
        _also.append(take_away)


def erase(copy: ArchivedPaper, by: Actor, reason: ErasureReason, words: str) -> list[Path]:
    """The county erases a paper in all its versions, with the scans; the files to discard once this is committed.

    `words` go to the audit trail only. Raises NotYours, TooLate; RuleBroken while a version is not stored, since the
    tombstone names its SHA-256. A version that was set aside before its words were kept has nothing to erase.
    """
    if not by.is_in(Role.COUNTY):
        raise NotYours("归档件由县委组织部依法删除。")
    if copy.state is CopyState.ERASED:
        raise TooLate("这份归档件已经依法删除。")
    if copy.state is not CopyState.STORED:
        raise RuleBroken("这份表还没有归档，等归档以后再办。")
    papers = _versions(copy)
    copies = _copies(papers)
    if waiting := [each for each in copies if each.state is CopyState.WAITING or _may_yet_be_stored(each)]:
        raise RuleBroken(f"这份表的第 {waiting[0].paper.version} 版还没有归档，等各版都归档以后再办。")
    said = f"{reason.label}：{words}"[:500]
    audit.write(by, "archived_papers.erase", copy, ("file", "cells", "scans"), reason=said)
    files = [path for take_away in _also for path in take_away([paper.id for paper in papers])]
    for paper in papers:
        paper.family_name = ""
    for each in (copy for copy in copies if copy.state is CopyState.STORED):
        files += [shelf.path_of(each.file)] if each.file else []
        each.state, each.file, each.cells, each.damage = CopyState.ERASED, None, None, None
        each.erased_at, each.erased_by, each.erased_for = clock.now(), by.shown, reason
        each.token = each.lacking = ""
        if each.paper.state is PaperState.VALID:
            each.paper.state = PaperState.CANCELLED
    db.session.flush()
    return files


def discard(files: list[Path]) -> None:
    """Delete the files of papers whose erasure is committed."""
    for file in files:
        file.unlink(missing_ok=True)


def _may_yet_be_stored(copy: ArchivedPaper) -> bool:
    """Whether a copy that could not be stored has words that will be, or may have: it is in force."""
    return copy.state is CopyState.FAILED and (copy.cells is not None or copy.paper.state is PaperState.VALID)


def _versions(copy: ArchivedPaper) -> list[IssuedPaper]:
    same = (IssuedPaper.kind == copy.paper.kind, IssuedPaper.year == copy.paper.year,
            IssuedPaper.serial == copy.paper.serial)  # fmt: skip
    return list(db.session.scalars(select(IssuedPaper).where(*same).order_by(IssuedPaper.version)))


def _copies(papers: Sequence[IssuedPaper]) -> list[ArchivedPaper]:
    rows = select(ArchivedPaper).where(ArchivedPaper.paper_id.in_([paper.id for paper in papers]))
    return list(db.session.scalars(rows))
