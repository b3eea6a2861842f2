"""How inspections are found: by number, or by the words of the title."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.inspections import queries
from portal.inspections.models import Inspection
from portal.search import contains


def _inspections(by: Actor, sought: Sought) -> Select | None:
    if not (sought.is_text or sought.numbers_of()):
        return None
    numbered = Inspection.number.in_(sought.numbers_of())
    fits = or_(numbered, contains(Inspection.title, sought.words)) if sought.is_text else numbered
    return queries.visible_to(by).where(fits)


def _line(_key, number, title, kind, state) -> Line:
    return Line(title, url_for("inspections.page", inspection=number), joined(number, kind.label), state)


INSPECTIONS = Kind(
    "inspections", "督查", "inspections.page", _inspections,
    (Inspection.number, Inspection.title, Inspection.kind, Inspection.state), _line, newest_first=True,
)  # fmt: skip
