"""How residents' remarks are found: by number."""

from flask import url_for
from sqlalchemy import Select

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.people.models import Community
from portal.remarks import queries
from portal.remarks.models import Remark


def _remarks(by: Actor, sought: Sought) -> Select | None:
    numbers = sought.numbers_of()
    return queries.visible_to(by).join(Remark.community).where(Remark.number.in_(numbers)) if numbers else None


def _line(_key, number, kind, community, state) -> Line:
    return Line(kind.label, url_for("remarks.page", remark=number), joined(number, community), state)


REMARKS = Kind(
    "remarks", "群众意见", "remarks.page", _remarks, (Remark.number, Remark.kind, Community.name, Remark.state), _line,
    newest_first=True,
)  # fmt: skip
