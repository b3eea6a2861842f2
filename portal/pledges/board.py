"""The public page of pledges: 姓某某, unit and promise for everybody, full names for offices.  [三2]"""

from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select, tuple_

from portal.choices import row_id
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community, Member, Unit
from portal.pledges.models import Pledge, PledgeItem, PledgeState
from portal.registrations.models import CURRENT, Registration

PER_PAGE = 24
COUNTED = 1000  # further nobody counts: beyond it the page says 1000+
_ORDER = (Pledge.unit_id, Pledge.pinyin, Pledge.id)


@dataclass(frozen=True)
class Wanted:
    """What the page is narrowed to."""

    year: int
    community_id: int | None = None
    category: Category | None = None


@dataclass(frozen=True)
class Shown:
    """One pledge as the page shows it."""

    id: int
    name: str
    unit: str
    community: str
    items: list[PledgeItem]


@dataclass(frozen=True)
class Board:
    """One page of it, how many pledges there are (at most 1,001), and the `after` of the next (None at the end)."""

    pledges: list[Shown]
    total: int
    next: int | None


def board(wanted: Wanted, after: str | None, full_names: bool) -> Board:
    """The pledges shown to the public behind `after`, by unit and name; the address holds no name."""
    column = Member.name if full_names else Pledge.shown_name
    rows = _shown(wanted, Pledge.id, column, Unit.name, Community.name)
    rows = rows.join(Pledge.unit).join(Pledge.community)
    rows = rows.join(Pledge.member) if full_names else rows
    if place := _place(after):
        rows = rows.where(tuple_(*_ORDER) > tuple_(*place))
    found = db.session.execute(rows.order_by(*_ORDER).limit(PER_PAGE + 1)).all()
    page, more = found[:PER_PAGE], len(found) > PER_PAGE
    items = _items([row[0] for row in page])
    some = _shown(wanted, Pledge.id).limit(COUNTED + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(some)) or 0
    shown = [Shown(key, name, unit, place, items[key]) for key, name, unit, place in page]
    return Board(shown, total, page[-1][0] if more else None)


def is_shown():
    """The condition that a pledge stands on the public page: shown, and its member still registered."""
    registered = exists().where(Registration.member_id == Pledge.member_id, Registration.state.in_(CURRENT))
    return (Pledge.state == PledgeState.SHOWN) & registered


def _shown(wanted: Wanted, *columns) -> Select:
    rows = select(*columns).select_from(Pledge).where(is_shown(), Pledge.year == wanted.year)
    if wanted.community_id:
        rows = rows.where(Pledge.community_id == wanted.community_id)
    if wanted.category:
        fits = exists().where(PledgeItem.pledge_id == Pledge.id, PledgeItem.category == wanted.category)
        rows = rows.where(fits)
    return rows


def _place(after: str | None):
    key = row_id(after)
    return db.session.execute(select(*_ORDER).where(Pledge.id == key)).first() if key else None


def _items(pledge_ids: list[int]) -> dict[int, list[PledgeItem]]:
    found: dict[int, list[PledgeItem]] = {key: [] for key in pledge_ids}
    for item in db.session.scalars(
        select(PledgeItem).where(PledgeItem.pledge_id.in_(pledge_ids)).order_by(PledgeItem.pledge_id, PledgeItem.place)
    ):
        found[item.pledge_id].append(item)
    return found
