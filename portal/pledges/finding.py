"""How pledges are found: by their own number, or by that of the card."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.numbers import numbered
from portal.people.models import Member, Unit
from portal.pledges import queries
from portal.pledges.models import Pledge

CARD = "pledge-card"


def _pledges(by: Actor, sought: Sought) -> Select | None:
    numbers = sought.numbers_of(CARD)
    if not numbers:
        return None
    cards = numbered(CARD, *numbers)
    # A printed number is the card's; a plain one may be that of the case too.
    fits = Pledge.id.in_(cards) if sought.paper else or_(Pledge.id.in_(cards), Pledge.number.in_(numbers))
    return queries.visible_to(by).join(Unit, Unit.id == Pledge.unit_id).where(fits)


def _line(_key, number, year, name, unit, state) -> Line:
    return Line(f"{name}的{year}年承诺", url_for("pledges.page", pledge=number), joined(number, unit), state)


PLEDGES = Kind(
    "pledges", "服务承诺", "pledges.page", _pledges,
    (Pledge.number, Pledge.year, Member.name, Unit.name, Pledge.state), _line, newest_first=True,
)  # fmt: skip
