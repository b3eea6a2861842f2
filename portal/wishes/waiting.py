"""What waits on an office's desk: how many wishes, how many of them late, and since when the oldest waits."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, case, exists, func, or_, select

from portal import clock
from portal.actors import Actor
from portal.extensions import db
from portal.people.models import Community
from portal.scheme import queries as scheme
from portal.wishes import queries
from portal.wishes.models import MessageKind, Wish, WishMessage, WishState

S = WishState


@dataclass(frozen=True)
class Waiting:
    """A line of a desk: how many wait, how many are late, and the moment since which the oldest waits."""

    count: int
    overdue: int
    oldest: dt.datetime | None


def is_late(today: dt.date):
    """The condition that a wish is late: unreviewed after 3 working days, undone after its day, unclaimed for 30."""
    year = scheme.year_of(today)
    reviewed_by = clock.start_of(scheme.before(today, year.wish_review_workdays))
    unclaimed = clock.start_of(today - dt.timedelta(days=year.wish_town_days))
    return or_(
        and_(Wish.state == S.SUBMITTED, Wish.submitted_at < reviewed_by),
        and_(Wish.state == S.CLAIMED, Wish.finish_by < today),
        and_(Wish.state == S.PUBLISHED, Wish.published_at < unclaimed),
    )


def late_among(wishes: list[Wish], today: dt.date) -> set[int]:
    """The ids of those of these wishes that are late."""
    rows = select(Wish.id).where(Wish.id.in_([wish.id for wish in wishes]), is_late(today))
    return set(db.session.scalars(rows))


def to_review(by: Actor, today: dt.date) -> Waiting:
    """The wishes that wait for a review; late after 3 working days."""
    return _waiting(by, today, Wish.state == S.SUBMITTED, Wish.submitted_at)


def to_confirm(by: Actor, today: dt.date) -> Waiting:
    """The wishes done whose resident has not answered yet, to be called back (待回访确认)."""
    return _waiting(by, today, Wish.state == S.DONE, Wish.done_at)


def not_done(by: Actor, today: dt.date) -> Waiting:
    """The claimed wishes past the day by which they were to be done (超期未办)."""
    late = and_(Wish.state == S.CLAIMED, Wish.finish_by < today)
    return _waiting(by, today, late, Wish.claimed_at)


def unclaimed(by: Actor, today: dt.date) -> Waiting:
    """The wishes on the wall that nobody has claimed; late after 30 days."""
    return _waiting(by, today, Wish.state == S.PUBLISHED, Wish.published_at)


def to_visit(by: Actor, today: dt.date) -> Waiting:
    """The wishes of residents without a phone whose result nobody has told them yet (无电话待回访)."""
    return _waiting(by, today, is_untold(), Wish.submitted_at)


def is_untold():
    """The condition that a resident without a phone has still to be told how the wish stands."""
    told = exists().where(WishMessage.wish_id == Wish.id, WishMessage.kind == MessageKind.CALLED_BACK)
    answered = Wish.state.in_((S.DONE, S.REJECTED, S.CLOSED))
    return and_(answered, Wish.phone_sealed.is_(None), ~told)


def by_state(by: Actor) -> dict[WishState, int]:
    """How many wishes of each state this office has."""
    rows = _of(by).with_only_columns(Wish.state, func.count()).group_by(Wish.state)
    return dict(iter(db.session.execute(rows)))


def by_community(by: Actor) -> list[tuple[int, str, dict[WishState, int]]]:
    """How many wishes of each state the communities of a town or the county have, by name."""
    rows = _of(by).join(Community, Community.id == Wish.community_id)
    rows = rows.with_only_columns(Community.id, Community.name, Wish.state, func.count())
    found: dict[tuple[int, str], dict[WishState, int]] = {}
    for key, name, state, count in db.session.execute(rows.group_by(Community.id, Community.name, Wish.state)):
        found.setdefault((key, name), {})[state] = count
    return [(key, name, counts) for (key, name), counts in sorted(found.items(), key=lambda item: item[0][1])]


def _of(by: Actor):
    return select(Wish).where(queries.is_office_case(by))


def _waiting(by: Actor, today: dt.date, which, since) -> Waiting:
    late = func.sum(case((is_late(today), 1), else_=0))
    row = db.session.execute(_of(by).where(which).with_only_columns(func.count(), late, func.min(since))).one()
    return Waiting(row[0], row[1] or 0, row[2])
