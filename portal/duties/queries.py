"""The SELECTs behind the five ones: each sort of fact in the same columns, so that one query finds them all.

`members` is always a SELECT of members' ids, `day` the day on which is asked; the facts are those of its year.
"""

import datetime as dt

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from portal import clock
from portal.activities.models import Activity, Benefit
from portal.households.counting import stands
from portal.households.models import Support, Visit, VisitState
from portal.pledges.models import APPROVED, Pledge, PledgeItem
from portal.posts.holding import not_given_up
from portal.posts.models import PostClaim
from portal.records.models import RecordState, ServiceRecord, Source
from portal.registrations.models import CURRENT, Deferment, DefermentState, Registration
from portal.scheme.models import SchemeYear
from portal.suggestions.models import Suggestion, SuggestionState
from portal.wishes.models import Claim, ClaimState

MINIMUM, NOBODY = "minimum", 0


def facts(members: Select, day: dt.date) -> CompoundSelect:
    """Everything that the records say of these members in a year, a row a fact, marked with its `kind`."""
    parts = ((kind, rows(members, day)) for kind, rows in KINDS.items())
    return union_all(*(part.add_columns(literal(kind, String).label("kind")) for kind, part in parts))


def _columns(member, a=None, b=None, c=None, since=None, until=None, words=None) -> tuple:
    """The columns that all parts have: three numbers, two days, a word."""

    def one(value, kind, name):
        return (cast(null(), kind) if value is None else value).label(name)

    return (
        member.label("member_id"), one(a, Integer, "a"), one(b, Integer, "b"), one(c, Integer, "c"),
        one(since, Date, "since"), one(until, Date, "until"), one(words, String, "words"),
    )  # fmt: skip


def _of_year(column, day: dt.date):
    return column.between(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))


def _confirmed(members: Select, day: dt.date) -> tuple:
    served = (ServiceRecord.state == RecordState.CONFIRMED, ServiceRecord.member_id.in_(members))
    return (*served, _of_year(ServiceRecord.day, day))


def _minimum(_members: Select, day: dt.date) -> Select:
    """The minimum of the year, of no member; none where the county has not opened the year."""
    least = _columns(literal(NOBODY), SchemeYear.least_services, SchemeYear.least_half_hours)
    return select(*least).where(SchemeYear.year == day.year)


def _registrations(members: Select, day: dt.date) -> Select:
    R = Registration
    rows = select(*_columns(R.member_id, since=R.accepted_on, until=R.ended_on))
    return rows.where(
        R.member_id.in_(members), R.accepted_on.is_not(None), or_(R.state.in_(CURRENT), R.ended_on.is_not(None))
    )


def _deferments(members: Select, day: dt.date) -> Select:
    D, words = Deferment, Deferment.first + Deferment.last
    rows = select(*_columns(D.member_id, until=D.ended_on, words=cast(words, String)))
    in_force = (D.state.in_((DefermentState.AGREED, DefermentState.ENDED)), D.decided_on.is_not(None))
    return rows.where(D.member_id.in_(members), *in_force, D.first <= f"{day.year}-12", D.last >= f"{day.year}-01")


def _posts(members: Select, day: dt.date) -> Select:
    """The posts held in the year, `b` is 1 of one given up: that is this year's only by a service done on it.

    One of the year before is held until the new pledge confirms or ends it (see posts/holding.py).
    """
    C, last = PostClaim, dt.date(day.year, 12, 31)
    rows = select(*_columns(C.member_id, C.id, case((not_given_up(last), 0), else_=1))).join(C.post)
    held = or_(C.until.is_(None), C.until >= dt.date(day.year, 1, 1))
    return rows.where(C.member_id.in_(members), C.since <= last, held)


def _on_posts(members: Select, day: dt.date) -> Select:
    R = ServiceRecord
    rows = select(*_columns(R.member_id, R.source_id, func.count()))
    return rows.where(*_confirmed(members, day), R.source == Source.POST).group_by(R.member_id, R.source_id)


def _services(members: Select, day: dt.date) -> Select:
    R = ServiceRecord
    rows = select(*_columns(R.member_id, func.count(), func.sum(R.half_hours)))
    return rows.where(*_confirmed(members, day), R.half_hours >= 1).group_by(R.member_id)


