"""Erasing a final paper by law: its words and files go, number, SHA-256, reason and date stay and can be verified."""

from sqlalchemy import select

from portal import audit, clock
from portal.actors import Actor, Role
from portal.archives import shelf
from portal.archives.models import ArchivedPaper, CopyState, ErasureReason
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState


def erase(copy: ArchivedPaper, by: Actor, reason: ErasureReason, words: str) -> list[str]:
    """The county erases a paper in all its versions; the names of the files to discard once this is committed.

    `words` go to the audit trail only. Raises NotYours, TooLate; RuleBroken while the copy is not stored, since the
    tombstone names its SHA-256.
    """
    if not by.is_in(Role.COUNTY):
        raise NotYours("归档件由县委组织部依法删除。")
    if copy.state is CopyState.ERASED:
        raise TooLate("这份归档件已经依法删除。")
    if copy.state is not CopyState.STORED:
        raise RuleBroken("这份表还没有归档，等归档以后再办。")
    audit.write(by, "archived_papers.erase", copy, ("file", "cells"), reason=f"{reason.label}：{words}"[:500])
    files = []
    for each in _versions(copy):
        files += [each.file] if each.file else []
        each.state, each.file, each.cells, each.damage, each.check_due_on = CopyState.ERASED, None, None, None, None
        each.erased_at, each.erased_by, each.erased_for = clock.now(), by.shown, reason
        each.token = each.lacking = ""
        each.paper.family_name = ""
        if each.paper.state is PaperState.VALID:
            each.paper.state = PaperState.CANCELLED
    db.session.flush()
    return files


def discard(files: list[str]) -> None:
    """Delete the files of papers whose erasure is committed."""
    for file in files:
        shelf.discard(file)


def _versions(copy: ArchivedPaper) -> list[ArchivedPaper]:
    same = (IssuedPaper.kind == copy.paper.kind, IssuedPaper.year == copy.paper.year,
            IssuedPaper.serial == copy.paper.serial)  # fmt: skip
    rows = select(ArchivedPaper).join(IssuedPaper, IssuedPaper.id == ArchivedPaper.paper_id).where(*same)
    return list(db.session.scalars(rows))
