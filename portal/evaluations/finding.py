"""How evaluations are found: by their own number, or by that of the card."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.evaluations import queries
from portal.evaluations.models import Evaluation
from portal.evaluations.workflow import CARD
from portal.finding import Kind, Line, Sought, joined
from portal.numbers import numbered
from portal.people.models import Member, Unit


def _evaluations(by: Actor, sought: Sought) -> Select | None:
    numbers = sought.numbers_of(CARD)
    if not numbers:
        return None
    cards = numbered(CARD, *numbers)
    # A printed number is the card's; a plain one may be that of the case too.
    fits = Evaluation.id.in_(cards) if sought.paper else or_(Evaluation.id.in_(cards), Evaluation.number.in_(numbers))
    return queries.visible_to(by).join(Unit, Unit.id == Evaluation.unit_id).where(fits)


def _line(_key, number, year, name, unit, state) -> Line:
    return Line(f"{name}的{year}年评议", url_for("evaluations.page", evaluation=number), joined(number, unit), state)


EVALUATIONS = Kind(
    "evaluations", "现实表现评议", "evaluations.page", _evaluations,
    (Evaluation.number, Evaluation.year, Member.name, Unit.name, Evaluation.state), _line, newest_first=True,
)  # fmt: skip
