"""An import of a roster, from the uploaded file to the members and back.

Whatever takes long happens before anything is locked: the file is parsed apart, compared with the roster, and
laid down row by row as the members *will* stand (`staged_members`), in parts of 200 under an import that nobody
sees until its last part. A stop in the middle leaves such an unseen import, swept away by the tick; the liaison
uploads again. Writing is then a few statements that copy the staged members over, in one short
transaction: all of them or none. Undoing copies the members as they *were* back, or takes the new ones out.
Whoever changed a member in between is not overwritten: both moves compare first and name the people.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import insert

from portal import clock, vault
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db, reading
from portal.flow import Flow, who
from portal.people.models import Member
from portal.rosters import copying, queries
from portal.rosters.comparing import PlannedRow, compare
from portal.rosters.models import KEPT, KEPT_FOR, ImportRow, ImportState, RosterImport, RowResult, staged_members
from portal.rosters.parsing import read_roster
from portal.sheets import Marks, mark_book, read_book

PART = 200
NAMED = 5  # people whom a refusal names
flow = Flow(RosterImport, "这次导入", "rosters", "roster")


_when_written: dict[Callable[[RosterImport, Actor], None], None] = {}
_when_undone: dict[Callable[[RosterImport, Actor], None], None] = {}


def when_written(written: Callable[[RosterImport, Actor], None], undone: Callable[[RosterImport, Actor], None]) -> None:
    """Later rooms say what follows when an import is written (people of other rosters asked for), and undone."""
    _when_written[written] = None
    _when_undone[undone] = None


@dataclass(frozen=True)
class Preview:
    """What an uploaded file would do: its rows, the head's line of each sheet read, and what to say of it."""

    rows: list[PlannedRow]
    heads: dict[str, int]
    notes: list[str]
    missing: list[Member]

    def count(self, result: RowResult) -> int:
        """How many rows have this result."""
        return sum(row.result == result for row in self.rows)


@who("本单位联络员")
def liaison_of(roster: RosterImport, by: Actor) -> bool:
    """The liaison of the unit, or a command of the machine's operator."""
    return by.is_in(Role.SYSTEM) or (by.is_in(Role.LIAISON) and by.unit_id == roster.unit_id)


def examine(unit_id: int, data: bytes) -> Preview:
    """What this file would do to the unit's roster; SheetRefused or NoHead when it can't be used."""
    with reading():
        book = read_book(data)
    sheets = read_roster(book, clock.today())
    with reading():
        known, homes = queries.known_members(unit_id), queries.known_homes()
    rows = compare(
        [row for sheet in sheets for row in sheet.rows],
        known,
        homes,
        lambda identities: queries.on_other_rosters(unit_id, identities),
    )
    db.session.rollback()
    notes = []
    if len(sheets) > 1:
        notes.append("读取了" + "、".join(f"“{sheet.name}”{len(sheet.rows)}行" for sheet in sheets) + "。")
    elif len(book) > 1:
        notes.append(f"只有工作表“{sheets[0].name}”有表头，已读取它。")
    if unknown := sorted({words for sheet in sheets for words in sheet.unknown}):
        notes.append("没有读取这些栏目：" + "、".join(unknown) + "。")
    return Preview(rows, {sheet.name: sheet.head for sheet in sheets}, notes, known.missing())


def stage(preview: Preview, unit_id: int, by: Actor, file_name: str, data: bytes) -> Iterator[RosterImport]:
    """Lay the import down part by part, unseen; the caller commits after each part and then makes it `preview`."""
    roster = RosterImport(
        unit_id=unit_id, file_name=_short(file_name), at=clock.now(), by_name=by.shown,
        heads=json.dumps(preview.heads, ensure_ascii=False), notes=_short("\n".join(preview.notes), 1000),
        **{result.value: preview.count(result) for result in RowResult},
    )  # fmt: skip
    if not liaison_of(roster, by):
        raise NotYours("名册只能由本单位联络员导入。")
    db.session.add(roster)
    db.session.flush()
    roster_id = roster.id
    roster.file_sealed = vault.seal_bytes(data, _place(roster_id))
    yield roster
    for start in range(0, len(preview.rows), PART):
        part = list(enumerate(preview.rows[start : start + PART], start + 1))
        lines = [_line(roster_id, position, row) for position, row in part]
        members = [entry for position, row in part for entry in _staged(roster_id, position, row)]
        db.session.execute(insert(ImportRow), lines)
        if members:
            db.session.execute(insert(staged_members), members)
        yield roster


def _line(roster_id: int, position: int, row: PlannedRow) -> dict:
    words = {}
    if row.problems or row.changes or row.note:
        words = {"name": row.name, "problems": row.problems, "changes": row.changes, "note": row.note}
    line = ImportRow(roster_id=roster_id, position=position)
    line.words = json.dumps(words, ensure_ascii=False) if words else None
    return {
        "roster_id": roster_id, "position": position, "sheet": row.sheet, "line": row.line, "result": row.result,
        "member_id": row.member_id, "seal_id": line.seal_id or "", "words_sealed": line.words_sealed,
    }  # fmt: skip


