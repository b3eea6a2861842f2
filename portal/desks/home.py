"""What the public home shows: figures and wishes come true, from public columns only."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community
from portal.registrations.models import CURRENT, Registration
from portal.wishes.models import Wish, WishState

CAME_TRUE = (WishState.CONFIRMED, WishState.ARCHIVED)
SHOWN = 6


@dataclass(frozen=True)
class Figures:
    """How many wishes of the wall came true, wait, are being helped with; members registered; communities."""

    came_true: int
    waiting: int
    helped: int
    registered: int
    communities: int


def figures() -> Figures:
    """The numbers of the whole county as they stand now."""
    by_state = select(Wish.state, func.count()).where(Wish.on_wall.is_(True)).group_by(Wish.state)
    wishes = dict(iter(db.session.execute(by_state)))
    current = Registration.state.in_(CURRENT)
    return Figures(
        came_true=wishes.get(WishState.CONFIRMED, 0) + _archived_true(),
        waiting=wishes.get(WishState.PUBLISHED, 0),
        helped=wishes.get(WishState.CLAIMED, 0) + wishes.get(WishState.DONE, 0),
        registered=db.session.scalar(select(func.count()).select_from(Registration).where(current)) or 0,
        communities=db.session.scalar(select(func.count()).select_from(Community)) or 0,
    )


def _archived_true() -> int:
    # Every kind of end is archived after a month; only a confirmed one came true.
    archived = (Wish.on_wall.is_(True), Wish.state == WishState.ARCHIVED, Wish.confirmed_at.is_not(None))
    return db.session.scalar(select(func.count()).select_from(Wish).where(*archived)) or 0


@dataclass(frozen=True)
class ComeTrue:
    """A wish come true, as the public may see it."""

    number: str
    title: str
    category: Category
    community: str
    shown_name: str
    confirmed_at: object


def come_true() -> list[ComeTrue]:
    """The latest wishes of the wall that came true, newest first."""
    columns = (Wish.number, Wish.title, Wish.category, Community.name, Wish.shown_name, Wish.confirmed_at)
    latest = (
        select(*columns)
        .join(Community, Community.id == Wish.community_id)
        .where(Wish.on_wall.is_(True), Wish.state == WishState.CONFIRMED)
        .order_by(Wish.id.desc())
        .limit(SHOWN)
    )
    return [ComeTrue(*row) for row in db.session.execute(latest)]
