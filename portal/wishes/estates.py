"""Where a resident lives: estates lead to their community, for people who know only the name of their gate."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import SelectChoice

from portal.extensions import db
from portal.people.models import Community, Estate, Grid
from portal.text import MAX_INT

UNKNOWN = "unknown"
_ENDINGS = ("小区", "家属院", "社区", "花园")


def choices() -> list[SelectChoice]:
    """The choices of a grouped select: each community, with its estates beneath it."""
    communities = db.session.scalars(
        select(Community).order_by(Community.name).options(selectinload(Community.estates))
    )
    found = [SelectChoice("", "请选择"), SelectChoice(UNKNOWN, "不清楚，请工作人员判断")]
    for community in communities:
        found.append(SelectChoice(str(community.id), community.name, optgroup=community.name))
        found += [
            SelectChoice(f"e{estate.id}", f"{estate.name}（{community.name}）", optgroup=community.name)
            for estate in community.estates
        ]
    return found


def communities() -> list[tuple[int, str]]:
    """All communities, as (id, name), by name."""
    rows = db.session.execute(select(Community.id, Community.name).order_by(Community.name))
    return [(key, name) for key, name in rows]


def estate_names() -> list[str]:
    """The names of all estates, for a field that proposes them while one types."""
    return list(db.session.scalars(select(Estate.name).distinct().order_by(Estate.name)))


def community_of(choice: str, typed: str = "") -> Community | None:
    """The community that a choice (`7`, `e12`, `unknown`) or a typed estate leads to; None when neither does."""
    if choice.isdecimal() and choice.isascii():
        return _get(Community, choice)
    if choice.startswith("e") and choice[1:].isdecimal() and choice.isascii():
        estate = _get(Estate, choice[1:])
        return estate.community if estate else None
    return _by_name(typed)


def grids(community_id: int | None) -> list[Grid]:
    """The grids of a community, in their order."""
    return list(db.session.scalars(select(Grid).where(Grid.community_id == community_id).order_by(Grid.code)))


def _by_name(typed: str) -> Community | None:
    """Two estates of one name in two communities lead nowhere: the office decides."""
    core = _core(typed)
    if len(core) < 2:
        return None
    found = {e.community_id: e.community for e in db.session.scalars(select(Estate)) if _core(e.name) == core}
    found |= {c.id: c for c in db.session.scalars(select(Community)) if _core(c.name) == core}
    return next(iter(found.values())) if len(found) == 1 else None


def _core(name: str) -> str:
    name = name.replace(" ", "")
    for ending in _ENDINGS:
        if len(name) > len(ending) + 1:
            name = name.removesuffix(ending)
    return name


def _get(model, number: str):
    return db.session.get(model, int(number)) if len(number) <= 10 and int(number) <= MAX_INT else None
