"""The county keeps the templates of exports for other platforms, and sends lists by them; each is audited."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit, list_sheets
from portal.actors import Actor, Role
from portal.bridge.catalogue import SOURCES, fields_of
from portal.bridge.columns import Chosen, FileFormat
from portal.bridge.models import BridgeColumn, BridgeTemplate
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.list_sheets import ListSheet
from portal.sheet_writing import new_book, new_csv


def save(
    by: Actor, template: BridgeTemplate, name: str, columns: Sequence[Chosen], active: bool = True
) -> BridgeTemplate:
    """Write a new template, or say anew what one is. Raises NotYours, RuleBroken."""
    _check(by)
    taken = RuleBroken(f"已有名为“{name}”的模板，请换一个名称。")
    same = select(BridgeTemplate.id).where(BridgeTemplate.name == name, BridgeTemplate.id.is_distinct_from(template.id))
    if db.session.scalar(same):
        raise taken
    known = fields_of(template.kind)
    wanted = sorted((each for each in columns if each.field in known), key=lambda each: each.place)
    if not wanted:
        raise RuleBroken("请至少选择一列：在要导出的字段前写第几列。")
    kept = {column.field: column for column in template.columns}
    template.name, template.active = name, active
    template.columns = [_column(kept.get(each.field), place, each) for place, each in enumerate(wanted, 1)]
    db.session.add(template)
    try:
        db.session.flush()
    except IntegrityError:
        raise taken from None  # of two who gave the name at once the unique index let one through
    audit.write(by, "bridge_templates.save", template, fields=("name", "columns", "active"))
    return template


def _column(column: BridgeColumn | None, place: int, chosen: Chosen) -> BridgeColumn:
    column = column or BridgeColumn(field=chosen.field)
    column.place, column.heading = place, chosen.heading
    return column


def sheet_of(template: BridgeTemplate, year: int, community_id: int | None) -> ListSheet:
    """The list of a template: its columns under its headings, of a year, of one community or all."""
    source, fields = SOURCES[template.kind], fields_of(template.kind)
    chosen = [(column.heading, fields[column.field]) for column in template.columns if column.field in fields]
    return ListSheet(
        "bridge", template.name, "bridge.page", lambda by: (source.rows(year, community_id), ""),
        [(heading, field.width, field.cell) for heading, field in chosen], source.keys, gather=source.gather(year),
    )  # fmt: skip


def made(
    by: Actor, template: BridgeTemplate, sheet: ListSheet, file: FileFormat, let_go: Callable[[], None]
) -> tuple[bytes, int]:
    """The file, its headings in the first line as an import wants them, and how many lines it has.

    `let_go` is called once a part is read (see `extensions.one_reading`).
    """
    _check(by)
    if not template.active:
        raise RuleBroken("这个模板已停用，请先启用再下载。")
    rows, _, count = list_sheets.chosen(sheet, by)
    lines = sheet.lines(rows, let_go)
    if file is FileFormat.CSV:
        return new_csv([label for label, _ in sheet.heads], lines), count
    return new_book(template.kind.label, sheet.heads, lines), count


def note(by: Actor, template: BridgeTemplate, count: int, words: str) -> None:
    """Leave a row in the trail: who took what out to another platform."""
    audit.write(by, "bridge_templates.export", template, reason=f"对接导出“{template.name}”{words} {count} 行")


def _check(by: Actor) -> None:
    if not by.is_in(Role.COUNTY):
        raise NotYours("对接导出由县委组织部办理。")
