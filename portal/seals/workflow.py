"""The way of a paper through the seal ledger: printed, signed, stamped, put into a box; a step may be passed over.

A year's closing ends nothing here: its cards bear their numbers only from then on, and go to the archive after it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import audit, clock, history, uploads
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.files import Kept, path_of
from portal.flow import Flow, who
from portal.numbers import IssuedPaper, PaperState
from portal.papers.catalogue import PAPERS
from portal.papers.verification import copy_of
from portal.seals import queries
from portal.seals.models import MOST_SCANS, SealEntry, SealState

S = SealState
STEPS = tuple(S)
BEFORE_THE_BOX = STEPS[:-1]
flow = Flow(
    SealEntry, "这份表", room="seals", noun="paper",
    named=lambda row: f"{PAPERS[row.paper.kind].title} {row.paper.number}",
)  # fmt: skip


@who("出具这份表的单位（本人的表由同事）或县委组织部")
def keeper(row: SealEntry, by: Actor) -> bool:
    """The office whose seal the paper bears, or the county; nobody moves the paper on themselves."""
    return queries.is_moved_by(row.paper, by)


def _stands(row: SealEntry, _by: Actor) -> bool:
    return row.paper.state is PaperState.VALID


def entry_for(paper: IssuedPaper) -> SealEntry:
    """The line of a paper, written now if it has none; of two who come at once, both get the same."""
    _write_lines([paper.id])
    return db.session.get_one(SealEntry, paper.id)


def _write_lines(paper_ids: Sequence[int]) -> None:
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    lines = [{"id": key, "state": S.GENERATED, "version": 1} for key in paper_ids]
    db.session.execute(insert(SealEntry).values(lines).on_conflict_do_nothing(index_elements=["id"]))


def _reach(row: SealEntry, by: Actor, state: SealState) -> None:
    """Date all steps up to this one that are not dated yet; refused of a paper that stands no more."""
    db.session.refresh(row.paper, with_for_update=True)
    if not _stands(row, by):
        raise TooLate(f"这份表{row.paper.state.label}，不能再往下办。")
    now = clock.now()
    for step in STEPS[1 : STEPS.index(state) + 1]:
        if getattr(row, f"{step.value}_at") is None:
            setattr(row, f"{step.value}_at", now)
            setattr(row, f"{step.value}_by", by.shown)


@flow.move("登记打印", start=S.GENERATED, end=S.PRINTED, who=keeper, when=_stands, undo=True)
def mark_printed(row: SealEntry, by):
    """The office notes that a paper was printed outside the portal; printing it here notes it by itself.  [二(三)2]"""
    _reach(row, by, S.PRINTED)


@flow.move("登记签字", start=STEPS[:2], end=S.SIGNED, who=keeper, when=_stands, undo=True)
def sign(row: SealEntry, by):
    """The office notes that a paper was signed.  [二(三)2]"""
    _reach(row, by, S.SIGNED)


@flow.move("登记盖章", start=STEPS[:3], end=S.STAMPED, who=keeper, when=_stands, undo=True)
def stamp(row: SealEntry, by):
    """The office notes that a paper was stamped; what is stamped was printed and signed.  [二(三)2]"""
    _reach(row, by, S.STAMPED)


@flow.move("归档", start=BEFORE_THE_BOX, end=S.ARCHIVED, who=keeper, when=_stands, undo=True)
def archive(row: SealEntry, by, box: str):
    """The office puts the stamped paper into a box of its archive.  [二(二)1]"""
    if not box:
        raise RuleBroken("请填写盒号。")
    _reach(row, by, S.ARCHIVED)
    row.box = box


@flow.move("退回一步", start=STEPS[1:4], end=STEPS[:3], who=keeper, reason=True, danger=True, when=_stands, undo=True)
def step_back(row: SealEntry, by):
    """The office takes a step back that was noted by mistake, until the paper lies in its box.  [二(二)1]"""
    at = STEPS.index(row.state)
    setattr(row, f"{row.state.value}_at", None)
    setattr(row, f"{row.state.value}_by", None)
    return STEPS[at - 1]


@flow.move("更正盒号", start=S.ARCHIVED, end=S.ARCHIVED, who=keeper, reason=True, undo=True)
def rebox(row: SealEntry, by, box: str):
    """The office puts right in which box a paper lies.  [二(二)1]"""
    if not box:
        raise RuleBroken("请填写盒号。")
    row.box = box


FORWARD = {S.PRINTED: mark_printed, S.SIGNED: sign, S.STAMPED: stamp, S.ARCHIVED: archive}


def check_scans(paper: IssuedPaper, by: Actor) -> None:
    """Raise NotYours where this person may not change what was scanned of a paper, TooLate when it is erased by law."""
    if not (queries.is_moved_by(paper, by) and queries.may_read_scans(paper, by)):
        raise NotYours("扫描件只能由出具这份表的单位上传和删除。")
    if (copy := copy_of(paper)) and copy.erased_on:
        raise TooLate("这份表已经依法删除，不能再上传扫描件。")


def change_scans(paper: IssuedPaper, by: Actor, files: Iterable[Kept], remove: Iterable[str]) -> None:
    """The office adds scans of the signed sheet, and takes others away. Raises NotYours, RuleBroken.  [二(二)1]"""
    check_scans(paper, by)
    row = entry_for(paper)
    uploads.detach(row, remove)
    db.session.flush()
    uploads.attach(row, files, by, MOST_SCANS)
    flow.noted(row, by, "change_scans", "更新扫描件", row.state)


def take_scans_away(paper_ids: Sequence[int]) -> list[Path]:
    """Detach what was scanned of papers that are erased by law; the files to discard once that is committed."""
    mine = (uploads.Upload.kind == SealEntry.__tablename__, uploads.Upload.row_id.in_(paper_ids))
    found = db.session.scalars(select(uploads.Upload).where(*mine)).all()
    for each in found:
        db.session.delete(each)
    return [path_of(each.file) for each in found]


def note_printed(by: Actor, paper_ids: Sequence[int]) -> None:
    """The portal printed these papers: those that wait for it, and that this person moves on, are 已打印."""
    valid = IssuedPaper.state == PaperState.VALID
    own = sorted(queries.moved_among(paper_ids, by))
    ids = list(db.session.scalars(select(IssuedPaper.id).where(IssuedPaper.id.in_(own), valid)))
    if not ids:
        return
    _write_lines(ids)
    waiting = (SealEntry.id.in_(ids), SealEntry.state == S.GENERATED)
    dated = {"printed_at": clock.now(), "printed_by": by.shown, "version": SealEntry.version + 1}
    printed = update(SealEntry).where(*waiting).values(state=S.PRINTED, **dated).returning(SealEntry.id)
    done = sorted(db.session.scalars(printed.execution_options(synchronize_session=False)))
    history.write_many(SealEntry.__tablename__, done, by, mark_printed.verb, "打印", S.PRINTED, S.GENERATED)
    audit.write_many(by, f"{flow.name}.{mark_printed.verb}", SealEntry.__tablename__, done, ("state",))
