"""Why a post or an activity suits a member, and which of them stand first: by skill, intention, grid and free time.

Whatever suits stands before the rest, of both the member's own community before others, then what a skill speaks for,
then an intention, then the grid. Free time alone makes nothing suit: it only tells which first. What is full stands
at the end.  [二(二)2]
"""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, case, exists, false, literal, or_

from portal.labels import Category
from portal.menu.month import ONE_DAY
from portal.menu.offers import ACTIVITY, FULL_ACTIVITY, FULL_POST, POST
from portal.posts.models import PostFreeTime
from portal.records.checks import OFFICE_HOURS
from portal.registrations.models import FreeTime
from portal.scheme.calendar import Calendar
from portal.wishes import crafts
from portal.wishes.fitting import Abilities, Reason, in_words, of_card, of_time, time_of
from portal.wishes.suited import Profile

AHEAD = 92  # days: what lies further ahead is not compared with free times
EVENING = OFFICE_HOURS[-1][1]
WEIGHTS = (8, 4, 2, 1)  # of a skill, an intention, the grid, free time: each more than all that follow
SUITS = 2  # the least weight with which something suits
_free = PostFreeTime.__table__.c


@dataclass(frozen=True)
class Suiting:
    """Whom the board is read by: where at home, and what the info card says (nothing of whoever is not registered)."""

    home: int | None = None
    grid_id: int | None = None
    card: Abilities = field(default_factory=Abilities)

    @classmethod
    def of(cls, profile: Profile | None, home: int | None) -> "Suiting":
        """A member as the board sees them; of whoever is not registered only the home is known."""
        return cls(profile.community_id, profile.grid_id, profile.card) if profile else cls(home)

    def why(self, category: Category, text: str, grid_id: int | None, free: set[FreeTime]) -> str:
        """Why something of this category, wording, grid and time suits, in words; '' when nothing speaks for it."""
        reasons = of_card(self.card, category, text)
        if grid_id is not None and grid_id == self.grid_id:
            reasons[Reason.GRID] = ""
        return in_words(reasons | of_time(self.card, free)) if reasons else ""

    def turns(self, table, texts, at_free_time: ColumnElement[bool]) -> tuple:
        """What the things of a table are sorted by: suiting, at home, how much they suit."""
        score = self._score(table, texts, at_free_time)
        at_home = or_(table.community_id == self.home, table.community_id.is_(None))
        return case((score >= SUITS, 0), else_=1), case((at_home, 0), else_=1), score.desc()

    def _score(self, table, texts, at_free_time: ColumnElement[bool]):
        known = set().union(*map(crafts.named_in, self.card.skills))
        skilled = or_(false(), *(crafts.names(craft, *texts) for craft in sorted(known, key=lambda one: one.value)))
        meant = table.category.in_(sorted(self.card.intentions, key=lambda one: one.value))
        near = table.grid_id == self.grid_id if self.grid_id else false()
        weighed = zip((skilled, meant, near, at_free_time), WEIGHTS, strict=True)
        return sum((case((reason, weight), else_=0) for reason, weight in weighed), start=literal(0))


def activity_turns(who: Suiting, today: dt.date, calendar: Calendar) -> tuple:
    """What activities are sorted by for this member."""
    free = _activity_is_free(who, today, calendar)
    return FULL_ACTIVITY, *who.turns(ACTIVITY, (ACTIVITY.title, ACTIVITY.detail), free)


def post_turns(who: Suiting) -> tuple:
    """What posts are sorted by for this member."""
    times = sorted(who.card.free_times, key=lambda one: one.value)
    free = exists().where(_free.post_id == POST.id, _free.free_time.in_(times)) if times else false()
    return FULL_POST, *who.turns(POST, (POST.title, POST.duty), free)


def free_at(day: dt.date, starts: dt.time, calendar: Calendar) -> set[FreeTime]:
    """The kind of free time in which an activity lies; none in the daytime of a working day."""
    kind = time_of(calendar, day)
    return set() if kind is FreeTime.EVENINGS and starts < EVENING else {kind}


def _activity_is_free(who: Suiting, today: dt.date, calendar: Calendar) -> ColumnElement[bool]:
    kinds = {day: time_of(calendar, day) for day in (today + ONE_DAY * n for n in range(AHEAD))}
    mine = {day: kind for day, kind in kinds.items() if kind in who.card.free_times}
    whole = [day for day, kind in mine.items() if kind is not FreeTime.EVENINGS]
    evenings = [day for day, kind in mine.items() if kind is FreeTime.EVENINGS]
    return or_(ACTIVITY.day.in_(whole), and_(ACTIVITY.day.in_(evenings), ACTIVITY.starts >= EVENING))
