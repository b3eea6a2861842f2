"""How organisations are found: by name or code; grids by their worker too, estates lead to their community."""

from flask import url_for
from sqlalchemy import Select, or_, select

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.people import queries
from portal.people.models import Community, Estate, Grid, Supervisor, Unit
from portal.search import contains

PAGE = "organisations.page"


def _units(by: Actor, sought: Sought) -> Select | None:
    rows = queries.units(by).join(Unit.supervisor)
    return rows.where(_named(Unit, sought)) if sought.is_text else None


def _supervisors(by: Actor, sought: Sought) -> Select | None:
    return queries.supervisors(by).where(_named(Supervisor, sought)) if sought.is_text else None


def _communities(by: Actor, sought: Sought) -> Select | None:
    rows = queries.communities(by).join(Community.town)
    return rows.where(_named(Community, sought)) if sought.is_text else None


def _grids(by: Actor, sought: Sought) -> Select | None:
    fits = or_(contains(Grid.name, sought.words), contains(Grid.worker, sought.words), Grid.code == sought.words)
    rows = select(Grid).join(Grid.community).where(Grid.community_id.in_(_seen(by)))
    return rows.where(fits) if sought.is_text else None


def _estates(by: Actor, sought: Sought) -> Select | None:
    rows = select(Estate).join(Estate.community).where(Estate.community_id.in_(_seen(by)))
    return rows.where(contains(Estate.name, sought.words)) if sought.is_text else None


def _seen(by: Actor) -> Select:
    return queries.communities(by).with_only_columns(Community.id)


def _named(model, sought: Sought):
    return or_(contains(model.name, sought.words), model.code == sought.words)


def _at(kind: str, place: int) -> str:
    return url_for(PAGE, kind=kind, place=place)


UNITS = Kind(
    "units", "单位", PAGE, _units, (Unit.name, Unit.kind, Supervisor.name),
    lambda key, name, kind, above: Line(name, _at("units", key), joined(kind.label, above)), (Unit.name,),
)  # fmt: skip
SUPERVISORS = Kind(
    "supervisors", "上级党组织", PAGE, _supervisors, (Supervisor.name, Supervisor.kind),
    lambda key, name, kind: Line(name, _at("supervisors", key), kind.label), (Supervisor.name,),
)  # fmt: skip
COMMUNITIES = Kind(
    "communities", "社区", PAGE, _communities, (Community.name, Supervisor.name),
    lambda key, name, town: Line(name, _at("communities", key), town), (Community.name,),
)  # fmt: skip
GRIDS = Kind(
    "grids", "网格", PAGE, _grids, (Grid.name, Grid.worker, Grid.community_id, Community.name),
    lambda _key, name, worker, place, home: Line(name, _at("communities", place), joined(home, worker)),
    (Community.name, Grid.code),
)  # fmt: skip
ESTATES = Kind(
    "estates", "小区", PAGE, _estates, (Estate.name, Estate.community_id, Community.name),
    lambda _key, name, place, home: Line(name, _at("communities", place), home), (Estate.name,),
)  # fmt: skip
