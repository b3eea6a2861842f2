"""How pairings are found: by the name of the unit or the community."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought
from portal.pairings import queries
from portal.pairings.models import Pairing
from portal.people.models import Community, Unit
from portal.search import contains


def _pairings(by: Actor, sought: Sought) -> Select | None:
    fits = or_(contains(Unit.name, sought.words), contains(Community.name, sought.words))
    rows = queries.visible_to(by).join(Pairing.unit).join(Pairing.community)
    return rows.where(fits) if sought.is_text else None


def _line(key, unit, community, state) -> Line:
    return Line(f"{unit} — {community}", url_for("pairings.page", pairing=key), state=state)


PAIRINGS = Kind(
    "pairings", "结对共建", "pairings.page", _pairings, (Unit.name, Community.name, Pairing.state), _line,
    (Unit.name, Community.name),
)  # fmt: skip
