"""The command line: the kernel's own commands, and the one way by which a command commits."""

import datetime as dt
import functools
import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from portal import audit, bulk, clock, faces, once, planner, queue, throttle, undo, uploads, vault
from portal.actors import SYSTEM
from portal.doors import door_of
from portal.errors import Refused
from portal.extensions import db


def inside_only(command: Callable) -> Callable:
    """Run on an office's face only: what time does and works in the background needs all keys and all files."""

    @functools.wraps(command)
    def run(*args, **kwargs):
        if not faces.here().is_inside:
            raise click.ClickException("这个命令只在办公面（FLASK_FACE=internal）或合一（all）的主机上运行。")
        return command(*args, **kwargs)

    return run


def commits(command: Callable) -> Callable:
    """Commit when the command ends well; a refusal changes nothing and ends with its sentence and exit code 1."""

    @functools.wraps(command)
    def run(*args, **kwargs):
        try:
            result = command(*args, **kwargs)
            db.session.commit()
            return result
        except Refused as refusal:
            db.session.rollback()
            raise click.ClickException(refusal.sentence) from refusal

    return run


def register(app: Flask) -> None:
    """Add the kernel's commands; `routes` is added by the package's entry point, since Flask has one of its own."""
    app.cli.add_command(audit_group)
    app.cli.add_command(keys_group)
    app.cli.add_command(tick_command)
    app.cli.add_command(worker_command)
    queue.sweep(forget_old_keys)
    queue.sweep(bulk.forget_old_acts)
    queue.sweep(undo.forget_old)
    queue.sweep(uploads.sweep_uploads)
    queue.sweep(planner.follow_growth)


@click.command("tick")
@click.option("--now", "iso", help="the moment to act for (ISO 8601; without zone: the county's)")
@inside_only
def tick_command(iso: str | None) -> None:
    """Everything that time does; done twice it does the same as once."""
    try:
        now = clock.moment_of(iso) if iso else clock.now()
    except ValueError as wrong:
        raise click.BadParameter("请写成 2026-05-16T08:00 这样的时间。") from wrong
    if failed := queue.tick(now, db.session.commit, db.session.rollback):
        raise click.ClickException("没有做成：" + "、".join(failed))


@click.command("worker")
@inside_only
def worker_command() -> None:
    """Background work, until SIGTERM or Ctrl-C; a work in several parts goes on where it stopped."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    queue.run(stop, db.session.commit, db.session.rollback)


def forget_old_keys(now: dt.datetime) -> None:
    """A sweep: forms sent and tries counted more than a day ago are no longer known."""
    once.forget_old()
    throttle.forget_old()


@click.group("routes")
def routes_group() -> None:
    """The routes of the portal."""


@routes_group.command("policy")
@with_appcontext
def routes_policy() -> None:
    """Print every route, its methods, the faces that serve it besides `all`, and who may use it."""
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        door = door_of(rule.endpoint)
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        stands = ",".join(face.value for face in door.faces) if door else "NO FACE"
        click.echo(f"{rule.rule:50} {methods:10} {stands:22} {door.words if door else 'NO DOOR'}")


@click.group("keys")
def keys_group() -> None:
    """The keys of the portal."""


@keys_group.command("public")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
@inside_only
def keys_public(out: Path) -> None:
    """Write the key file of a public face (mode 600): with it one can seal, but neither unseal nor sign."""
    from portal.papers import paper_keys

    keys = vault.public_keys() | {"papers": paper_keys.public_pem().decode()}
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(keys, file, indent=1)
    except OSError as failure:
        raise click.ClickException(f"写不了 {out}：{failure.strerror}。") from failure
    click.echo(f"已写入 {out}，只能加密，不能解密。请拷到公众面的主机上，用 FLASK_PUBLIC_KEYS 指明。")


@keys_group.command("rotate-paper-key")
@with_appcontext
@inside_only
@commits
def rotate_paper_key() -> None:
    """Let a new key sign papers from now on; the old one stays published, so that old papers stay valid."""
    from portal.papers import paper_keys

    old, new = paper_keys.rotate()
    audit.write(SYSTEM, "keys.rotate_paper", reason=f"{old} → {new}")
    click.echo(f"新的签章密钥 {new} 已启用；旧的 {old} 不再签名，公钥仍然公布，以前的表照常核验。")
    click.echo("请再运行 flask keys public，把新的密钥文件换到公众面的主机上；seal_key.pem 另抄一份保管。")


@click.group("audit")
def audit_group() -> None:
    """The audit trail."""


@audit_group.command("verify")
def audit_verify() -> None:
    """Check the chain of the whole trail; exit 1 at the first row that does not hold."""
    broken = audit.first_broken()
    if broken is not None:
        raise click.ClickException(f"审计链在第 {broken} 行断裂。")
    click.echo("审计链完整。")
