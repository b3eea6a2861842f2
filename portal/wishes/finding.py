"""How wishes are found: by number, or by the words of the title; never by whoever asks."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.people.models import Community
from portal.search import contains
from portal.wishes import queries
from portal.wishes.models import Wish


def _wishes(by: Actor, sought: Sought) -> Select | None:
    numbered = Wish.number.in_(sought.numbers_of("wish"))
    if sought.is_text:
        fits = or_(numbered, contains(Wish.title, sought.words))
    elif sought.numbers_of("wish"):
        fits = numbered
    else:
        return None
    return queries.visible_to(by).outerjoin(Wish.community).where(fits)


def _line(_key, number, title, community, state) -> Line:
    told = joined(number, community or "社区待定")
    return Line(title or "待审核的心愿", url_for("wishes.page", wish=number), told, state)


WISHES = Kind(
    "wishes", "心愿", "wishes.page", _wishes, (Wish.number, Wish.title, Community.name, Wish.state), _line,
    newest_first=True,
)  # fmt: skip
