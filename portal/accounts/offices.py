"""Opening logins for many offices at once, by the ladder of 1.4: the places of one's scope that nobody works for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts import passwords, workflow
from portal.accounts.models import Appointment, AppointmentState, User
from portal.accounts.opening import AT_ONCE
from portal.accounts.queries import visible_to
from portal.accounts.rights import GIVES, may_reset
from portal.accounts.scopes import KINDS
from portal.accounts.workflow import Slip, suggested_username
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.people import queries as people
from portal.people.models import Community, Grid, Supervisor, Unit

OPENERS = tuple(role for role, gives in GIVES.items() if {Role.GRID_WORKER, Role.CLERK, Role.LIAISON} & {*gives})
NAME = 40  # letters of a login's name


@dataclass(frozen=True)
class Vacancy:
    """A place of one's scope without anybody in this office; `likely` is the name that the organisation page holds."""

    id: int
    place: str
    likely: str


@dataclass(frozen=True)
class Office:
    """How the places of an office are found: the appointment's column, the rows, how one is called, a likely name."""

    column: Any
    rows: Callable[[Actor], Select]
    called: Callable[[Any], str]
    likely: Callable[[Any], str | None]
    more: Callable[[Any], dict]


def _grids(by: Actor) -> Select:
    rows = select(Grid).join(Grid.community).options(joinedload(Grid.community))
    own = people.communities(by).with_only_columns(Community.id)
    return rows.where(Grid.community_id.in_(own)).order_by(Grid.community_id, Grid.code)


def _bodies(role: Role) -> Callable[[Actor], Select]:
    return lambda by: people.supervisors(by).where(Supervisor.kind.in_(KINDS[role])).order_by(Supervisor.code)


OFFICES: dict[Role, Office] = {
    Role.GRID_WORKER: Office(
        Appointment.grid_id, _grids, lambda grid: f"{grid.community.name}{grid.name}", lambda grid: grid.worker,
        lambda grid: {"grid_id": grid.id, "community_id": grid.community_id},
    ),
    Role.CLERK: Office(
        Appointment.community_id, lambda by: people.communities(by).order_by(Community.code),
        lambda community: community.name, lambda community: community.receptionist,
        lambda community: {"community_id": community.id},
    ),
    Role.LIAISON: Office(
        Appointment.unit_id, lambda by: people.units(by).order_by(Unit.code), lambda unit: unit.name,
        lambda unit: None, lambda unit: {"unit_id": unit.id, "main": True},
    ),
} | {
    role: Office(
        Appointment.supervisor_id, _bodies(role), lambda body: body.name, lambda body: None,
        lambda body: {"supervisor_id": body.id},
    )
    for role in (Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE)
}  # fmt: skip


def vacancies(by: Actor, role: Role) -> list[Vacancy]:
    """The places of this person's scope where nobody holds this office."""
    office = OFFICES[role]
    return [Vacancy(row.id, office.called(row), office.likely(row) or "") for row in _vacant(by, role)]


def _vacant(by: Actor, role: Role) -> Iterable[Any]:
    office = OFFICES[role]
    rows = office.rows(by)
    model = rows.column_descriptions[0]["entity"]
    held = exists().where(
        office.column == model.id, Appointment.role == role, Appointment.state != AppointmentState.ENDED
    )
    return db.session.scalars(rows.where(~held))


def wanted(ticked: Iterable[int], typed: Callable[[int], str]) -> list[tuple[int, str, str, str]]:
    """(place, name, password, its hash) for each ticked place with a name; RuleBroken when one has none."""
    found = [(place, typed(place)) for place in list(ticked)[:AT_ONCE]]
    if any(not name for _, name in found):
        raise RuleBroken("勾选的每一行都要填写姓名。")
    if any(len(name) > NAME for _, name in found):
        raise RuleBroken(f"姓名最多{NAME}个字。")
    made = [(place, name, passwords.first_password()) for place, name in found]
    return [(place, name, password, passwords.hash_password(password)) for place, name, password in made]


def open_offices(by: Actor, role: Role, made: list[tuple[int, str, str, str]]) -> list[Slip]:
    """Open a login with this office for each place that still has nobody; others are passed over."""
    vacant, slips = {row.id: row for row in _vacant(by, role)}, []
    for place, name, password, password_hash in made:
        if (row := vacant.pop(place, None)) is None:
            continue
        user = workflow.open_login(by, suggested_username(name), name, password_hash)
        scope = OFFICES[role].more(row)
        appointment = workflow.appoint(by, user, role=role, starts_on=clock.today(), **scope)
        slips.append(Slip(name, appointment.office_name, user.username, password))
    return slips


def unused(by: Actor) -> list[User]:
    """The logins in this person's hands whose one-time password was never changed, by name."""
    rows = visible_to(by).where(User.must_change_password.is_(True)).order_by(User.pinyin, User.id)
    return [user for user in db.session.scalars(rows.limit(500)) if may_reset(user, by)]


def reset_many(by: Actor, made: list[tuple[int, str, str]]) -> list[Slip]:
    """New one-time passwords for these logins, given as (login, password, its hash); others' are passed over."""
    hands, slips = {user.id: user for user in unused(by)}, []
    for user_id, password, password_hash in made:
        if user := hands.get(user_id):
            workflow.reset_password(by, user, password_hash)
            held = [one for one in user.appointments if one.state is not AppointmentState.ENDED]
            office = "、".join(filter(None, (one.office_name for one in held)))
            slips.append(Slip(user.name, office, user.username, password))
    return slips
