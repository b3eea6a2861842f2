"""What time does to wishes: it confirms what nobody answered, raises what nobody took, archives what is long over.

[二(二)2]
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Select, exists, select

from portal import clock
from portal.actors import SYSTEM, Actor
from portal.errors import Refused
from portal.extensions import db
from portal.logs import log
from portal.scheme import queries as scheme
from portal.wishes import ladder, phones, proposing, raising, workflow
from portal.wishes.models import UNINDEXED, Proposal, ProposalState, Wish, WishState

AT_ONCE = 200  # wishes of one tick, so that the write lock is not held for long; the next minute takes the rest


def lapse_unanswered(now: dt.datetime) -> None:
    """Confirm by default the wishes done that no resident answered for seven days."""
    days = scheme.year_of(clock.local(now).date()).wish_confirm_days

    def lapse(wish: Wish, by: Actor) -> None:
        workflow.lapse(wish, by)
        wish.confirmed_at = wish.ended_at = now  # `tick` may be run for another moment than the clock's

    _each(select(Wish).where(Wish.state == WishState.DONE, Wish.done_at <= now - dt.timedelta(days=days)), lapse)


def archive_ended(now: dt.datetime) -> None:
    """Archive the wishes that ended thirty days ago or more."""
    days = scheme.year_of(clock.local(now).date()).wish_archive_days
    over = (Wish.state.in_(workflow.ENDS), Wish.ended_at <= now - dt.timedelta(days=days))
    _each(select(Wish).where(*over), workflow.archive)


def index_phones(now: dt.datetime) -> None:
    """Index the phones of wishes told on a public face, so that wishes told twice are found."""
    for wish in db.session.scalars(select(Wish).where(UNINDEXED).order_by(Wish.id).limit(AT_ONCE)):
        phones.index(wish)


def raise_unclaimed(now: dt.datetime) -> None:
    """Raise what its grid did not review to the community, what nobody claimed to the town, what lay there to the
    county: one level a tick, the upper first.
    """
    today = clock.local(now).date()
    year = scheme.year_of(today)

    def raise_for(why: str) -> Callable:
        def move(wish: Wish, by: Actor) -> None:
            raising.escalate(wish, by, reason=why)
            wish.level_at = now

        return move

    county = f"到镇里满{year.wish_county_days}天没有办理，转县委组织部"
    community = f"满{year.wish_review_workdays}个工作日没有审核，转社区"
    town = f"满{year.wish_town_days}天无人认领，转镇党委"
    _each(select(Wish).where(ladder.due_for_county(today, year)), raise_for(county))
    _each(select(Wish).where(ladder.due_for_town(today, year)), raise_for(town))
    _each(select(Wish).where(ladder.due_for_community(today, year)), raise_for(community))


def end_unanswered(now: dt.datetime) -> None:
    """End the invitations whose hours are over."""

    def expire(wish: Wish, by: Actor) -> None:
        proposing.expire(wish, by, until=now)

    over = exists().where(Proposal.wish_id == Wish.id, Proposal.state == ProposalState.OPEN, Proposal.until <= now)
    _each(select(Wish).where(Wish.state.in_(proposing.WAITS), over), expire)


def _each(due: Select, move: Callable) -> None:
    for wish in db.session.scalars(due.order_by(Wish.id).limit(AT_ONCE)):
        try:
            with db.session.begin_nested():
                move(wish, SYSTEM)
        except Refused as refusal:
            # A closed year, for instance: the clerk's list goes on showing the wish.
            log.warning("time could not move a wish", wish=wish.number, refusal=type(refusal).__name__)
