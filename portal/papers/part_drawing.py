"""Up to fifty papers drawn at once: one PDF of them, or a file each; what does not come out is named, with the reason.

What is already kept, letter by letter the same, is not drawn again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask import current_app

from portal import logs, numbers
from portal.actors import Actor
from portal.extensions import db, reading
from portal.papers import kept_files
from portal.papers.as_kept import Erased, copy_in_place_of
from portal.papers.catalogue import PAPERS, Paper
from portal.papers.compose import Sheet, compose, compose_kept, may_see_all, print_html
from portal.papers.part_printing import Keep, Page, print_each, print_together
from portal.papers.render import PrintRoom, print_room
from portal.papers.verification import copies_of
from portal.papers.workflow import Lost, Wanted

GONE = "提交打印后已作废、改版或转走，不在打印范围内"
NOT_FILLED = "填表时出错，已记入系统日志，请联系管理员"
BROKE_OFF = "打印程序多次中断，已跳过，请单独打印"


@dataclass
class Drawn:
    """What became of a part: the name of its file among the kept ones (None if no paper came out), and what is lost."""

    key: str | None = None
    lost: list[Lost] = field(default_factory=list)


def draw_part(
    by: Actor, ids: Sequence[int], wanted: Wanted, full: bool = False, keep: Keep = lambda _percent: None,
    room: PrintRoom | None = None,
) -> Drawn:  # fmt: skip
    """Draw these cases' papers, in their order, into one kept file.

    Phone and address are printed where this person may see them, with `full` everywhere. `keep(percent)` is told now
    and then how much is drawn. `room` is where to print, if not in this process's own.
    """
    paper, drawn = PAPERS[wanted.kind], Drawn()
    options = {"title": paper.title, "duplex": wanted.duplex or paper.duplex}
    with reading():  # the pages are written while reading, drawn while no transaction is open
        composed = list(_composed(paper, by, ids, wanted.year, full, drawn.lost))
        if not composed:
            return drawn
        key = kept_files.key_of(options, wanted.one_each, [sheet.fingerprint for _, sheet in composed])
        if kept_files.is_kept(key):
            drawn.key = key
            return drawn
        pages = list(_pages(paper, composed, drawn.lost))
    lost = len(drawn.lost)
    room = room or print_room(current_app.config["INSTANCE_DIR"])
    print_part = print_each if wanted.one_each else print_together
    written = bool(pages) and print_part(room, pages, options, kept_files.draft_of(key), drawn.lost, keep)
    if written:
        drawn.key = key if len(drawn.lost) == lost and len(pages) == len(composed) else kept_files.key_of_its_own()
        if drawn.key != key:
            kept_files.draft_of(key).replace(kept_files.draft_of(drawn.key))
        kept_files.keep(drawn.key)
    return drawn


def all_lost(kind: str, ids: Sequence[int], reason: str) -> list[Lost]:
    """These cases' papers, each lost for the same reason."""
    return [Lost(key, _number_of(PAPERS[kind], key), reason) for key in ids]


def _composed(paper: Paper, by: Actor, ids, year: int, full: bool, lost: list[Lost]) -> Iterator[tuple[int, Sheet]]:
    """Of each case in the asker's scope whose paper stands its id and sheet, in order, as kept; the others are lost."""
    filled = list(_filled(paper, by, ids, year, full, lost))
    copies = copies_of(sheet.issued for _, sheet, _ in filled)
    for key, sheet, whole in filled:
        try:
            copy = copy_in_place_of(sheet, paper, copies.get(sheet.issued.id) if sheet.issued else None, whole)
        except Erased as gone:
            lost.append(Lost(key, sheet.called, gone.sentence.rstrip("。")))
            continue
        if paper.ledger and not paper.of_year and not _stands(sheet):
            lost += all_lost(paper.kind, [key], GONE)
            continue
        if copy and sheet.issued:
            sheet = compose_kept(paper, sheet.issued, copy.cells())
        if sheet.lacking:
            reason = f"字库没有“{'、'.join(sheet.lacking)}”，请单独打印，手写补上"
            lost.append(Lost(key, sheet.called, reason[:200]))
        else:
            yield key, sheet


def _filled(paper: Paper, by: Actor, ids, year: int, full: bool, lost: list[Lost]) -> Iterator[tuple[int, Sheet, bool]]:
    """Of each case still in the asker's scope its id, its sheet by the records as they stand, and if it is unmasked."""
    seen = paper.rows(by, year)
    model = seen.column_descriptions[0]["entity"]
    found = {row.id: row for row in db.session.scalars(seen.where(model.id.in_(ids)))}
    lost += all_lost(paper.kind, [key for key in ids if key not in found], GONE)
    rows = [found[key] for key in ids if key in found]
    for row, case in zip(rows, paper.cases(rows, year, by), strict=True):
        whole = full or may_see_all(paper, case, by)
        try:
            yield row.id, compose(paper, case, whole), whole
        except Exception as failure:
            logs.fault("paper failed", failure, paper=paper.kind, case=row.id)
            lost.append(Lost(row.id, _number_of(paper, row.id), NOT_FILLED))


def _stands(sheet: Sheet) -> bool:
    return sheet.issued is not None and sheet.issued.state is numbers.PaperState.VALID


def _pages(paper: Paper, composed: list[tuple[int, Sheet]], lost: list[Lost]) -> Iterator[Page]:
    for key, sheet in composed:
        try:
            yield Page(key, sheet.called, print_html(paper, sheet))
        except Exception as failure:
            logs.fault("paper failed", failure, paper=paper.kind, case=key)
            lost.append(Lost(key, sheet.called, NOT_FILLED))


def _number_of(paper: Paper, case_id: int) -> str:
    """The number that a case's paper bears, or the case's place in the records where it has none yet."""
    issued = numbers.latest(paper.ledger, case_id) if paper.ledger else None
    return numbers.official_number(issued.kind, issued.number) if issued else f"第{case_id}号记录"
