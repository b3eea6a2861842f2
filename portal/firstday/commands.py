"""`flask firstday`: the workbook to fill in, and the running scheme's data from it with a report row by row."""

from pathlib import Path

import click

from portal import web
from portal.actors import SYSTEM
from portal.cli import commits
from portal.errors import RuleBroken
from portal.firstday import queries, workflow
from portal.firstday.models import RESULTS, RowResult
from portal.firstday.planning import Preview
from portal.firstday.plans import Plan
from portal.firstday.template_book import template_book


@click.group("firstday")
def firstday_group() -> None:
    """The running scheme's data on the first day."""


@firstday_group.command("template")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("期初数据模板.xlsx"))
def template(out: Path) -> None:
    """Write the workbook that the county fills in."""
    out.write_bytes(template_book(queries.known_places()))
    click.echo(f"已写出 {out}")


@firstday_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只报告，不写入。")
@click.option("--only-right", is_flag=True, help="有错误的行时仍写入正确的行。")
@commits
def import_(file: Path, dry_run: bool, only_right: bool) -> None:
    """Import the running scheme's data from FILE and report on every row; bad rows end it unless --only-right.

    This year's services wait for a second person of their community, since a command is nobody.
    """
    data = file.read_bytes()
    preview = workflow.examine(data)
    _report(preview)
    if dry_run:
        click.echo("演练：没有写入。")
        return
    if preview.count(RowResult.BAD) and not only_right:
        raise RuleBroken("有错误的行，没有写入；改正后再导入，或加 --only-right 只写入正确的行。")
    if not preview.count(*workflow.CHANGES):
        click.echo("文件与系统中的数据一致，没有需要写入的内容。")
        return
    firstday = web.keep_each(workflow.stage(preview, SYSTEM, file.name, data))
    workflow.preview(firstday, SYSTEM)
    (workflow.submit_right if only_right else workflow.submit)(firstday, SYSTEM)
    workflow.write(firstday, SYSTEM)
    click.echo("已写入期初数据。")


def _report(preview: Preview) -> None:
    for note in preview.notes:
        click.echo(note)
    for plan in preview.plans:
        where = f"“{plan.sheet}”第{plan.line}行"
        click.echo(f"{where}\t{plan.name or '（无名称）'}\t{plan.result.label}\t{_words(plan)}".rstrip())
    click.echo("，".join(f"{result.label} {preview.count(result)}" for result in RESULTS))


def _words(plan: Plan) -> str:
    bad = [f"{label}：{reason}" for label, reason in plan.problems]
    changed = [f"{label}：{old} → {new}" for label, old, new in plan.changes]
    return "；".join([*bad, *changed, plan.note]).strip("；")
