"""The three kinds of organisations that the county keeps, each with its rows, form and words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select

from portal.actors import Actor, Role
from portal.edits import EditForm
from portal.extensions import db
from portal.people import queries
from portal.people.forms import CommunityForm, PlacesFilter, SupervisorForm, UnitForm
from portal.people.models import Community, Supervisor, SupervisorKind, Unit


@dataclass(frozen=True)
class Kind:
    """One kind of organisation: its word in addresses, its title, rows and form; `above` names its superior."""

    word: str
    title: str
    model: Any
    rows: Callable[[Actor], Select]
    form: type[EditForm]
    above: str = ""


KINDS = {
    kind.word: kind
    for kind in (
        Kind("supervisors", "上级党组织", Supervisor, queries.supervisors, SupervisorForm),
        Kind("units", "单位", Unit, queries.units, UnitForm, "supervisor_id"),
        Kind("communities", "社区", Community, queries.communities, CommunityForm, "town_id"),
    )
}
WORDS = "any(supervisors,units,communities)"


def kinds_for(by: Actor) -> list[Kind]:
    """The kinds of which this person sees some rows, the likeliest first."""
    match by.role:
        case Role.CLERK:
            return [KINDS["communities"]]
        case Role.COUNTY | Role.ADMIN:
            return [KINDS["units"], KINDS["supervisors"], KINDS["communities"]]
        case Role.TOWN:
            return [KINDS["communities"], KINDS["units"]]
        case _:
            return [KINDS["units"]]


def filter_for(kind: Kind) -> PlacesFilter:
    """The filters of a list of this kind."""
    form = PlacesFilter()
    if kind.above:
        form["above"].offer(_bodies(kind))
    else:
        del form["above"]
    return form


def listed(kind: Kind, by: Actor, form: PlacesFilter) -> Select:
    """The rows of this kind in this person's scope that the filters leave."""
    rows, model = kind.rows(by), kind.model
    if typed := form.q.data:
        rows = rows.where(or_(model.name.contains(typed, autoescape=True), model.code == typed))
    if form.above and form.above.data:
        rows = rows.where(getattr(model, kind.above) == form.above.data)
    return rows


def form_for(kind: Kind, place=None) -> EditForm:
    """The form of an organisation, with the bodies that may stand above it."""
    form = kind.form(obj=place)
    if kind.above:
        form[kind.above].offer(_bodies(kind))
    return form


def _bodies(kind: Kind) -> list[tuple[int, str]]:
    rows = select(Supervisor.id, Supervisor.name).order_by(Supervisor.name)
    if kind.model is Community:
        rows = rows.where(Supervisor.kind == SupervisorKind.TOWN)
    else:
        # The work committee owns no unit (1.1).
        rows = rows.where(Supervisor.kind != SupervisorKind.WORK_COMMITTEE)
    return [(row.id, row.name) for row in db.session.execute(rows)]
