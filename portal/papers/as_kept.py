"""A final paper is printed as it was kept, whatever its case says by now; one that was erased by law not at all."""

from portal.errors import Refused
from portal.filters import day
from portal.papers.catalogue import Paper
from portal.papers.compose import Sheet, compose_kept
from portal.papers.verification import Copy

# What stands on a final paper only later: filed by the unit, shown, kept. No word besides can differ from the kept one.
FILLED_LATER = {"receipt": ("filed_by", "filed_on"), "pledge-card": ("promises", "remark", "shown_on", "kept")}


class Erased(Refused):
    """A paper whose words were erased by law: only its number and SHA-256 are left."""

    status = 410


def copy_in_place_of(sheet: Sheet, paper: Paper, copy: Copy | None, full: bool) -> Copy | None:
    """The `copy` that is printed in place of a sheet just composed; Erased where there is nothing left of it.

    None where none is kept; of a unit's own copy, which was never the one kept; of what is set aside by now, to say so;
    and of what is masked for this person (not `full`).
    """
    if copy and copy.erased_on:
        raise Erased(f"这份表已于{day(copy.erased_on)}依法删除（{copy.reason}），不能再看，也不能再印。")
    is_the_one = sheet.issued is not None and sheet.issued.kind == sheet.kind
    return copy if is_the_one and sheet.watermark is None and (full or not paper.private) else None


def in_kept_words(sheet: Sheet, paper: Paper, copy: Copy, now: bool = False) -> Sheet:
    """The sheet with the words that were kept of it; with `now` the cells that are filled later as they stand now."""
    assert sheet.issued is not None
    later = FILLED_LATER.get(paper.kind, ()) if now else ()
    return compose_kept(paper, sheet.issued, copy.cells() | {name: getattr(sheet.cells, name) for name in later})
