"""What was asked and given: suggestions, households supported, wishes collected, claimed, come true."""

import datetime as dt

from sqlalchemy import Integer, Select, cast, func, null, or_, select, union_all

from portal import clock
from portal.activities.models import ActivityWish
from portal.households.kinds import HouseholdKind
from portal.households.models import Household, Support
from portal.people.models import Member, Unit
from portal.records.models import RecordState, ServiceRecord, Source
from portal.reports.counting_people import unit_on
from portal.reports.scopes import Period, one_if
from portal.suggestions.models import Suggestion, SuggestionState
from portal.wishes.models import Claim, ClaimPerson, ClaimState, Wish, WishState

R = ServiceRecord


def suggestions(period: Period) -> Select:
    """The suggestions made in the year and not withdrawn; `adopted` are those of them answered yes by the day.

    By the unit and the home community of the day on which each was made.  [二(一)2]
    """
    S = Suggestion
    adopted = S.adopted.is_(True) & (S.answered_on <= period.until)
    return (
        select(
            S.unit_id, Unit.supervisor_id, S.community_id, S.id.label("thing_id"),
            one_if(S.id.is_not(None)).label("suggestions"), one_if(adopted).label("adopted"),
        )
        .join(Unit, Unit.id == S.unit_id)
        .where(period.holds(S.submitted_on), S.state != SuggestionState.WITHDRAWN)
    )  # fmt: skip


def households(period: Period) -> Select:
    """The households that some member supported in the year, a line a support; the household is the thing.

    A support counts if it lasted on some day between 1 January and the day, also of a household closed since; one
    that was proposed and never agreed to doesn't. By the supporter's unit of the day, or the household's community.
    [二(一)4]
    """
    unit = unit_on(period)
    kinds = [one_if(Household.kind == kind).label(f"households_{kind.value}") for kind in HouseholdKind]
    return (
        select(
            unit.label("unit_id"), Unit.supervisor_id, Household.community_id, Household.id.label("thing_id"),
            one_if(Household.id.is_not(None)).label("households"), *kinds,
        )
        .select_from(Support)
        .join(Household, Household.id == Support.household_id)
        .join(Member, Member.id == Support.member_id)
        .join(Unit, Unit.id == unit)
        .where(Support.since <= period.until, or_(Support.until.is_(None), Support.until >= period.first))
    )  # fmt: skip


def collected(period: Period) -> Select:
    """The wishes told in the year that were put up for claiming or still wait for review, by community.  [二(二)2]

    Not what was refused, or said twice (merged into the other one), or taken back before anybody had put it up. Units
    collect none. One whose community nobody knows yet stands on a line of its own.
    """
    first, after = (clock.start_of(day) for day in (period.first, period.until + dt.timedelta(days=1)))
    kept = or_(Wish.published_at.is_not(None), Wish.state == WishState.SUBMITTED)
    nobody = cast(null(), Integer)
    return select(
        nobody.label("unit_id"), nobody.label("supervisor_id"), Wish.community_id, Wish.id.label("thing_id"),
        one_if(Wish.id.is_not(None)).label("wishes"),
    ).where(Wish.submitted_at >= first, Wish.submitted_at < after, Wish.merged_into_id.is_(None), kept)  # fmt: skip


def claimed(period: Period) -> Select:
    """The wishes that members took on in the year and did not give back by the day, a line a helper; the wish is the
    thing.  [二(二)2]

    A helper is a member, a unit, or one who comes for a team; not an organisation charged by the town or the county.
    A wish of several helpers is shared by their units. What was taken back (revoked) or given back is not counted,
    unless another helper stayed. One taken up by an activity counts by the units of those who came, in the year
    in which they came, whenever it was taken up.
    """
    first, after = (clock.start_of(day) for day in (period.first, period.until + dt.timedelta(days=1)))
    unit = unit_on(period)
    stands = or_(Claim.state.in_((ClaimState.OPEN, ClaimState.FINISHED)), Claim.ended_at >= after)
    made = (Claim.claimed_at >= first, Claim.claimed_at < after, stands)
    helper = func.coalesce(Claim.member_id, ClaimPerson.member_id)
    of_people = (
        select(unit.label("unit_id"), Claim.wish_id)
        .outerjoin(ClaimPerson, (ClaimPerson.claim_id == Claim.id) & Claim.unit_id.is_(None))
        .join(Member, Member.id == helper)
        .where(*made)
    )
    of_units = select(Claim.unit_id, Claim.wish_id).where(*made, Claim.unit_id.is_not(None))
    of_activities = _came(period).where(stands)
    lines = union_all(of_people, of_units, of_activities).subquery()
    return _of_wishes(lines, Unit.supervisor_id, "claimed").join(Unit, Unit.id == lines.c.unit_id)


def fulfilled(period: Period) -> Select:
    """The wishes that came true by a service of the year with two people behind it, a line a helper; the wish is the
    thing.  [二(二)2] [二(二)4]

    That is: a helper's confirmed record from it, at the unit of its date, in the year of that date; so one that only
    time confirmed (到期默认) counts when somebody has called back. One taken up by an activity has no records of its
    own: it counts once it is confirmed, by the units of those who came.
    """
    served = (R.state == RecordState.CONFIRMED, period.holds(R.day))
    own = select(R.unit_id, R.supervisor_id, R.source_id.label("wish_id")).where(*served, R.source == Source.WISH)
    true = (Claim.state == ClaimState.FINISHED, Wish.confirmed_at.is_not(None))
    taken = _came(period).add_columns(R.supervisor_id).join(Wish, Wish.id == Claim.wish_id).where(*true)
    columns = ("unit_id", "supervisor_id", "wish_id")
    shared = taken.subquery()
    lines = union_all(own, select(*(shared.c[name] for name in columns))).subquery()
    return _of_wishes(lines, lines.c.supervisor_id, "fulfilled")


def _came(period: Period) -> Select:
    """The confirmed records of those who came to an activity that took wishes up, a line a wish of it."""
    return (
        select(R.unit_id, Claim.wish_id)
        .join(ActivityWish, ActivityWish.activity_id == R.source_id)
        .join(Claim, Claim.id == ActivityWish.claim_id)
        .where(R.source == Source.ACTIVITY, R.state == RecordState.CONFIRMED, period.holds(R.day))
    )


def _of_wishes(lines, supervisor, key: str) -> Select:
    return select(
        lines.c.unit_id, supervisor.label("supervisor_id"), Wish.community_id, Wish.id.label("thing_id"),
        one_if(Wish.id.is_not(None)).label(key),
    ).join(Wish, Wish.id == lines.c.wish_id)  # fmt: skip
