"""What waits on an office's desk: how many wishes, how many of them late, and since when the oldest waits."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, case, exists, func, or_, select

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community
from portal.scheme import queries as scheme
from portal.wishes import ladder, queries
from portal.wishes.models import Claim, ClaimState, ConfirmedBy, Level, MessageKind, Wish, WishMessage, WishState

S = WishState
WAITING = (S.SUBMITTED, S.PUBLISHED, S.CLAIMED, S.DONE, S.CONFIRMED, S.REJECTED, S.MERGED, S.CLOSED)


@dataclass(frozen=True)
class Waiting:
    """A line of a desk: how many wait, how many are late, and the moment since which the oldest waits."""

    count: int
    overdue: int
    oldest: dt.datetime | None


def is_late(today: dt.date):
    """The condition that a wish is late: unreviewed after 3 working days, undone after its day, raised to the town or
    the county and not settled there after 15 days, or unclaimed for more than the 30 days after which it is raised.
    """
    year = scheme.year_of(today)
    late = or_(
        ladder.unreviewed(today, year),
        and_(Wish.state == S.CLAIMED, Wish.finish_by < today),
        ladder.due_for_town(today, year),
        ladder.overdue_above(today, year),
    )
    # Said twice for the index: only the few live ones of a community are looked at.
    return and_(Wish.state.in_((S.SUBMITTED, S.CLAIMED, S.PUBLISHED)), late)


def late_among(wishes: list[Wish], today: dt.date) -> set[int]:
    """The ids of those of these wishes that are late."""
    rows = select(Wish.id).where(Wish.id.in_([wish.id for wish in wishes]), is_late(today))
    return set(db.session.scalars(rows))


@dataclass(frozen=True)
class Lines:
    """The lines that wishes give to an office's desk."""

    to_review: Waiting
    not_done: Waiting
    to_confirm: Waiting
    to_visit: Waiting
    unclaimed: Waiting
    raised: Waiting
    charged: Waiting


def lines(by: Actor, today: dt.date) -> Lines:
    """What waits for this office, in one query.

    Wishes to review (late after 3 working days); claimed ones past their day (超期未办); done ones whose resident
    has not answered, to be called back (待回访确认); residents without a phone whom nobody has told yet
    (无电话待回访); wishes that nobody claimed (late after 30 days); those of them that the town or the county handles
    (late after 15 days); those that an organisation does for it (late after their day).
    """
    late, numbers = is_late(today), []
    for which, since in _lines(by, today):
        numbers += [
            func.sum(case((which, 1), else_=0)),
            func.sum(case((and_(which, late), 1), else_=0)),
            func.min(case((which, since))),
        ]
    found = db.session.execute(_of(by).where(Wish.state.in_(WAITING)).with_only_columns(*numbers)).one()
    return Lines(*(Waiting(found[n] or 0, found[n + 1] or 0, found[n + 2]) for n in range(0, len(found), 3)))


def _lines(by: Actor, today: dt.date) -> tuple[tuple, ...]:
    handled = Wish.level == _LEVELS.get(by.role)
    charged = exists().where(Claim.wish_id == Wish.id, Claim.state == ClaimState.OPEN, Claim.organisation.is_not(None))
    return (
        (Wish.state == S.SUBMITTED, Wish.submitted_at),
        (and_(Wish.state == S.CLAIMED, Wish.finish_by < today), Wish.claimed_at),
        (Wish.state == S.DONE, Wish.done_at),
        (is_untold(), Wish.submitted_at),
        (Wish.state == S.PUBLISHED, Wish.published_at),
        (and_(Wish.state == S.PUBLISHED, handled), Wish.level_at),
        (and_(Wish.state == S.CLAIMED, handled, charged), Wish.claimed_at),
    )


_LEVELS = {Role.TOWN: Level.TOWN, Role.COUNTY: Level.COUNTY}


def is_untold():
    """The condition that a resident without a phone has still to be told what came of the wish.

    Each answer is told anew: done, confirmed by default since nobody answered, refused, merged, closed; once told of
    a wish done, time's confirmation of it needs no second visit.
    """
    lapsed = and_(Wish.state == S.CONFIRMED, Wish.confirmed_by == ConfirmedBy.DEFAULT)
    answered = or_(Wish.state.in_((S.DONE, S.REJECTED, S.MERGED, S.CLOSED)), lapsed)
    told = exists().where(
        WishMessage.wish_id == Wish.id,
        WishMessage.kind == MessageKind.CALLED_BACK,
        WishMessage.at >= func.coalesce(Wish.done_at, Wish.ended_at),
    )
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
