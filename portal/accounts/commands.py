"""Logins from the command line, by whoever runs the machine: the first county officer comes from here."""

import datetime as dt

import click
from sqlalchemy import select

from portal import clock
from portal.accounts import passwords, queries, scopes, workflow
from portal.accounts.forms import USERNAME
from portal.accounts.models import User
from portal.actors import SYSTEM, Role
from portal.cli import commits
from portal.errors import RuleBroken
from portal.extensions import db
from portal.people.models import Community, Grid, Supervisor, Unit

ROLES = [role.value for role in Role if role not in (Role.RESIDENT, Role.SYSTEM, Role.MEMBER)]
_PLACES = {"supervisor_id": (Supervisor, "党组织"), "unit_id": (Unit, "单位"), "community_id": (Community, "社区")}


@click.group("account")
def account() -> None:
    """Logins."""


@account.command("create")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--supervisor", "supervisor_id", help="Code of the body, for town, department and committee.")
@click.option("--unit", "unit_id", help="Code of the unit, for liaison.")
@click.option("--community", "community_id", help="Code of the community, for clerk and grid_worker.")
@click.option("--ends-on", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the appointment; needed for inspector.")
@click.option("--grid", help="Code of the grid, for grid_worker.")
@commits
def create(
    username: str, name: str, role: str, grid: str | None, ends_on: dt.datetime | None, **codes: str | None
) -> None:
    """Open a login with its first appointment and print its one-time password."""
    if not USERNAME.fullmatch(username):
        raise RuleBroken("用户名用 3 到 40 个小写字母、数字、点或短横，以字母开头。")
    password = passwords.first_password()
    user = workflow.open_login(SYSTEM, username, name, passwords.hash_password(password))
    dates = {"starts_on": clock.today(), "ends_on": ends_on.date() if ends_on else None}
    workflow.appoint(SYSTEM, user, role=Role(role), **dates, **_scope(Role(role), grid, codes))  # type: ignore[call-arg]
    click.echo(f"已开通 {username}，一次性密码 {password}（首次登录须修改）。")


@account.command("reset-password")
@click.argument("username")
@commits
def reset_password(username: str) -> None:
    """Give a login a new one-time password and print it; its sessions and second factor end."""
    password = passwords.first_password()
    workflow.set_one_time_password(SYSTEM, _login(username), passwords.hash_password(password))
    click.echo(f"{username} 的一次性密码 {password}（首次登录须修改）。")


@account.command("lock")
@click.argument("username")
@click.option("--reason", default="由系统维护人员停用", help="Why; it stands in the login's history.")
@commits
def lock(username: str, reason: str) -> None:
    """Stop a login; its sessions end at once."""
    workflow.lock(_login(username), SYSTEM, reason=reason)
    click.echo(f"已停用 {username}。")


def _login(username: str) -> User:
    user = queries.user_named(username)
    if user is None:
        raise RuleBroken(f"没有用户名为 {username} 的账号。")
    return user


def _scope(role: Role, grid: str | None, codes: dict[str, str | None]) -> dict:
    """The rows that the codes name, as an appointment's values; RuleBroken when one is missing or unknown."""
    needed = {name for name in scopes.FIELDS.get(role, ()) if name in _PLACES}
    if role is Role.GRID_WORKER:
        needed = {"community_id"}
    scope = {name: _row_id(*_PLACES[name], codes[name]) for name in needed}
    if role is Role.GRID_WORKER:
        found = select(Grid.id).where(Grid.community_id == scope["community_id"], Grid.code == (grid or ""))
        if (grid_id := db.session.scalar(found)) is None:
            raise RuleBroken(f"该社区没有代码为 {grid} 的网格。")
        scope["grid_id"] = grid_id
    return scope


def _row_id(model, label: str, code: str | None) -> int:
    found = db.session.scalar(select(model.id).where(model.code == (code or "")))
    if found is None:
        raise RuleBroken(f"没有代码为 {code} 的{label}。")
    return found
