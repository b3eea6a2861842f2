"""How suggestions are found: by number, or by the words of the title."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.people.models import Member
from portal.search import contains
from portal.suggestions import queries
from portal.suggestions.models import Suggestion


def _suggestions(by: Actor, sought: Sought) -> Select | None:
    if not (sought.is_text or sought.numbers_of()):
        return None
    numbered = Suggestion.number.in_(sought.numbers_of())
    fits = or_(numbered, contains(Suggestion.title, sought.words)) if sought.is_text else numbered
    return queries.visible_to(by).join(Suggestion.member).where(fits)


def _line(_key, number, title, name, state) -> Line:
    return Line(title, url_for("suggestions.page", suggestion=number), joined(number, name), state)


SUGGESTIONS = Kind(
    "suggestions", "合理建议", "suggestions.page", _suggestions,
    (Suggestion.number, Suggestion.title, Member.name, Suggestion.state), _line, newest_first=True,
)  # fmt: skip
