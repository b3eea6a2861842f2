"""Posts and activities as everybody may see them: what, when, where, places left; public columns only.  [二(二)2]"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select

from portal.activities.models import Activity, ActivityKind, ActivityState, Benefit, SignUp, SignUpState
from portal.labels import Category
from portal.people.models import Community
from portal.posts.models import Post, PostClaim, PostClaimState, PostState

COUNTY_WIDE = "全县"
ACTIVITY, POST = Activity.__table__.c, Post.__table__.c  # of the tables: nothing of the board goes through the ORM
_sign_up, _claim, _place = SignUp.__table__.c, PostClaim.__table__.c, Community.__table__.c


@dataclass(frozen=True)
class ActivityOffer:
    """An activity to which people may still come; `community_id` is empty where the county invites everybody."""

    id: int
    number: str
    title: str
    category: Category
    place: str
    day: dt.date
    starts: dt.time
    ends: dt.time
    sign_up_by: dt.date | None
    capacity: int | None
    held_back: int
    benefit: Benefit
    kind: ActivityKind
    service_day: bool
    urgent: bool
    community_id: int | None
    organiser: str
    taken: int
    waiting: int

    @property
    def hours(self) -> str:
        """From when to when, as people read it."""
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"

    @property
    def left(self) -> int | None:
        """How many places are free, those kept for teams aside; None where everybody may come."""
        return None if self.capacity is None else max(self.capacity - self.held_back - self.taken, 0)

    @property
    def is_full(self) -> bool:
        """Whether whoever signs up now comes on the waiting list."""
        return self.left == 0

    def is_open(self, now: dt.datetime) -> bool:
        """Whether one may still sign up at this moment, as the county's clocks show it: until the last day for it,
        and until it begins.
        """
        in_time = self.sign_up_by is None or now.date() <= self.sign_up_by
        return in_time and (now.date(), now.time()) < (self.day, self.starts)


@dataclass(frozen=True)
class PostOffer:
    """A post that members may hold."""

    id: int
    number: str
    title: str
    category: Category
    place: str
    times: str
    capacity: int
    community_id: int
    organiser: str
    taken: int

    @property
    def left(self) -> int:
        """How many more may claim it."""
        return max(self.capacity - self.taken, 0)

    @property
    def is_full(self) -> bool:
        """Whether nobody may claim it now."""
        return self.left == 0


def _signed(*conditions):
    signed = select(func.count()).where(_sign_up.activity_id == ACTIVITY.id, *conditions)
    return signed.correlate(Activity.__table__).scalar_subquery()


_holders = (
    select(func.count())
    .where(_claim.post_id == POST.id, _claim.state == PostClaimState.ACTIVE)
    .correlate(Post.__table__)
    .scalar_subquery()
)
_taken, _waiting = _signed(_sign_up.place.is_not(None)), _signed(_sign_up.state == SignUpState.WAITLISTED)
FULL_ACTIVITY = case(
    (_taken + ACTIVITY.held_back >= ACTIVITY.capacity, 1), else_=0
)  # without a limit there is always a place
FULL_POST = case((_holders >= POST.capacity, 1), else_=0)
ACTIVITIES: Select = select(
    ACTIVITY.id, ACTIVITY.number, ACTIVITY.title, ACTIVITY.category, ACTIVITY.place, ACTIVITY.day, ACTIVITY.starts,
    ACTIVITY.ends, ACTIVITY.sign_up_by, ACTIVITY.capacity, ACTIVITY.held_back, ACTIVITY.benefit, ACTIVITY.kind,
    ACTIVITY.service_day, ACTIVITY.urgent, ACTIVITY.community_id,
    func.coalesce(_place.name, COUNTY_WIDE).label("organiser"), _taken.label("taken"), _waiting.label("waiting"),
).join_from(Activity.__table__, Community.__table__, _place.id == ACTIVITY.community_id, isouter=True)  # fmt: skip
POSTS: Select = select(
    POST.id, POST.number, POST.title, POST.category, POST.place, POST.times, POST.capacity, POST.community_id,
    _place.name.label("organiser"), _holders.label("taken"),
).join_from(Post.__table__, Community.__table__, _place.id == POST.community_id)  # fmt: skip


def upcoming(today: dt.date) -> tuple:
    """The conditions that an activity is published and not yet over."""
    return ACTIVITY.state == ActivityState.PUBLISHED, ACTIVITY.day >= today


def opened() -> tuple:
    """The conditions that a post is open."""
    return (POST.state == PostState.OPEN,)
