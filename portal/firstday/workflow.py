"""An import of the running scheme (期初), from the uploaded workbook to the county's data and back.

As with a roster, whatever takes long happens before anything is locked: the file is parsed apart, compared, and laid
down row by row in parts of 200 under an import that nobody sees until its last part. Two people of the county stand
behind it: one uploads and submits, another looks it through and has it written, all or nothing; only then do this
year's hours count. Whoever changed a row in between is not overwritten: writing and undoing compare first.
"""

import json
from collections.abc import Iterator

from sqlalchemy import delete, insert

from portal import clock, vault
from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db, reading
from portal.firstday import queries, undoing, writing
from portal.firstday.models import KEPT_FOR, RESULTS, FirstdayImport, FirstdayRow, FirstdayState, RowResult
from portal.firstday.planning import Preview, plan_book
from portal.firstday.plans import Plan, packed
from portal.flow import Flow, who
from portal.sheets import Marks, mark_book, read_book

PART = 200
MOST_ROWS = 50_000
S = FirstdayState
CHANGES = (RowResult.NEW, RowResult.CHANGED)
flow = Flow(FirstdayImport, "这次期初导入", "firstday", "firstday")


@who("县委组织部")
def county(firstday: FirstdayImport, by: Actor) -> bool:
    """Anybody of the county office, or a command of the machine's operator."""
    return by.is_in(Role.COUNTY, Role.SYSTEM)


@who("上传人本人")
def uploader(firstday: FirstdayImport, by: Actor) -> bool:
    """Who uploaded it, or a command of the machine's operator."""
    own = by.is_in(Role.COUNTY) and same(by.user_id, firstday.by_user_id)
    return own or by.is_in(Role.SYSTEM)


@who("上传人以外的县委组织部同志")
def second_person(firstday: FirstdayImport, by: Actor) -> bool:
    """Another person of the county office; what the operator's command brought is written by the command."""
    other = by.is_in(Role.COUNTY) and not same(by.user_id, firstday.by_user_id)
    return other or by.is_in(Role.SYSTEM)


def examine(data: bytes) -> Preview:
    """What this workbook would do to the county's data; SheetRefused or NoHead when it can't be used."""
    with reading():
        book = read_book(data, MOST_ROWS)
        preview = plan_book(book, clock.today())
    return preview


def stage(preview: Preview, by: Actor, file_name: str, data: bytes | None) -> Iterator[FirstdayImport]:
    """Lay the import down part by part, unseen; the caller commits after each part and then makes it `preview`."""
    if not by.is_in(Role.COUNTY, Role.SYSTEM):
        raise NotYours("期初数据只能由县委组织部导入。")
    firstday = FirstdayImport(
        file_name=_short(file_name), at=clock.now(), by_name=by.shown, by_user_id=by.user_id,
        by_appointment_id=by.appointment_id, by_role=by.role.value,
        heads=json.dumps(preview.heads, ensure_ascii=False), counts=json.dumps(preview.counts),
        notes=_short("\n".join(preview.notes), 1000),
    )  # fmt: skip
    db.session.add(firstday)
    db.session.flush()
    firstday_id = firstday.id
    firstday.file_sealed = vault.seal_bytes(data, _place(firstday_id)) if data else None
    yield firstday
    for start in range(0, len(preview.plans), PART):
        lines = [_line(firstday_id, plan) for plan in preview.plans[start : start + PART]]
        db.session.execute(insert(FirstdayRow), lines)
        yield firstday


def _line(firstday_id: int, plan: Plan) -> dict:
    row = FirstdayRow()
    words = {"name": plan.name, "problems": plan.problems, "changes": plan.changes, "note": plan.note}
    row.words = json.dumps(words, ensure_ascii=False)
    if plan.result in CHANGES:
        facts = {"after": packed(plan.after), "before": packed(plan.before)}
        row.facts = json.dumps(facts, ensure_ascii=False)
    return {
        "firstday_id": firstday_id, "position": plan.position, "part": plan.part, "sheet": plan.sheet[:60],
        "line": plan.line, "result": plan.result, "row_id": plan.row_id, "seal_id": row.seal_id,
        "words_sealed": row.words_sealed, "facts_sealed": row.facts_sealed,
    }  # fmt: skip


