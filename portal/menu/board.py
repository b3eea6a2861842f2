"""The board itself: what stands on each part of the menu, and how much of each there is.  [二(二)2]"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Select, func, literal, select, union_all

from portal.extensions import db
from portal.menu import narrowing, suiting
from portal.menu.narrowing import OF_ACTIVITIES, WISH, Days, Filters, Part, part_of
from portal.menu.offers import ACTIVITIES, ACTIVITY, FULL_ACTIVITY, POST, POSTS, ActivityOffer, PostOffer
from portal.menu.suiting import Suiting
from portal.people.models import Grid
from portal.posts.models import PostFreeTime
from portal.scheme.calendar import Calendar
from portal.wishes import suited, wall
from portal.wishes.fitting import free_until
from portal.wishes.suited import Profile, Suited

PER_PART, PER_PAGE, MOST_PAGES = 6, 24, 40
_grid, _free = Grid.__table__.c, PostFreeTime.__table__.c


@dataclass(frozen=True)
class Shown:
    """A thing on the board; its grid and why it suits are for people who are signed in."""

    offer: ActivityOffer | PostOffer
    grid: str = ""
    why: str = ""


@dataclass(frozen=True)
class Looked:
    """How the board is looked at: under which filters, on which days, by whom (nobody known: None)."""

    filters: Filters
    days: Days
    calendar: Calendar
    who: Suiting | None = None
    profile: Profile | None = None


@dataclass(frozen=True)
class Counts:
    """How much there is: in each part under all filters, in each category under all filters but the category."""

    parts: Counter = field(default_factory=Counter)
    categories: Counter = field(default_factory=Counter)

    @property
    def whole(self) -> int:
        """How much there is of all categories together."""
        return sum(self.categories.values())


def counts(look: Looked) -> Counts:
    """What the board holds, in one query."""
    wide = replace(look.filters, category=None)
    rows = (
        _counted(ACTIVITY, part_of(look.days), narrowing.activities(wide, look.days)),
        _counted(POST, literal(Part.POSTS.value), narrowing.posts(wide)),
        _counted(WISH, literal(Part.WISHES.value), narrowing.wishes(wide, look.days)),
    )
    found = Counts()
    for part, category, number in db.session.connection().execute(union_all(*rows)):
        found.categories[category] += number
        if look.filters.category in (None, category):
            found.parts[Part(part)] += number
    return found


def _counted(table, part, conditions) -> Select:
    named = part.label("part")
    return select(named, table.category, func.count()).where(*conditions).group_by(named, table.category)


def activities(look: Looked) -> dict[Part, list[Shown]]:
    """The first activities of each part."""
    part, full = part_of(look.days), () if look.who else (FULL_ACTIVITY,)  # of six to come, those with places left
    turn = func.row_number().over(partition_by=part, order_by=(*full, *_turns(look))).label("turn")
    # Numbered bare: of most activities nothing more is asked.
    numbered = select(ACTIVITY.id, part.label("part"), turn).where(*_conditions(look)).subquery()
    some = _activities(look).join(numbered, numbered.c.id == ACTIVITY.id).add_columns(numbered.c.part)
    found: dict[Part, list[Shown]] = {one: [] for one in OF_ACTIVITIES}
    for row in _ask(some.where(numbered.c.turn <= PER_PART).order_by(numbered.c.turn)):
        found[Part(row.part)].append(_activity(look, row))
    return found


def some_activities(look: Looked, page: int) -> list[Shown]:
    """One page of all activities, and the first one of the next page if there is one."""
    return [_activity(look, row) for row in _ask(_paged(_activities(look).order_by(*_turns(look)), page))]


def posts(look: Looked, most: int = PER_PART, page: int = 1) -> list[Shown]:
    """One page of posts, and the first one of the next page if there is one."""
    rows = POSTS.where(*narrowing.posts(look.filters))
    turns = suiting.post_turns(look.who) if look.who else ()
    rows = rows.order_by(*turns, POST.opened_on.desc(), POST.title, POST.id)
    if look.who:
        rows = _with_grid(rows, POST, POST.duty)
    found = list(_ask(_paged(rows, page, most)))
    return [_post(look, row, free) for row, free in zip(found, _free_times(look, found), strict=True)]


def wishes(look: Looked, most: int = PER_PART) -> list[Suited]:
    """So many wishes that still take helpers: what suits the member, then the newest, of the own community first."""
    fits = suited.wishes_for(look.profile, most, *narrowing.wishes(look.filters, look.days)) if look.profile else []
    if len(fits) == most:
        return fits
    known = {one.card.id for one in fits}
    home = look.who.home if look.who else None
    turns = [(WISH.community_id != home)] if home else []
    rows = wall.CARDS.add_columns(WISH.detail, WISH.grid_id).where(*narrowing.wishes(look.filters, look.days))
    rest = [_wish(look, row) for row in _ask(rows.order_by(*turns, WISH.id.desc()).limit(most))]
    others = sorted((one for one in rest if one.card.id not in known), key=lambda one: not one.why)
    return [*fits, *others][:most]


def _activities(look: Looked) -> Select:
    rows = ACTIVITIES.where(*_conditions(look))
    return _with_grid(rows, ACTIVITY, ACTIVITY.detail) if look.who else rows


def _conditions(look: Looked) -> list:
    return narrowing.activities(look.filters, look.days)


def _turns(look: Looked) -> tuple:
    turns = suiting.activity_turns(look.who, look.days.today, look.calendar) if look.who else ()
    return ACTIVITY.urgent.desc(), *turns, ACTIVITY.day, ACTIVITY.starts, ACTIVITY.id


def _with_grid(rows: Select, table, words) -> Select:
    """The rows with what is not for the public: the grid, and the wording that tells why it suits."""
    rows = rows.outerjoin(Grid.__table__, _grid.id == table.grid_id)
    return rows.add_columns(table.grid_id, _grid.name.label("grid"), words.label("words"))


def _paged(rows: Select, page: int, most: int = PER_PAGE) -> Select:
    return rows.limit(most + 1).offset(most * (min(max(page, 1), MOST_PAGES) - 1))


def _activity(look: Looked, row) -> Shown:
    offer = ActivityOffer(*row[: len(ActivityOffer.__dataclass_fields__)])
    if look.who is None:
        return Shown(offer)
    free = suiting.free_at(offer.day, offer.starts, look.calendar)
    why = look.who.why(offer.category, f"{offer.title} {row.words}", row.grid_id, free)
    return Shown(offer, row.grid or "", why)


def _post(look: Looked, row, free) -> Shown:
    offer = PostOffer(*row[: len(PostOffer.__dataclass_fields__)])
    if look.who is None:
        return Shown(offer)
    why = look.who.why(offer.category, f"{offer.title} {row.words}", row.grid_id, free)
    return Shown(offer, row.grid or "", why)


def _wish(look: Looked, row) -> Suited:
    *shown, detail, grid_id = row
    card = wall.Card(*shown)
    if look.who is None:
        return Suited(card, "")
    free = free_until(card.wanted_by, look.days.today)
    return Suited(card, look.who.why(card.category, f"{card.title} {detail or ''}", grid_id, free))


def _free_times(look: Looked, rows: list) -> Iterable[set]:
    """The free times of these posts, which only tell members why they suit."""
    found: dict[int, set] = {row.id: set() for row in rows}
    if look.who and look.who.card.free_times and found:
        for key, free in _ask(select(_free.post_id, _free.free_time).where(_free.post_id.in_(found))):
            found[key].add(free)
    return found.values()


def _ask(rows):
    return db.session.connection().execute(rows)