def _activities(members: Select, day: dt.date) -> Select:
    R = ServiceRecord
    benefit = exists().where(Activity.id == R.source_id, Activity.benefit != Benefit.NONE)
    rows = select(*_columns(R.member_id, func.count()))
    return rows.where(*_confirmed(members, day), R.source == Source.ACTIVITY, benefit).group_by(R.member_id)


def _suggestions(members: Select, day: dt.date) -> Select:
    S = Suggestion
    rows = select(*_columns(S.member_id, func.count()))
    made = (_of_year(S.submitted_on, day), S.state != SuggestionState.WITHDRAWN)
    return rows.where(S.member_id.in_(members), *made).group_by(S.member_id)


def _supports(members: Select, day: dt.date) -> Select:
    S = Support
    rows = select(*_columns(S.member_id, S.id, S.household_id, since=S.since, until=S.until))
    return rows.where(*_supporting(members, day))


def _supporting(members: Select, day: dt.date) -> tuple:
    lasts = or_(Support.until.is_(None), Support.until >= dt.date(day.year, 1, 1))
    return (Support.member_id.in_(members), Support.since.is_not(None), lasts)


def _visits(members: Select, day: dt.date) -> Select:
    """The visits, by anybody, to whom they support; `c` is 1 of one that a second person has not confirmed yet."""
    waits = case((Visit.state == VisitState.RECORDED, 1), else_=0)
    rows = select(*_columns(Support.member_id, b=Visit.household_id, c=waits, since=Visit.day)).distinct()
    rows = rows.join(Support, Support.household_id == Visit.household_id)
    return rows.where(*_supporting(members, day), stands(), _of_year(Visit.day, day))


def _revoked(members: Select, day: dt.date) -> Select:
    first, after = (clock.start_of(dt.date(year, 1, 1)) for year in (day.year, day.year + 1))
    rows = select(*_columns(Claim.member_id, func.count()))
    taken = (Claim.state == ClaimState.REVOKED, Claim.ended_at >= first, Claim.ended_at < after)
    return rows.where(Claim.member_id.in_(members), *taken).group_by(Claim.member_id)


def _promises(members: Select, day: dt.date) -> Select:
    item, words = PledgeItem, cast(PledgeItem.category, String)
    rows = select(*_columns(Pledge.member_id, item.place, item.times, item.half_hours, item.due_on, words=words))
    rows = rows.join(item, item.pledge_id == Pledge.id)
    return rows.where(Pledge.member_id.in_(members), Pledge.year == day.year, Pledge.state.in_(APPROVED))


def _sums(members: Select, day: dt.date) -> Select:
    """The records of the year by category, of those who promised something whose day has passed."""
    R = ServiceRecord
    times = func.sum(case((R.half_hours >= 1, 1), else_=0))
    rows = select(*_columns(R.member_id, func.count(), times, func.sum(R.half_hours), words=cast(R.category, String)))
    return rows.where(*_confirmed(_late(members, day), day)).group_by(R.member_id, R.category)


def _late(members: Select, day: dt.date) -> Select:
    rows = select(Pledge.member_id).join(PledgeItem, PledgeItem.pledge_id == Pledge.id)
    return rows.where(Pledge.member_id.in_(members), Pledge.year == day.year, PledgeItem.due_on < day)


def _records(members: Select, day: dt.date) -> Select:
    """The records one by one where two promises of such a member share a category."""
    R, item = ServiceRecord, PledgeItem
    rows = select(*_columns(R.member_id, R.id, R.half_hours, since=R.day, words=cast(R.category, String)))
    twice = select(Pledge.member_id, item.category).join(item, item.pledge_id == Pledge.id)
    twice = twice.where(Pledge.year == day.year, Pledge.member_id.in_(_late(members, day)))
    shared = twice.group_by(Pledge.member_id, item.category).having(func.count() > 1).subquery()
    both = and_(shared.c.member_id == R.member_id, shared.c.category == R.category)
    of_year = (R.state == RecordState.CONFIRMED, _of_year(R.day, day))
    return rows.join(shared, both).where(*of_year)


KINDS = {
    "registration": _registrations,
    "deferment": _deferments,
    "post": _posts,
    "on_post": _on_posts,
    "service": _services,
    "activity": _activities,
    "suggestion": _suggestions,
    "support": _supports,
    "visit": _visits,
    "revoked": _revoked,
    "promise": _promises,
    "sums": _sums,
    "record": _records,
    MINIMUM: _minimum,
}
