"""The records behind the evidence: which rows each source looks at, whose they are, which speak against a body."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, exists, false, or_, select

from portal.accounts.models import Appointment
from portal.accounts.queries import in_force
from portal.actors import Role
from portal.households.missing import asks, is_missing
from portal.households.models import Household, HouseholdState, Support, SupportState
from portal.inspections.kinds import Drawn, TargetKind
from portal.people.models import Community, Member, Unit
from portal.pledges.models import APPROVED, Pledge
from portal.records.models import Evidence, RecordState, ServiceRecord
from portal.registrations.models import CURRENT, Registration, RegistrationState
from portal.registrations.queries import at_home, is_exempt, living_in_town
from portal.remarks.models import OPEN as REMARK_OPEN
from portal.remarks.models import Remark
from portal.scheme import queries as scheme
from portal.suggestions.models import OPEN as SUGGESTION_OPEN
from portal.suggestions.models import Addressed, Suggestion, SuggestionState
from portal.wishes import ladder
from portal.wishes.models import Wish, WishState
from portal.work.models import OwnWork, WorkState


@dataclass(frozen=True)
class Source:
    """One sort of evidence: `rows(today)` are all cases looked at, `against(today)` is the condition of the bad ones.

    `unit` and `community` are the columns that say whose a row is; a town or department is told by its units where a
    source knows units, else by its communities. `of_kind` gives other columns for a kind of body.
    """

    entity: Any
    rows: Callable[[dt.date], Select]
    against: Callable[[dt.date], Any]
    unit: Any = None
    community: Any = None
    of_kind: Callable[[TargetKind], Any] | None = None
    total: Any = None

    def of(self, kind: TargetKind):
        """The column that says to which body of this kind a row belongs; None where it tells nothing of such a body."""
        if self.of_kind is not None:
            return self.of_kind(kind)
        if kind is TargetKind.UNIT:
            return self.unit
        if kind is TargetKind.COMMUNITY:
            return self.community
        if self.unit is not None:
            return select(Unit.supervisor_id).where(Unit.id == self.unit).correlate(_model(self.unit)).scalar_subquery()
        return _town(self.community) if kind is TargetKind.TOWN and self.community is not None else None

    def columns(self, today: dt.date) -> tuple:
        """What is counted, the condition against the body, and what is summed."""
        return self.entity.id, self.against(today), self.total

    def bad(self, today: dt.date) -> Select:
        """The rows that speak against a body."""
        return self.rows(today).where(self.against(today))


def _model(column):
    """What a column stands in, with which a part of a query is told apart from the whole."""
    return getattr(column, "class_", None) or column.table


def _town(column):
    return select(Community.town_id).where(Community.id == column).correlate(_model(column)).scalar_subquery()


def _year(column, today: dt.date):
    return column.between(dt.date(today.year, 1, 1), dt.date(today.year, 12, 31))


def _should_report(_today: dt.date) -> Select:
    reported = exists().where(Registration.member_id == Member.id, at_home())
    return select(Member).where(living_in_town(), or_(reported, ~is_exempt()))


def _not_reported(_today: dt.date):
    return ~exists().where(Registration.member_id == Member.id, at_home())


def _no_pledge(today: dt.date):
    pledged = (Pledge.member_id == Registration.member_id, Pledge.year == today.year, Pledge.state.in_(APPROVED))
    return ~exists().where(*pledged)


def _records(today: dt.date) -> Select:
    confirmed = ServiceRecord.state == RecordState.CONFIRMED
    return select(ServiceRecord).where(confirmed, _year(ServiceRecord.day, today))


def _live_records(today: dt.date) -> Select:
    live = ServiceRecord.state.in_((RecordState.CONFIRMED, RecordState.PENDING))
    return select(ServiceRecord).where(live, _year(ServiceRecord.day, today))


def _open_wishes(_today: dt.date) -> Select:
    return select(Wish).where(Wish.state.in_((WishState.SUBMITTED, WishState.PUBLISHED, WishState.CLAIMED)))


def _late_wish(today: dt.date):
    not_done = and_(Wish.state == WishState.CLAIMED, Wish.finish_by < today)
    return or_(not_done, ladder.unreviewed(today, scheme.year_of(today)))


def last_month(today: dt.date) -> dt.date:
    """The first day of the month before this one, the last that is over."""
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


# A household is of every unit whose members support it.
_of_units = select(Support.household_id, Member.unit_id).join(Member, Member.id == Support.member_id)
_of_units = _of_units.where(Support.state == SupportState.ACTIVE).distinct()
HELPED_BY = _of_units.subquery("helped_by")


def _supported(today: dt.date) -> Select:
    asked = exists().where(Support.household_id == Household.id, asks(last_month(today)))
    rows = select(Household).join(HELPED_BY, HELPED_BY.c.household_id == Household.id)
    return rows.where(Household.state == HouseholdState.ACTIVE, asked)


def _remarks(today: dt.date) -> Select:
    return select(Remark).where(or_(_year(Remark.submitted_on, today), Remark.state.in_(REMARK_OPEN)))


def _suggestions(today: dt.date) -> Select:
    made = (Suggestion.state != SuggestionState.WITHDRAWN,)
    return select(Suggestion).where(*made, or_(_year(Suggestion.submitted_on, today), _late_suggestion(today)))


def _late_suggestion(today: dt.date):
    return and_(Suggestion.state.in_(SUGGESTION_OPEN), Suggestion.answer_by < today)


def _who_answers(kind: TargetKind):
    """Whoever owes the member of a suggestion an answer: its community or town, or the body it was forwarded to."""
    forwarded = Suggestion.forwarded_to_id.is_not(None)
    if kind is TargetKind.COMMUNITY:
        own = and_(Suggestion.addressed_to == Addressed.COMMUNITY, ~forwarded)
        return case((own, Suggestion.community_id))
    if kind in (TargetKind.TOWN, TargetKind.DEPARTMENT):
        to_town = (Suggestion.addressed_to == Addressed.TOWN, _town(Suggestion.community_id))
        return case((forwarded, Suggestion.forwarded_to_id), to_town)
    return None


def _no_work(today: dt.date):
    done = (OwnWork.unit_id == Unit.id, OwnWork.state == WorkState.RECORDED, _year(OwnWork.day, today))
    return ~exists().where(*done)


def _no_liaison(today: dt.date):
    held = (Appointment.unit_id == Unit.id, Appointment.role == Role.LIAISON, Appointment.main.is_(True))
    return ~exists().where(*held, in_force(today))


def _units(_today: dt.date) -> Select:
    return select(Unit)


def _unit_or_above(kind: TargetKind):
    return {TargetKind.UNIT: Unit.id, TargetKind.COMMUNITY: None}.get(kind, Unit.supervisor_id)


def _registered(_today: dt.date) -> Select:
    return select(Registration).where(Registration.state.in_(CURRENT))


MEMBERS = Source(Member, _should_report, _not_reported, Member.unit_id, Member.community_id)
SOURCES: dict[Drawn, Source] = {
    Drawn.REPORTED: MEMBERS,
    Drawn.UNREPORTED: MEMBERS,
    Drawn.RECEIPTS: Source(Registration, _registered, lambda _day: Registration.state == RegistrationState.ACCEPTED,
                           Registration.unit_id, Registration.community_id),
    Drawn.PLEDGES: Source(Registration, _registered, _no_pledge, Registration.unit_id, Registration.community_id),
    Drawn.SERVICE: Source(ServiceRecord, _records, lambda _day: false(), ServiceRecord.unit_id,
                          ServiceRecord.community_id, total=ServiceRecord.half_hours),
    Drawn.ENTERED_LATE: Source(ServiceRecord, _records, lambda _day: ServiceRecord.evidence == Evidence.LATE,
                               ServiceRecord.unit_id, ServiceRecord.community_id),
    Drawn.UNCONFIRMED: Source(ServiceRecord, _live_records, lambda _day: ServiceRecord.state == RecordState.PENDING,
                              community=ServiceRecord.place_id),
    Drawn.WISHES: Source(Wish, _open_wishes, _late_wish, community=Wish.community_id),
    Drawn.VISITS: Source(Household, _supported, lambda day: is_missing(last_month(day)), HELPED_BY.c.unit_id,
                         Household.community_id),
    Drawn.REMARKS: Source(Remark, _remarks, lambda _day: Remark.state.in_(REMARK_OPEN),
                          community=Remark.community_id),
    Drawn.SUGGESTIONS: Source(Suggestion, _suggestions, _late_suggestion, of_kind=_who_answers),
    Drawn.OWN_WORK: Source(Unit, _units, _no_work, of_kind=_unit_or_above),
    Drawn.LIAISON: Source(Unit, _units, _no_liaison, of_kind=_unit_or_above),
}  # fmt: skip
