"""The commands of the papers room."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import select

from portal import audit, web
from portal.actors import SYSTEM, Actor, Role
from portal.extensions import db
from portal.papers import kept_files, queries, sign_in_sheet
from portal.papers.catalogue import PAPERS, Paper
from portal.papers.drawing import whole_of
from portal.papers.side_by_side import draw_parts
from portal.papers.workflow import PART, Lost, Wanted
from portal.people.models import Community, Unit

OPERATOR = Actor(role=Role.COUNTY, name="命令行")


@click.group("papers")
def papers_group() -> None:
    """Official papers."""


@papers_group.command("render")
@click.option("--kind", required=True, help="种类，如 record-card")
@click.option("--year", required=True, type=click.IntRange(2014, 2099))
@click.option("--unit", "unit_code", help="单位代码")
@click.option("--community", "community_code", help="社区代码")
@click.option("--duplex", is_flag=True, help="每一份从单数页开始")
@click.option("--each", is_flag=True, help="每份一个文件，按编号命名")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
def render(kind: str, year: int, unit_code, community_code, duplex: bool, each: bool, out: Path) -> None:
    """Papers of one kind and year in the folder OUT, by number: one PDF or a file each; exit 1 when one is lost."""
    if kind not in PAPERS:
        raise click.ClickException(f"没有这种表样：{kind}。可以用的有：{'、'.join(sorted(PAPERS))}。")
    paper = PAPERS[kind]
    if unit_code and kind == "wish-slip":
        raise click.ClickException("心愿受理单属于社区，请用 --community。")
    unit_id, community_id = _id(Unit, unit_code, "单位"), _id(Community, community_code, "社区")
    wanted = Wanted(kind, year, unit_id, community_id, duplex, each)
    operator = SYSTEM if paper.each_noted or kind == sign_in_sheet.KIND else OPERATOR
    ids = queries.ids_of(queries.in_bulk(paper, operator, year, unit_id, community_id))
    if not ids:
        raise click.ClickException("没有符合条件的表可以打印。")
    target = out / "-".join(filter(None, (kind, str(year), unit_code, community_code)))
    audit.write(SYSTEM, "papers.render", fields=paper.private, reason=f"{target.name}（命令行）")
    web.keep()
    keys, lost = _draw(operator, ids, wanted, paper.title)
    if keys:
        web.keep_each(_noted(paper, operator, [key for key in ids if key not in {each.case_id for each in lost}]))
        target = _hand_over(keys, target, each, f"{year}年{paper.title}")
    click.echo(f"{target}  {len(ids) - len(lost)} 份")
    if lost:
        raise click.ClickException("没有印出：" + "；".join(f"{each.called}（{each.reason}）" for each in lost))


def _draw(by: Actor, ids: list[int], wanted: Wanted, title: str) -> tuple[list[str], list[Lost]]:
    """The kept files of these papers, fifty in each, and those that did not come out."""
    keys, lost = [], []
    parts = [ids[start : start + PART] for start in range(0, len(ids), PART)]
    with click.progressbar(length=len(ids), label=title) as bar:
        for part, drawn in zip(parts, draw_parts(by, parts, wanted), strict=True):
            keys += [drawn.key] if drawn.key else []
            lost += drawn.lost
            bar.update(len(part))
    return keys, lost


def _hand_over(keys: list[str], target: Path, each: bool, title: str) -> Path:
    """Lay the files down for whoever called: one PDF, or a folder of them; where they are now."""
    target.parent.mkdir(parents=True, exist_ok=True)
    whole = kept_files.path_of(whole_of(keys, each, title))
    if each:
        with zipfile.ZipFile(whole) as files:
            files.extractall(target)
        return target
    return Path(shutil.copyfile(whole, target.with_name(f"{target.name}.pdf")))


def _noted(paper: Paper, by: Actor, ids: list[int]) -> Iterator[None]:
    paper.note_each(by, ids)
    yield


def _id(model, code: str | None, noun: str) -> int | None:
    if code is None:
        return None
    found = db.session.scalar(select(model.id).where(model.code == code))
    if found is None:
        raise click.ClickException(f"没有代码为 {code} 的{noun}。")
    return found
