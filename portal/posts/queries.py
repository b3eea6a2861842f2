"""Which posts one may see, who holds them, and what is still free."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community, Grid, Member
from portal.people.queries import communities_of, in_unit_scope
from portal.posts.models import Post, PostClaim, PostClaimState, PostFreeTime, PostState
from portal.registrations.models import FreeTime

_ACTIVE = PostClaim.state == PostClaimState.ACTIVE


@dataclass(frozen=True)
class Filters:
    """What a list of posts is narrowed to; the address holds it."""

    state: PostState | None = None
    category: Category | None = None
    community_id: int | None = None
    vacant: bool = False
    unheld: bool = False


def visible_to(by: Actor) -> Select:
    """The posts that this person may see: of one's home and those one ever held, of the own community or town, those
    which members of one's units hold, all (county).
    """
    holders = selectinload(Post.claims).joinedload(PostClaim.member).joinedload(Member.unit)
    shown = (joinedload(Post.community), joinedload(Post.grid), joinedload(Post.team), selectinload(Post.slots))
    return select(Post).where(_is_seen(by)).options(*shown, holders)


def _is_seen(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.MEMBER:
            home = select(Member.community_id).where(Member.id == by.member_id)
            held = select(PostClaim.post_id).where(PostClaim.member_id == by.member_id)
            return or_(Post.community_id.in_(home), Post.id.in_(held))
        case Role.CLERK | Role.GRID_WORKER:
            return Post.community_id == by.community_id
        case Role.TOWN:
            return or_(Post.community_id.in_(communities_of(by.supervisor_id)), _held_by_units(by))
        case Role.COUNTY:
            return true()
        case _:
            return _held_by_units(by)


def _held_by_units(by: Actor) -> ColumnElement[bool]:
    """The condition that a member of this person's units holds a post."""
    holding = select(PostClaim.post_id).join(PostClaim.member)
    return Post.id.in_(holding.where(_ACTIVE, in_unit_scope(by, Member.unit_id)))


def filtered(by: Actor, filters: Filters) -> Select:
    """The posts of a list, narrowed."""
    rows = visible_to(by)
    if filters.state:
        rows = rows.where(Post.state == filters.state)
    if filters.category:
        rows = rows.where(Post.category == filters.category)
    if filters.community_id:
        rows = rows.where(Post.community_id == filters.community_id)
    if filters.vacant:
        rows = rows.where(has_place())
    return rows.where(is_unheld()) if filters.unheld else rows


def held() -> ColumnElement[int]:
    """How many hold the post of this row, as a column of a query over posts."""
    counted = select(func.count()).where(PostClaim.post_id == Post.id, _ACTIVE)
    return counted.correlate(Post).scalar_subquery()


def has_place() -> ColumnElement[bool]:
    """The condition that an open post takes more."""
    return and_(Post.state == PostState.OPEN, held() < Post.capacity)


def is_unheld() -> ColumnElement[bool]:
    """The condition that nobody holds an open post."""
    return and_(Post.state == PostState.OPEN, ~exists().where(PostClaim.post_id == Post.id, _ACTIVE))


def open_posts() -> Select:
    """The open posts by what everybody may read of them: no column of a person, and how many places are left.

    For the menu board; narrow it by the columns of Post (`.where(Post.category == …)`) and order it by what you show.
    """
    places = (Post.capacity - held()).label("places_left")
    return (
        select(Post.id, Post.number, Post.category, Post.title, Post.place, Post.times, Post.capacity, places,
               Post.community_id, Community.name.label("community"), Post.grid_id, Grid.name.label("grid"))
        .join(Community, Community.id == Post.community_id)
        .outerjoin(Grid, Grid.id == Post.grid_id)
        .where(Post.state == PostState.OPEN)
    )  # fmt: skip


def free_times_of(post_ids: Collection[int]) -> dict[int, list[FreeTime]]:
    """In which free times the duty of each of these posts lies, by the post's id."""
    rows = select(PostFreeTime.post_id, PostFreeTime.free_time).where(PostFreeTime.post_id.in_(post_ids))
    found: dict[int, list[FreeTime]] = {}
    for post_id, free_time in db.session.execute(rows.order_by(PostFreeTime.id)):
        found.setdefault(post_id, []).append(free_time)
    return found


def holds_post(member_id) -> ColumnElement[bool]:
    """The condition that the member of this column holds some post now (已认岗)."""
    return exists().where(PostClaim.member_id == member_id, _ACTIVE)


def held_in(year: int) -> ColumnElement[bool]:
    """The condition that a claim counts for this year: now while the year is under way, else at its end.

    What this year's pledge has not confirmed yet still counts; for a year gone by it was claimed or kept for it.
    """
    if year >= clock.today().year:
        return _ACTIVE
    last = dt.date(year, 12, 31)
    stayed = or_(PostClaim.until.is_(None), PostClaim.until > last)
    return and_(PostClaim.since <= last, PostClaim.confirmed_for >= year, stayed)


@dataclass(frozen=True)
class Held:
    """A post that a member holds: which claim, since when, and the last year for which it was claimed or kept."""

    claim_id: int
    number: str
    title: str
    category: Category
    community_id: int
    confirmed_for: int


def posts_held(member_ids: Collection[int]) -> dict[int, list[Held]]:
    """The posts that each of these members holds now, the oldest first, by the member's id; in one query."""
    rows = (
        select(PostClaim.member_id, PostClaim.id, Post.number, Post.title, Post.category, Post.community_id,
               PostClaim.confirmed_for)
        .join(Post)
        .where(PostClaim.member_id.in_(member_ids), _ACTIVE)
        .order_by(PostClaim.id)
    )  # fmt: skip
    found: dict[int, list[Held]] = {}
    for row in db.session.execute(rows):
        found.setdefault(row.member_id, []).append(Held(*row[1:]))
    return found


def titles_of(member_ids: Collection[int], year: int, community_id: int | None = None) -> dict[int, str]:
    """The titles of the posts that each of these members holds in a year, joined by 、, by the member's id."""
    rows = select(PostClaim.member_id, Post.title).join(Post).where(PostClaim.member_id.in_(member_ids))
    rows = rows.where(held_in(year), Post.community_id == community_id if community_id else true())
    found: dict[int, list[str]] = {}
    for member_id, title in db.session.execute(rows.order_by(PostClaim.id)):
        found.setdefault(member_id, []).append(title)
    return {member_id: "、".join(titles) for member_id, titles in found.items()}


def names_of(member_id: int, year: int, community_id: int | None = None) -> str:
    """The titles of the posts that a member holds in a year, joined by 、; '' for none."""
    return titles_of([member_id], year, community_id).get(member_id, "")


def count(rows: Select) -> int:
    """How many posts a list has."""
    ids = rows.with_only_columns(Post.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