@flow.move("上传", start=S.STAGING, end=S.PREVIEWED, who=uploader)
def preview(firstday: FirstdayImport, by: Actor) -> None:
    """The county has uploaded the running scheme's data and may look at what they would change.  [二(一)]"""


@flow.move("全部提交", start=S.PREVIEWED, end=S.SUBMITTED, who=uploader, done="已提交，请另一位同志核对后写入。")
def submit(firstday: FirstdayImport, by: Actor) -> None:
    """The uploader submits a workbook without bad rows to a second person.  [二(一)]"""
    if bad := firstday.count(RowResult.BAD):
        raise RuleBroken(f"还有{bad}行有错误：请改正后重新上传，或只提交正确的行。")
    _needs_changes(firstday)
    firstday.file_sealed = None


@flow.move("只提交正确的行", start=S.PREVIEWED, end=S.SUBMITTED, who=uploader,
           done="正确的行已提交，请另一位同志核对后写入。")  # fmt: skip
def submit_right(firstday: FirstdayImport, by: Actor) -> None:
    """The uploader submits the right rows and leaves the bad ones for another upload.  [二(一)]"""
    _needs_changes(firstday)


def _needs_changes(firstday: FirstdayImport) -> None:
    if not firstday.count(*CHANGES):
        raise RuleBroken("没有需要写入的内容：文件与系统中的数据一致。")


@flow.move("核对无误，写入", start=S.SUBMITTED, end=S.WRITTEN, who=second_person, done="期初数据已写入。")
def write(firstday: FirstdayImport, by: Actor, lines: writing.Lines | None = None) -> None:
    """A second person of the county has the data written; this year's hours count from here on.  [二(一)] [二(二)4]"""
    writing.write(firstday, by, lines or writing.lines_of(firstday.id))


@flow.move("退回上传人", start=S.SUBMITTED, end=S.PREVIEWED, who=second_person, reason=True, danger=True)
def send_back(firstday: FirstdayImport, by: Actor) -> None:
    """A second person finds something wrong and gives the upload back.  [二(一)]"""


@flow.move("放弃", start=(S.PREVIEWED, S.SUBMITTED), end=S.DROPPED, who=uploader, danger=True)
def drop(firstday: FirstdayImport, by: Actor) -> None:
    """The uploader gives the upload up; its rows and the file are forgotten.  [二(一)]"""
    forget(firstday)


@flow.move(
    "撤销导入", start=S.WRITTEN, end=S.UNDONE, who=county, reason=True, danger=True,
    done="已撤销：新增的内容已移除，更新的内容已恢复原样。", when=lambda firstday, by: firstday.kept,
)  # fmt: skip
def undo(firstday: FirstdayImport, by: Actor) -> None:
    """The county takes a whole import back within a month, as long as nothing was built on it.  [二(一)]"""
    if not firstday.kept:
        raise RuleBroken(f"上传已满{KEPT_FOR[S.WRITTEN].days}天，原来的内容已清除，不能整批撤销。")
    undoing.undo(firstday)
    forget(firstday)


def forget(firstday: FirstdayImport) -> None:
    """Delete the rows of an import and its file; its counts stay."""
    rows = delete(FirstdayRow).where(FirstdayRow.firstday_id == firstday.id)
    db.session.execute(rows.execution_options(synchronize_session=False))
    firstday.file_sealed = None


def marked_file(firstday: FirstdayImport) -> bytes | None:
    """The sender's own workbook with a column 错误原因 for every row that was not taken; None once it is forgotten."""
    sealed = queries.file_of(firstday)
    if sealed is None:
        return None
    heads = json.loads(firstday.heads)
    words: dict[str, dict[int, str]] = {sheet: {} for sheet in heads}
    for result in (RowResult.BAD, RowResult.TWICE):
        for row in queries.rows_of(firstday, result, None, limit=firstday.count(*RESULTS)):
            reasons = [r if r.startswith(label) else f"{label}：{r}" for label, r in row["problems"]]
            words[row["sheet"]][row["line"]] = " ".join(reasons) or f"未写入：{row['note']}"
    data = vault.unseal_bytes(sealed, _place(firstday.id))
    with reading():
        return mark_book(data, [Marks(sheet, heads[sheet], lines) for sheet, lines in words.items()], MOST_ROWS)


def _place(firstday_id: int) -> str:
    return f"firstday_imports.file:{firstday_id}"


def _short(words: str, most: int = 120) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
