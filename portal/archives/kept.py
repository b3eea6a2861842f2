"""What other rooms are told of the stored copy of a paper: its SHA-256, its bytes, or that it was erased."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer

from portal import clock, faces
from portal.archives import shelf
from portal.archives.models import ArchivedPaper, CopyState, Damage
from portal.errors import Refused
from portal.extensions import db
from portal.papers.verification import Copy


class Broken(Refused):
    """A stored copy can't be read; nothing is drawn in its place, since that would be another paper."""

    status = 503


def told(paper_ids: Sequence[int]) -> dict[int, Copy]:
    """By the paper's id, what is known of the copies of these; of one that is not stored yet, its words alone."""
    known = or_(ArchivedPaper.state.in_((CopyState.STORED, CopyState.ERASED)), ArchivedPaper.cells_sealed.is_not(None))
    rows = select(ArchivedPaper).where(ArchivedPaper.paper_id.in_(paper_ids), known)
    rows = rows.options(undefer(ArchivedPaper.cells_sealed))  # many take as many queries as one
    return {copy.paper_id: _told(copy) for copy in db.session.scalars(rows)}


def _told(copy: ArchivedPaper) -> Copy:
    erased_on = clock.local(copy.erased_at).date() if copy.erased_at else None
    reason = copy.erased_for.label if copy.erased_for else ""
    return Copy(copy.sha256 or "", erased_on, reason, partial(content, copy), lambda: copy.words)


def content(copy: ArchivedPaper) -> bytes | None:
    """The stored PDF; None while it is not stored, and where there may be no shelf (members' face).

    Broken where it is wrong.
    """
    if copy.state is not CopyState.STORED:
        return None
    found = shelf.read(copy.file, copy.sha256)
    if found is Damage.MISSING and not faces.here().is_inside:
        return None
    if isinstance(found, Damage):
        raise Broken(f"这份表的归档件{found.label}，请联系系统管理员从备份恢复。")
    return found
