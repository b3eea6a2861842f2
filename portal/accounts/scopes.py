"""What scope each role has, and which rows a person may give somebody as scope."""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.accounts.forms import ScopeForm
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community, Grid, Supervisor, SupervisorKind, Unit

FIELDS: dict[Role, tuple[str, ...]] = {
    Role.GRID_WORKER: ("grid_id",),
    Role.CLERK: ("community_id",),
    Role.LIAISON: ("unit_id", "main"),
    Role.TOWN: ("supervisor_id",),
    Role.DEPARTMENT: ("supervisor_id",),
    Role.COMMITTEE: ("supervisor_id",),
}
KINDS = {
    Role.TOWN: (SupervisorKind.TOWN,),
    Role.DEPARTMENT: (SupervisorKind.DEPARTMENT, SupervisorKind.PARK),
    Role.COMMITTEE: (SupervisorKind.WORK_COMMITTEE,),
}


def prepare(form: ScopeForm, role: Role, by: Actor) -> None:
    """Keep the fields that this role has, and offer what lies in this person's scope."""
    kept = FIELDS.get(role, ())
    for name in {"supervisor_id", "unit_id", "community_id", "grid_id", "main"} - set(kept):
        del form[name]
    for name in set(kept) - {"main"}:
        form[name].offer(_offers(name, role, by))


def scope_of(form: ScopeForm) -> dict:
    """The scope that was chosen, as an appointment's values; a grid brings its community."""
    names = ("supervisor_id", "unit_id", "community_id", "grid_id", "main")
    scope = {name: form[name].data for name in names if name in form}
    if grid_id := scope.get("grid_id"):
        scope["community_id"] = db.session.get_one(Grid, grid_id).community_id
    return scope


def _offers(name: str, role: Role, by: Actor) -> Iterable[tuple[int, str]]:
    if name == "supervisor_id":
        rows = select(Supervisor.id, Supervisor.name).where(Supervisor.kind.in_(KINDS[role])).order_by(Supervisor.name)
        return [(row.id, row.name) for row in db.session.execute(rows)]
    if name == "unit_id":
        return _pairs(_under(select(Unit), Unit.supervisor_id, by).order_by(Unit.name))
    if name == "community_id":
        return _pairs(_under(select(Community), Community.town_id, by).order_by(Community.name))
    grids = select(Grid).join(Grid.community).options(joinedload(Grid.community)).order_by(Community.name, Grid.code)
    if by.role is Role.CLERK:
        grids = grids.where(Grid.community_id == by.community_id)
    return [(grid.id, f"{grid.community.name}{grid.name}") for grid in db.session.scalars(grids)]


def _under(rows: Select, body, by: Actor) -> Select:
    return rows.where(body == by.supervisor_id) if by.is_in(Role.TOWN, Role.DEPARTMENT) else rows


def _pairs(rows: Select) -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in db.session.scalars(rows)]
