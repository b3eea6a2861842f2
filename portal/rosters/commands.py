"""`flask roster`: the template, and a unit's members from a spreadsheet with a report row by row."""

from pathlib import Path

import click

from portal import web
from portal.actors import SYSTEM
from portal.cli import commits
from portal.errors import RuleBroken
from portal.rosters import queries, workflow
from portal.rosters.comparing import PlannedRow
from portal.rosters.models import RowResult
from portal.rosters.template_book import template_book


@click.group("roster")
def roster_group() -> None:
    """Rosters of units."""


@roster_group.command("template")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("在职党员名册模板.xlsx"))
def template(out: Path) -> None:
    """Write the workbook that a unit fills in."""
    out.write_bytes(template_book(queries.known_homes()))
    click.echo(f"已写出 {out}")


@roster_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", required=True, help="单位代码。")
@click.option("--dry-run", is_flag=True, help="只报告，不写入。")
@click.option("--only-right", is_flag=True, help="有错误的行时仍写入正确的行。")
@commits
def import_(file: Path, code: str, dry_run: bool, only_right: bool) -> None:
    """Import a unit's members from FILE and report on every row; bad rows end it unless --only-right."""
    unit = queries.unit_of_code(code)
    if unit is None:
        raise RuleBroken(f"没有代码为 {code} 的单位。")
    unit_id, data = unit.id, file.read_bytes()
    preview = workflow.examine(unit_id, data)
    _report(preview)
    if dry_run:
        click.echo("演练：没有写入。")
        return
    if preview.count(RowResult.BAD) and not only_right:
        raise RuleBroken("有错误的行，没有写入；改正后再导入，或加 --only-right 只写入正确的行。")
    if not any(preview.count(result) for result in (RowResult.NEW, RowResult.CHANGED, RowResult.ELSEWHERE)):
        click.echo("文件与现有名册一致，没有需要写入的内容。")
        return
    roster = web.keep_each(workflow.stage(preview, unit_id, SYSTEM, file.name, data))
    workflow.preview(roster, SYSTEM)
    (workflow.write_right if only_right else workflow.write)(roster, SYSTEM)
    click.echo("已写入名册。")


def _report(preview: workflow.Preview) -> None:
    for note in preview.notes:
        click.echo(note)
    for row in preview.rows:
        where = f"第{row.line}行" if len(preview.heads) == 1 else f"“{row.sheet}”第{row.line}行"
        click.echo(f"{where}\t{row.name or '（无姓名）'}\t{row.result.label}\t{_words(row)}".rstrip())
    for member in preview.missing:
        click.echo(f"不在文件中\t{member.name}\t保留不变")
    click.echo("，".join(f"{result.label} {preview.count(result)}" for result in RowResult))


def _words(row: PlannedRow) -> str:
    bad = [f"{label}：{reason}" for label, reason in row.problems]
    changed = [f"{label}：{old} → {new}" for label, old, new in row.changes]
    return "；".join([*bad, *changed, row.note]).strip("；")
