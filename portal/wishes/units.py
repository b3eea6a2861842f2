"""Units as helpers: who may come for one, what it has in hand, what waits where its members live.  [二(三)3]"""

import datetime as dt

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from portal.actors import Actor
from portal.extensions import db
from portal.people.models import Member, MemberStatus
from portal.registrations.models import CURRENT, Registration
from portal.wishes.ladder import Patience
from portal.wishes.models import Claim, ClaimState, Wish, WishState

MOST = 50


def may_come(unit_id: int | None) -> list[tuple[int, str]]:
    """The members of a unit who are registered, as (id, name): those who may come for it."""
    registered = exists().where(Registration.member_id == Member.id, Registration.state.in_(CURRENT))
    rows = select(Member.id, Member.name).where(*_of(unit_id), registered).order_by(Member.pinyin, Member.id)
    return [(key, name) for key, name in db.session.execute(rows)]


def in_hand(by: Actor) -> list[Claim]:
    """The open claims of the liaison's unit, the one due first on top."""
    due_first = _claims(by, ClaimState.OPEN).join(Claim.wish).order_by(Wish.finish_by, Claim.id)
    return list(db.session.scalars(due_first))


def helped(by: Actor) -> list[Claim]:
    """The claims that the liaison's unit carried through, the latest first."""
    return list(db.session.scalars(_claims(by, ClaimState.FINISHED).order_by(Claim.id.desc()).limit(MOST)))


def long_waiting(by: Actor, patience: Patience) -> list[Wish]:
    """The wishes of the wall that have waited long where members of the unit live, the oldest first."""
    rows = _long_waiting(by, patience).options(joinedload(Wish.community))
    return list(db.session.scalars(rows.order_by(Wish.published_at, Wish.id).limit(MOST)))


def count_long_waiting(by: Actor, patience: Patience) -> tuple[int, dt.datetime | None]:
    """How many these are, and since when the oldest has waited."""
    found = _long_waiting(by, patience).with_only_columns(func.count(), func.min(Wish.published_at))
    count, oldest = db.session.execute(found).one()
    return count, oldest


def _claims(by: Actor, state: ClaimState) -> Select:
    rows = select(Claim).where(Claim.unit_id == by.unit_id, Claim.state == state)
    return rows.options(joinedload(Claim.wish).joinedload(Wish.community))


def _long_waiting(by: Actor, patience: Patience) -> Select:
    homes = select(Member.community_id).where(*_of(by.unit_id))
    waits = (Wish.on_wall.is_(True), Wish.state == WishState.PUBLISHED, Wish.community_id.in_(homes))
    return select(Wish).where(*waits, Wish.published_at < patience.since)


def _of(unit_id: int | None) -> tuple:
    return Member.unit_id == unit_id, Member.status == MemberStatus.ACTIVE
