"""The wall (心愿墙): what anybody may see of a wish, from public columns only.  [二(二)2]"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Select, func, or_, select, true

from portal import search
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community
from portal.text import MAX_INT
from portal.wishes.models import PUBLIC, SHOWN, Claim, ClaimState, Wish, WishState

PER_PAGE = 24
COUNTED = 1000  # tabs count no further: beyond it they say 999+
OTHERS = "x"  # in `after`: the shelf has come past the member's own community


@dataclass(frozen=True)
class Filters:
    """What the wall is narrowed to; the grid only by people who are signed in."""

    category: Category | None = None
    community: int | None = None
    grid: int | None = None
    state: WishState | None = None
    words: str = ""


@dataclass(frozen=True)
class Card:
    """A wish as everybody may see it: 姓某某 at most, no grid, no wording.

    `helpers` counts members; none help where a town or the county charged an organisation.
    """

    id: int
    number: str
    title: str
    category: Category
    state: WishState
    community_id: int
    community: str
    shown_name: str
    published_at: dt.datetime
    wanted_by: dt.date | None
    helpers_needed: int
    full: bool
    helpers: int

    @property
    def has_place(self) -> bool:
        """Whether a member may still claim it."""
        return self.state in (WishState.PUBLISHED, WishState.CLAIMED) and not self.full


@dataclass(frozen=True)
class Shelf:
    """One page of the wall, and the `after` of the next one ('' at the end)."""

    cards: list[Card]
    next: str


# Columns of the tables, not of the mapped classes: nothing of the wall goes the longer way through the ORM.
_wish, _claim, _place = Wish.__table__.c, Claim.__table__.c, Community.__table__.c
_helpers = (
    select(func.coalesce(func.sum(_claim.heads), 0))
    .where(_claim.wish_id == _wish.id, _claim.state.in_((ClaimState.OPEN, ClaimState.FINISHED)))
    .scalar_subquery()
)
CARDS = select(
    _wish.id, _wish.number, _wish.title, _wish.category, _wish.state, _wish.community_id, _place.name,
    _wish.shown_name, _wish.published_at, _wish.wanted_by, _wish.helpers_needed, _wish.full, _helpers,
).join_from(Wish.__table__, Community.__table__, _place.id == _wish.community_id)  # fmt: skip

_COMMUNITIES = select(_place.id, _place.name).order_by(_place.name)


def shelf(filters: Filters, after: str = "", own: int | None = None) -> Shelf:
    """The wishes behind `after`, newest first; those of the member's own community stand before all others."""
    at_others = after.startswith(OTHERS)
    start = _id(after.removeprefix(OTHERS))
    if own is None:
        cards = _cards(filters, start)
    else:
        cards = [] if at_others else _cards(filters, start, own)
        if len(cards) <= PER_PAGE:
            cards += _cards(filters, start if at_others else None, own, False)
    return Shelf(cards[:PER_PAGE], _mark(cards[PER_PAGE - 1], own) if len(cards) > PER_PAGE else "")


def one(number: str) -> Card | None:
    """One wish of the wall by its number."""
    row = _ask(CARDS.where(SHOWN, _wish.number == number)).first()
    return Card(*row) if row else None  # type: ignore[call-arg]


def card_of(wish: Wish) -> Card:
    """The card of a wish that this person may see anyway, on the wall or not."""
    return Card(
        wish.id, wish.number, wish.title or "待审核的心愿", wish.category, wish.state, wish.community_id,
        wish.community.name if wish.community else "社区待定", wish.shown_name, wish.published_at, wish.wanted_by,
        wish.helpers_needed, wish.full, sum(claim.heads for claim in wish.helpers),
    )  # fmt: skip


def counts(filters: Filters) -> dict[WishState, int]:
    """How many wishes of each state the wall has under these filters, the state's own aside; 1,000 at most."""
    return dict(zip(PUBLIC, _ask(_counting(filters)).one(), strict=True))


def communities() -> list[tuple[int, str]]:
    """All communities as (id, name)."""
    return [(key, name) for key, name in _ask(_COMMUNITIES)]


# Building a statement takes longer than answering it, and most people look at the same few walls.
@lru_cache(256)
def _counting(filters: Filters) -> Select:
    return select(*(_count(replace(filters, state=state)).label(state.value) for state in PUBLIC))


def _count(filters: Filters):
    some = select(_wish.id).where(*_conditions(filters)).limit(COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _cards(*asked) -> list[Card]:
    return [Card(*row) for row in _ask(_choosing(*asked))]  # type: ignore[call-arg]


@lru_cache(256)
def _choosing(filters: Filters, after: int | None, home: int | None = None, at_home: bool = True) -> Select:
    rows = CARDS.where(*_conditions(filters)).order_by(_wish.id.desc()).limit(PER_PAGE + 1)
    if home is not None:
        rows = rows.where(_wish.community_id == home if at_home else _wish.community_id != home)
    return rows if after is None else rows.where(_wish.id < after)


def _ask(rows: Select):
    return db.session.connection().execute(rows)


def _conditions(filters: Filters) -> list:
    # With a state the plain indexes serve best, without one the partial ones. Not `IS true`: for that PostgreSQL reads
    # the rows themselves, for `= true` the index alone.
    found: list = [_wish.on_wall == true(), _wish.state == filters.state] if filters.state else [SHOWN]
    if filters.category:
        found.append(_wish.category == filters.category)
    if filters.community:
        found.append(_wish.community_id == filters.community)
    if filters.grid:
        found.append(_wish.grid_id == filters.grid)
    if filters.words:
        found.append(or_(search.contains(_wish.title, filters.words), _wish.number == filters.words))
    return found


def _id(typed: str) -> int | None:
    fits = typed.isascii() and typed.isdigit() and len(typed) <= 10 and int(typed) <= MAX_INT
    return int(typed) if fits else None


def _mark(last: Card, own: int | None) -> str:
    return f"{OTHERS if own is not None and last.community_id != own else ''}{last.id}"
