"""What the lists of activities and the page of one show, and to whom; the public face from public columns only."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from portal import clock, search
from portal.activities import queries
from portal.activities.forms import ListFilter
from portal.activities.models import Activity, ActivityKind, ActivityState, Benefit, SignUp, SignUpState
from portal.actors import Actor, Role
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community, Grid, Member, MemberStatus, Unit
from portal.people.queries import named, with_phone_tail
from portal.registrations.queries import is_received, is_registered

MOST_FOUND = 20
S = SignUpState


@dataclass(frozen=True)
class Card:
    """An activity as everybody may see it: what, when, where, for how many, and how many places are left."""

    id: int
    number: str
    state: ActivityState
    title: str
    category: Category
    kind: ActivityKind
    benefit: Benefit
    detail: str
    place: str
    day: dt.date
    starts: dt.time
    ends: dt.time
    capacity: int | None
    places_left: int | None
    service_day: bool
    urgent: bool
    community_id: int | None
    community: str | None
    grid: str | None

    @property
    def organiser(self) -> str:
        """Who invites."""
        return self.community or "全县"


CARDS = (
    select(
        Activity.id, Activity.number, Activity.state, Activity.title, Activity.category, Activity.kind,
        Activity.benefit, Activity.detail, Activity.place, Activity.day, Activity.starts, Activity.ends,
        Activity.capacity, queries.places_left(), Activity.service_day, Activity.urgent, Activity.community_id,
        Community.name, Grid.name,
    )
    .select_from(Activity)
    .outerjoin(Community, Community.id == Activity.community_id)
    .outerjoin(Grid, Grid.id == Activity.grid_id)
    .where(queries.SHOWN)
)  # fmt: skip


def cards(wanted: Select = CARDS) -> list[Card]:
    """These activities as everybody may see them."""
    return [Card(*row) for row in db.session.execute(wanted)]


def one(number: str) -> Card | None:
    """One published activity by its number, as everybody may see it."""
    return next(iter(cards(CARDS.where(Activity.number == number))), None)


def filtered(by: Actor, form: ListFilter, state: ActivityState | None) -> Select:
    """The activities of a list that this person may see, narrowed by what stands in the address."""
    rows = queries.rows().where(or_(queries.SHOWN, queries.is_organised_by(by)))
    conditions: list[ColumnElement[bool]] = [true()]
    if state:
        conditions.append(Activity.state == state)
    if form.category.data:
        conditions.append(Activity.category == form.category.data)
    if form.community.data:
        here = or_(Activity.community_id == form.community.data, Activity.community_id.is_(None))
        conditions.append(or_(here, _signed_up(by)) if by.is_in(Role.MEMBER) else here)
    if form.benefit.data:
        conditions.append(Activity.benefit != Benefit.NONE)
    if form.service_day.data:
        conditions.append(Activity.service_day.is_(True))
    if form.today.data:
        conditions.append(Activity.day == clock.today())
    if form.urgent.data:
        conditions += [Activity.urgent.is_(True), Activity.state == ActivityState.PUBLISHED]
    if words := (form.q.data or "").strip():
        in_words = or_(search.contains(Activity.title, words), search.contains(Activity.place, words))
        conditions.append(or_(in_words, Activity.number == words[:16]))
    return rows.where(and_(*conditions))


def _signed_up(by: Actor) -> ColumnElement[bool]:
    # Also in another community than the one that the list is narrowed to, a member finds what they said yes to.
    own = select(SignUp.activity_id).where(SignUp.member_id == by.member_id, SignUp.state != S.CANCELLED)
    return Activity.id.in_(own)


@dataclass(frozen=True)
class Count:
    """How many hold a place, wait, and came."""

    placed: int = 0
    waiting: int = 0
    attended: int = 0


def counts(ids: list[int]) -> dict[int, Count]:
    """How many hold a place, wait and came for each of these activities."""
    states = select(SignUp.activity_id, SignUp.state, func.count()).where(SignUp.activity_id.in_(ids))
    found: dict[int, dict[SignUpState, int]] = {key: {} for key in ids}
    for key, state, number in db.session.execute(states.group_by(SignUp.activity_id, SignUp.state)):
        found[key][state] = number
    return {key: _count(by_state) for key, by_state in found.items()}


def _count(by_state: dict[SignUpState, int]) -> Count:
    placed = sum(by_state.get(state, 0) for state in (S.SIGNED_UP, S.ATTENDED, S.ABSENT))
    return Count(placed, by_state.get(S.WAITLISTED, 0), by_state.get(S.ATTENDED, 0))


def own_states(by: Actor, ids: list[int]) -> dict[int, SignUpState]:
    """How this member stands to each of these activities."""
    mine = select(SignUp.activity_id, SignUp.state).where(SignUp.activity_id.in_(ids))
    mine = mine.where(SignUp.member_id == by.member_id if by.member_id else false())
    return dict(iter(db.session.execute(mine.where(SignUp.state != S.CANCELLED))))


def communities() -> list[tuple[int, str]]:
    """All communities as (id, name)."""
    rows = select(Community.id, Community.name).order_by(Community.name)
    return [(key, name) for key, name in db.session.execute(rows)]


def members_in_reach(activity: Activity, words: str) -> list[Member]:
    """Up to 20 members found by name, pinyin or the phone's last four: registered in the community, or anywhere for a
    county-wide activity, or known from having signed up for it; none for an empty question.
    """
    words = words.strip()
    if not words:
        return []
    found = named(Member, words)
    if len(words) == 4 and words.isascii() and words.isdigit():
        found = or_(found, with_phone_tail(words))
    rows = _in_reach(activity).where(found).order_by(Member.pinyin, Member.id)
    return list(db.session.scalars(rows.limit(MOST_FOUND)))


def member_in_reach(activity: Activity, member_id: int | None) -> list[tuple[int, str]]:
    """This member as the one choice of a form, (id, name); none who is out of reach."""
    row = db.session.execute(
        _in_reach(activity).with_only_columns(Member.id, Member.name).where(Member.id == member_id)
    )
    return [(key, name) for key, name in row]


def _in_reach(activity: Activity) -> Select:
    here = activity.community_id
    known = Member.id.in_(select(SignUp.member_id).where(SignUp.activity_id == activity.id))
    near = true() if here is None else or_(is_received(Member.id, here), known)
    return select(Member).join(Unit).where(Member.status == MemberStatus.ACTIVE, is_registered(Member.id), near)