def _staged(roster_id: int, position: int, row: PlannedRow) -> list[dict]:
    place = {"roster_id": roster_id, "position": position}
    return [
        place | {"before": before} | {name: getattr(member, name) for name in KEPT}
        for before, member in ((True, row.before), (False, row.after))
        if member is not None
    ]


@flow.move("上传", start=ImportState.STAGING, end=ImportState.PREVIEWED, who=liaison_of)
def preview(roster: RosterImport, by: Actor) -> None:
    """The liaison has uploaded a roster and may look at what it would change.  [二(三)2]"""


@flow.move("全部写入", start=ImportState.PREVIEWED, end=ImportState.WRITTEN, who=liaison_of, done="已写入名册。")
def write(roster: RosterImport, by: Actor) -> None:
    """The liaison writes a roster without bad rows.  [二(三)2]"""
    if roster.bad:
        raise RuleBroken(f"还有{roster.bad}行有错误：请改正后重新上传，或只写入正确的行。")
    _write(roster, by)
    roster.file_sealed = None


@flow.move(
    "只写入正确的行", start=ImportState.PREVIEWED, end=ImportState.WRITTEN, who=liaison_of, done="正确的行已写入名册。"
)
def write_right(roster: RosterImport, by: Actor) -> None:
    """The liaison writes the right rows and leaves the bad ones for another upload.  [二(三)2]"""
    _write(roster, by)


@flow.move("放弃", start=ImportState.PREVIEWED, end=ImportState.DROPPED, who=liaison_of, danger=True)
def drop(roster: RosterImport, by: Actor) -> None:
    """The liaison gives the upload up; its rows and the file are forgotten.  [二(三)2]"""
    copying.forget(roster.id)
    roster.file_sealed = None


@flow.move(
    "撤销导入", start=ImportState.WRITTEN, end=ImportState.UNDONE, who=liaison_of, reason=True, danger=True,
    done="已撤销：新增的党员已移出名册，更新的内容已恢复原样。", when=lambda roster, by: roster.kept,
)  # fmt: skip
def undo(roster: RosterImport, by: Actor) -> None:
    """The liaison takes a whole import back within a month, as long as nothing was built on it.  [二(三)2]"""
    if not roster.kept:
        raise RuleBroken(f"上传已满{KEPT_FOR[ImportState.WRITTEN].days}天，原来的内容已清除，不能整批撤销。")
    if altered := copying.altered(roster, before=False):
        raise RuleBroken(f"{_people(altered)}的资料在导入之后又有改动，不能整批撤销。")
    if used := copying.in_use(roster):
        raise RuleBroken(f"{_people(used)}已有登录账号、报到等办理事项，不能整批撤销。")
    copying.copy_over(roster, before=True)
    copying.take_out(roster)
    for consequence in _when_undone:
        consequence(roster, by)
    copying.forget(roster.id)
    roster.file_sealed = None


def marked_file(roster: RosterImport) -> bytes | None:
    """The sender's own file with a column 错误原因 for every row that was not taken; None once it is forgotten."""
    sealed = queries.file_of(roster)
    if sealed is None:
        return None
    words: dict[str, dict[int, str]] = {sheet: {} for sheet in json.loads(roster.heads)}
    for result in (RowResult.BAD, RowResult.ELSEWHERE, RowResult.TWICE):
        for row in queries.rows_of(roster, result, limit=roster.count(result)):
            reasons = [
                reason if reason.startswith(label) else f"{label}：{reason}" for label, reason in row["problems"]
            ] or [f"未写入：{row['note']}"]
            words[row["sheet"]][row["line"]] = " ".join(reasons)
    data = vault.unseal_bytes(sealed, _place(roster.id))
    heads = json.loads(roster.heads)
    with reading():
        return mark_book(data, [Marks(sheet, heads[sheet], lines) for sheet, lines in words.items()])


def _write(roster: RosterImport, by: Actor) -> None:
    if not roster.new + roster.changed + roster.elsewhere:
        raise RuleBroken("没有需要写入的内容：文件与现有名册一致。")
    copying.hold_writing()
    moved = copying.altered(roster, before=True) + copying.already_there(roster)
    if moved:
        raise RuleBroken(f"{_people(moved)}的资料在预览之后有了变动，请放弃这次导入，重新上传核对。")
    copying.enter(roster, clock.today())
    copying.copy_over(roster, before=False)
    for consequence in _when_written:
        consequence(roster, by)


def _people(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等{len(names)}人" if len(names) > NAMED else "")


def _place(roster_id: int) -> str:
    return f"roster_imports.file:{roster_id}"


def _short(words: str, most: int = 120) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
