"""The commands of the papers room."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import select

from portal import web
from portal.actors import SYSTEM, Actor, Role
from portal.extensions import db
from portal.papers import queries
from portal.papers.catalogue import PAPERS, Paper
from portal.papers.drawing import PART, draw_part
from portal.papers.merge import merge
from portal.papers.workflow import Wanted
from portal.people.models import Community, Unit

KINDS = (
    "certificate", "info-card", "receipt", "record-card", "pledge-card", "household-card", "household-card-unit",
    "service-proof", "wish-slip", "bulletin",
)  # fmt: skip
OPERATOR = Actor(role=Role.COUNTY, name="命令行")


@click.group("papers")
def papers_group() -> None:
    """Official papers."""


@papers_group.command("render")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(KINDS),
)
@click.option("--year", required=True, type=click.IntRange(2014, 2099))
@click.option("--unit", "unit_code", help="单位代码")
@click.option("--community", "community_code", help="社区代码")
@click.option("--duplex", is_flag=True, help="每一份从单数页开始")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
def render(kind: str, year: int, unit_code, community_code, duplex: bool, out: Path) -> None:
    """Papers of one kind and year as one PDF in the folder OUT, by number; exit 1 when one could not be drawn."""
    paper = PAPERS[kind]
    if unit_code and kind == "wish-slip":
        raise click.ClickException("心愿受理单属于社区，请用 --community。")
    unit_id, community_id = _id(Unit, unit_code, "单位"), _id(Community, community_code, "社区")
    wanted = Wanted(kind, year, unit_id, community_id, duplex)
    operator = SYSTEM if paper.each_noted else OPERATOR
    ids = queries.ids_of(queries.in_bulk(paper, operator, year, unit_id, community_id))
    if not ids:
        raise click.ClickException("没有符合条件的表可以打印。")
    out.mkdir(parents=True, exist_ok=True)
    name = "-".join(filter(None, (kind, str(year), unit_code, community_code)))
    failed: list[str] = []
    with tempfile.TemporaryDirectory(dir=out) as scratch, click.progressbar(length=len(ids), label=paper.title) as bar:
        parts = []
        for start in range(0, len(ids), PART):
            pdf, lost = draw_part(paper, operator, ids[start : start + PART], wanted, full=True)
            failed += lost
            if pdf:
                parts.append(Path(scratch) / f"{start:06}.pdf")
                parts[-1].write_bytes(pdf)
            bar.update(len(ids[start : start + PART]))
        if parts:
            web.keep_each(_noted(paper, operator, ids))
            merge(parts, Path(scratch) / "whole.pdf", f"{year}年{paper.title}")
            (Path(scratch) / "whole.pdf").replace(out / f"{name}.pdf")
    click.echo(f"{out / name}.pdf  {len(ids) - len(failed)} 份")
    if failed:
        raise click.ClickException("没有印出：" + "、".join(failed))


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
