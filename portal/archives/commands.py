"""The commands of the archive: a package of a year, a unit or a community, and its check."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from portal import audit, clock, web
from portal.actors import SYSTEM
from portal.archives import building, manifest, packing
from portal.archives.models import CopyState
from portal.archives.scope import Scope, enter_missing, final_kinds
from portal.cli import inside_only
from portal.extensions import db
from portal.papers import paper_keys
from portal.people.models import Community, Unit


@click.group("archive")
def archive_group() -> None:
    """The archive of final papers."""


@archive_group.command("build")
@click.option("--year", required=True, type=click.IntRange(2014, 2099))
@click.option("--unit", "unit_code", help="单位代码")
@click.option("--community", "community_code", help="社区代码")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
@inside_only
def build(year: int, unit_code, community_code, out: Path) -> None:
    """Store what is not stored yet and write the package into the empty folder OUT; exit 1 where a paper is missing."""
    if out.exists() and any(out.iterdir()):
        raise click.ClickException(f"{out} 不是空的：请换一个新的文件夹。")
    unit, community = _row(Unit, unit_code, "单位"), _row(Community, community_code, "社区")
    whose = "".join(row.name for row in (unit, community) if row) or current_app.config["COUNTY_NAME"]
    office = f"{current_app.config['COUNTY_NAME']}{current_app.config['OFFICE_NAME']}"
    scope = Scope(year, final_kinds(), unit and unit.id, community and community.id)
    label = packing.Label(f"{whose}{year}年归档表册", office, unit_code, community_code)
    audit.write(SYSTEM, "archive.build", reason=f"{label.title}（命令行）")
    web.keep()
    total = _store(scope)
    out.mkdir(parents=True, exist_ok=True)
    count = _pack(scope, label, out)
    web.keep_each(building.note_looks(scope, SYSTEM))
    click.echo(f"{out}  {count} 件，{clock.today()}，公钥 {paper_keys.called(paper_keys.public_keys()[0])}")
    if left := max(0, total - count):
        raise click.ClickException(f"有 {left} 份还没有归档，不在包里：见网页“归档”里“待归档”“未能归档”的。")


@archive_group.command("verify")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="公布的公钥文件（PEM）")
def verify(folder: Path, key: Path | None) -> None:
    """Check a package by nothing but its folder; each thing that is wrong is named, exit 1."""
    try:
        keys = paper_keys.read_public_keys(key.read_bytes()) if key else None
    except (ValueError, TypeError) as wrong:
        raise click.ClickException(f"{key} 不是公钥文件。") from wrong
    found = manifest.check(folder, keys)
    for line in found.wrong:
        click.echo(line)
    if found.wrong:
        raise click.ClickException(f"归档包有 {len(found.wrong)} 处不符。")
    click.echo(f"归档包完好：{found.papers} 件，签名相符，公钥 {found.key}。")
    if not key:
        click.echo("公钥取自包内：请与网站“真伪验证”页公布的核对，或用 --key 指定公布的公钥文件。")


def _store(scope: Scope) -> int:
    """Store what waits in the scope, with a progress bar; how many papers there are then."""
    web.keep_each(enter_missing(scope))
    with click.progressbar(length=scope.count(CopyState.WAITING), label="归档") as bar:
        web.keep_each(_advance(bar, building.store_waiting(scope, web.keep)))
    return scope.count(*CopyState)


def _pack(scope: Scope, label: packing.Label, out: Path) -> int:
    packed, count = building.in_parts(packing.pack(scope, label, out)), 0
    with click.progressbar(length=scope.count(*packing.KEPT), label="装包") as bar:
        try:
            for count in packed:
                bar.update(count - bar.pos)
        except packing.Spoilt as broken:
            raise click.ClickException(str(broken)) from broken
    return count


def _advance(bar, steps):
    for stored in steps:
        bar.update(stored)
        yield stored


def _row(model, code: str | None, noun: str):
    """The unit or community of this code; None where none is asked for."""
    if code is None:
        return None
    found = db.session.scalar(select(model).where(model.code == code))
    if found is None:
        raise click.ClickException(f"没有代码为 {code} 的{noun}。")
    return found
