"""`flask demo`: load the demonstration into an empty database."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext
from sqlalchemy import select, text

from portal import audit, clock, planner
from portal.accounts.models import User
from portal.actors import SYSTEM
from portal.cli import commits
from portal.demo import (
    attesting,
    befriending,
    bridging,
    calling,
    concluding,
    deferring,
    doubling,
    evaluating,
    feeding_back,
    gathering,
    handing_in,
    hearing,
    inspecting,
    inviting,
    joint,
    keeping_contact,
    moving,
    nominating,
    notifying,
    opening,
    pairing,
    persons,
    places,
    pledging,
    posting,
    praising,
    publicising,
    raising,
    remarking,
    reporting,
    sealing,
    serving,
    suggesting,
    teaming,
    wishing,
    working,
)
from portal.demo.county import County
from portal.demo.scale import SCALES, Scale
from portal.demo.writing import let_sequences_follow
from portal.errors import RuleBroken
from portal.extensions import db
from portal.people.models import Supervisor

# What is written by the moves themselves, in this order, once the sequences follow.
BY_MOVES = (
    moving, raising, doubling, remarking, inviting, joint, hearing, attesting, notifying, opening, bridging,
    feeding_back, concluding,
)  # fmt: skip


@click.command("demo")
@click.option("--scale", type=click.Choice(list(SCALES)), default="small", show_default=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds something.")
@with_appcontext
@commits
def demo_command(scale: str, if_empty: bool) -> None:
    """Load made-up, life-like data; refuses a database that is not empty."""
    if _is_settled():
        if if_empty:
            return
        raise RuleBroken("数据库不是空的，演示数据只能装入空库。")
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA cache_size = -600000"))  # KiB: pages are written out once, at the end
    with _no_collector():
        load(SCALES[scale])
    click.echo(f"演示数据（{scale}）已装入。")


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the collector of circles: it walked all the rows in the making again and again, which are in none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def load(scale: Scale) -> County:
    """Write the demonstration of this scale; the caller commits."""
    county = County(scale, clock.today())
    places.settle(county)
    persons.settle(county)
    pairing.settle(county)
    reporting.settle(county)
    teaming.settle(county)
    serving.settle(county, wishing.settle(county))
    gathering.settle(county)
    pledging.settle(county)
    calling.settle(county, befriending.settle(county))
    posting.settle(county)
    suggesting.settle(county)
    publicising.settle(county)
    deferring.settle(county)
    praising.settle(county)
    planner.count_anew()  # from here on what was written is read again
    evaluating.settle(county)
    nominating.settle(county)
    working.settle(county)
    keeping_contact.settle(county)
    handing_in.settle(county)
    let_sequences_follow()
    for part in BY_MOVES:
        part.settle(county)
    inspecting.settle(county)
    sealing.settle(county)
    audit.write(SYSTEM, "demo.load")
    return county


def _is_settled() -> bool:
    """Whether anything of a county is there: a login made by hand keeps the demonstration out too."""
    return any(db.session.scalar(select(model.id).limit(1)) for model in (Supervisor, User))
