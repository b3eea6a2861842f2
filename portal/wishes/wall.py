"""The wall (心愿墙): what anybody may see of a wish, from public columns only.  [二(二)2]"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from portal import search
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community
from portal.text import MAX_INT
from portal.wishes.models import SHOWN, Claim, ClaimState, Wish, WishState

PER_PAGE = 24
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
    """A wish as everybody may see it: 姓某某 at most, no grid, no wording."""

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


_helpers = (
    select(func.count())
    .where(Claim.wish_id == Wish.id, Claim.state.in_((ClaimState.OPEN, ClaimState.FINISHED)))
    .scalar_subquery()
)
_CARDS = select(
    Wish.id, Wish.number, Wish.title, Wish.category, Wish.state, Wish.community_id, Community.name, Wish.shown_name,
    Wish.published_at, Wish.wanted_by, Wish.helpers_needed, Wish.full, _helpers,
).join(Community, Community.id == Wish.community_id).where(SHOWN)  # fmt: skip


def shelf(filters: Filters, after: str = "", own: int | None = None) -> Shelf:
    """The wishes behind `after`, newest first; those of the member's own community stand before all others."""
    at_others = after.startswith(OTHERS)
    start = _id(after.removeprefix(OTHERS))
    if own is None:
        cards = _cards(filters, start)
    else:
        cards = [] if at_others else _cards(filters, start, Wish.community_id == own)
        if len(cards) <= PER_PAGE:
            cards += _cards(filters, start if at_others else None, Wish.community_id != own)
    return Shelf(cards[:PER_PAGE], _mark(cards[PER_PAGE - 1], own) if len(cards) > PER_PAGE else "")


def one(number: str) -> Card | None:
    """One wish of the wall by its number."""
    row = db.session.execute(_CARDS.where(Wish.number == number)).first()
    return Card(*row) if row else None  # type: ignore[call-arg]


def card_of(wish: Wish) -> Card:
    """The card of a wish that this person may see anyway, on the wall or not."""
    return Card(
        wish.id, wish.number, wish.title or "待审核的心愿", wish.category, wish.state, wish.community_id,
        wish.community.name if wish.community else "社区待定", wish.shown_name, wish.published_at, wish.wanted_by,
        wish.helpers_needed, wish.full, len(wish.helpers),
    )  # fmt: skip


def counts(filters: Filters) -> dict[WishState, int]:
    """How many wishes of each state the wall has under these filters, the state's own aside."""
    rows = select(Wish.state, func.count()).where(SHOWN, *_conditions(filters, with_state=False)).group_by(Wish.state)
    return dict(iter(db.session.execute(rows)))


def communities() -> list[tuple[int, str]]:
    """All communities as (id, name)."""
    rows = db.session.execute(select(Community.id, Community.name).order_by(Community.name))
    return [(key, name) for key, name in rows]


def _cards(filters: Filters, after: int | None, *more) -> list[Card]:
    rows = _CARDS.where(*_conditions(filters), *more).order_by(Wish.id.desc()).limit(PER_PAGE + 1)
    if after is not None:
        rows = rows.where(Wish.id < after)
    return [Card(*row) for row in db.session.execute(rows)]  # type: ignore[call-arg]


def _conditions(filters: Filters, with_state: bool = True) -> list:
    found = []
    if filters.category:
        found.append(Wish.category == filters.category)
    if filters.community:
        found.append(Wish.community_id == filters.community)
    if filters.grid:
        found.append(Wish.grid_id == filters.grid)
    if filters.state and with_state:
        found += [Wish.on_wall.is_(True), Wish.state == filters.state]
    if filters.words:
        found.append(or_(search.contains(Wish.title, filters.words), Wish.number == filters.words))
    return found


def _id(typed: str) -> int | None:
    fits = typed.isascii() and typed.isdigit() and len(typed) <= 10 and int(typed) <= MAX_INT
    return int(typed) if fits else None


def _mark(last: Card, own: int | None) -> str:
    return f"{OTHERS if own is not None and last.community_id != own else ''}{last.id}"
