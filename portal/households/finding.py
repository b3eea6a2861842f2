"""How households are found: by number, or by the family name alone; the name itself is sealed and found by nobody."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.households import queries
from portal.households.models import Household
from portal.people.models import Community
from portal.people.names import DOT, HIDDEN


def _households(by: Actor, sought: Sought) -> Select | None:
    if not (sought.is_text or sought.numbers_of("household-card")):
        return None
    shown = [f"{sought.words}{HIDDEN}", f"{sought.words}{DOT}{HIDDEN}"]
    fits = or_(Household.number.in_(sought.numbers_of("household-card")), Household.shown_name.in_(shown))
    return queries.visible_to(by).join(Household.community).where(fits)


def _line(_key, number, shown_name, kind, community, state) -> Line:
    address = url_for("households.page", household=number)
    return Line(f"{shown_name} · {kind.label}", address, joined(number, community), state)


HOUSEHOLDS = Kind(
    "households", "联系对象", "households.page", _households,
    (Household.number, Household.shown_name, Household.kind, Community.name, Household.state), _line,
    newest_first=True,
)  # fmt: skip
