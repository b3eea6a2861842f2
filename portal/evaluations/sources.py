"""The SELECTs behind the numbers of an evaluation: what is counted and what is listed come from the same rows.

`members` is a list of ids, or a column's values; a record, a suggestion, a remark belongs to the community that was
the member's on its day, so who moved house has each year's evidence where it was done.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, and_, case, func, or_, select, union_all

from portal import clock
from portal.activities.models import Activity
from portal.pledges.models import APPROVED, Pledge
from portal.records.models import RecordState, ServiceRecord, Source
from portal.remarks.models import Finding, Remark, RemarkKind, RemarkState
from portal.suggestions.models import Suggestion, SuggestionState
from portal.wishes.models import Claim, ClaimPerson, ClaimState, Wish

R, S = ServiceRecord, Suggestion


def _of_year(column, year: int):
    return column.between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def served(members: Sequence[int], year: int) -> tuple:
    """The condition of the confirmed records of a year."""
    return (R.member_id.in_(members), R.state == RecordState.CONFIRMED, _of_year(R.day, year))


def of_activity():
    """How a record's activity is joined to it."""
    return and_(R.source == Source.ACTIVITY, Activity.id == R.source_id)


def record_sums(members: Sequence[int], year: int) -> Select:
    """By member and community: services, half hours, and how many came from what."""

    def among(condition):
        return func.sum(case((condition, 1), else_=0))

    counts = (
        among(R.half_hours >= 1).label("times"),
        func.sum(R.half_hours).label("half_hours"),
        among(R.source == Source.VISIT).label("visits"),
        among(R.source == Source.ACTIVITY).label("activities"),
        among(Activity.service_day.is_(True)).label("service_days"),
        among(R.source == Source.WISH).label("wishes_done"),
    )
    rows = select(R.member_id, R.community_id, *counts).outerjoin(Activity, of_activity())
    return rows.where(*served(members, year)).group_by(R.member_id, R.community_id)


def made(members: Sequence[int], year: int) -> tuple:
    """The condition of the suggestions of a year, without those taken back."""
    return (S.member_id.in_(members), _of_year(S.submitted_on, year), S.state != SuggestionState.WITHDRAWN)


def suggestion_sums(members: Sequence[int], year: int) -> Select:
    """By member and community: suggestions, and how many were adopted."""
    adopted = func.sum(case((S.adopted.is_(True), 1), else_=0))
    rows = select(S.member_id, S.community_id, func.count().label("made"), adopted.label("adopted"))
    return rows.where(*made(members, year)).group_by(S.member_id, S.community_id)


def claims(members: Sequence[int], year: int) -> Select:
    """The wishes claimed in a year and not given up, alone or for a unit or team, with the member who holds each."""
    first, after = (clock.start_of(dt.date(each, 1, 1)) for each in (year, year + 1))
    held = (Claim.state.in_((ClaimState.OPEN, ClaimState.FINISHED)), Claim.claimed_at >= first,
            Claim.claimed_at < after)  # fmt: skip
    columns = (Claim.claimed_at, Claim.wish_id, Claim.state)
    alone = select(Claim.member_id.label("member_id"), *columns).where(Claim.member_id.in_(members), *held)
    sent = select(ClaimPerson.member_id, *columns).join(ClaimPerson.claim).where(ClaimPerson.member_id.in_(members))
    found = union_all(alone, sent.where(*held)).subquery()
    rows = select(found, Wish.number, Wish.title).join(Wish, Wish.id == found.c.wish_id)
    return rows.order_by(found.c.claimed_at, found.c.wish_id)


def voices(members: Sequence[int], year: int) -> Select:
    """What residents said of these members: praise passed on, and concerns that the member could answer first.

    A concern that proved untrue says nothing of a member.
    """
    heard = or_(Remark.kind == RemarkKind.PRAISE, Remark.finding.in_((Finding.TRUE, Finding.PARTLY, Finding.UNCLEAR)))
    rows = select(Remark).where(Remark.member_id.in_(members), Remark.state == RemarkState.SETTLED, heard)
    return rows.where(_of_year(Remark.submitted_on, year)).order_by(Remark.submitted_on, Remark.id)


def thanks(members: Sequence[int], year: int) -> Select:
    """What residents wrote when their wish had come true: member, community, words."""
    rows = select(R.member_id, R.community_id, Wish.thanks).join(Wish, and_(R.source == Source.WISH,
                                                                           Wish.id == R.source_id))  # fmt: skip
    return rows.where(*served(members, year), Wish.thanks.is_not(None)).order_by(R.day, R.id)


def pledged(members: Sequence[int], year: int) -> Select:
    """The approved pledges of a year."""
    return select(Pledge).where(Pledge.member_id.in_(members), Pledge.year == year, Pledge.state.in_(APPROVED))
