"""The calendar from the command line."""

import click

from portal.actors import SYSTEM
from portal.cli import commits
from portal.scheme import workflow


@click.group("scheme")
def scheme() -> None:
    """The scheme year and its calendar."""


@scheme.command("seed-calendar")
@click.argument("years", nargs=-1, type=int)
@commits
def seed_calendar(years: tuple[int, ...]) -> None:
    """Enter the State Council's days off of these years (of every year that the library knows when none is named)."""
    for year in years or workflow.KNOWN_YEARS:
        changed = workflow.set_days(SYSTEM, workflow.known_days(year))
        click.echo(f"{year}年：{changed} 天有变化。")
