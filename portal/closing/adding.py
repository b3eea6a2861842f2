"""A service of a closed year that was never recorded (补记): the county asks for it, the community enters it.

It is a correction like any other: a second person confirms the record, the county finishes, the card becomes a new
version that names the old one, and the recount stored at the closing stays as it is.
"""

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import joinedload

from portal import clock, years
from portal.actors import Actor, Role
from portal.closing import queries
from portal.closing.correcting import county_of, opened
from portal.closing.models import ClosingState, Correction, CorrectionState
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.people.models import Community, Member, Unit
from portal.records import listing
from portal.records import workflow as records
from portal.records.models import ServiceRecord
from portal.reports.counting_people import unit_on
from portal.reports.scopes import Period

ADMITTED = "开放补记"


def admit(year: int, member: Member, place: Community, by: Actor, reason: str) -> Correction:
    """The county lets a member's community of that time enter one service that was never recorded, saying why.

    Raises NotYours, RuleBroken.  [二(二)4] [四]
    """
    if not by.is_in(Role.COUNTY) or by.is_self(member.id):
        raise NotYours(f"补记由{county_of.label}办理。")
    closing = queries.of_year(year)
    if closing is None or closing.state is not ClosingState.CLOSED:
        raise RuleBroken(f"{year}年度没有结账，由社区照常登记。")
    if queries.open_addition(member.id, place.id, year) is not None:
        raise RuleBroken(f"{member.name}在{place.name}已有一次补记正在办理，办完以后再开放下一次。")
    row = Correction(
        state=CorrectionState.OPEN, closing=closing, adds=True, member_id=member.id, place_id=place.id,
        reason=reason, opened_at=clock.now(), opened_by=by.shown, opened_by_user_id=by.user_id, half_hours_before=0,
    )  # fmt: skip
    db.session.add(row)
    opened(row, by, "admit", ADMITTED)
    return row


def entered(record: ServiceRecord) -> None:
    """The service that was asked for is recorded: from now on the correction is of this record, and of no other."""
    if record.rewrites_id is not None or not years.why_closed(record.day.year):
        return
    found = queries.open_addition(record.member_id, record.place_id, record.day.year)
    if found is not None and found.record_id is None:
        found.record = record
        _as_of_its_date(record)


def _as_of_its_date(record: ServiceRecord) -> None:
    """Of whoever moved or changed unit since: the community that the county asked, the unit of that day."""
    of_that_day = Unit.id == unit_on(Period(record.day, record.day))
    rows = select(Unit).select_from(Member).join(Unit, of_that_day).where(Member.id == record.member_id)
    unit = db.session.scalars(rows).one()
    record.unit_id, record.supervisor_id, record.community_id = unit.id, unit.supervisor_id, record.place_id


def _theirs(by: Actor) -> tuple[ColumnElement[bool], ...]:
    return *queries.unfilled(), Correction.place_id == by.community_id if by.is_in(Role.CLERK) else false()


def to_enter(by: Actor) -> Select:
    """The services that the county lets this clerk's community enter."""
    rows = select(Correction).where(*_theirs(by))
    return rows.options(joinedload(Correction.member), joinedload(Correction.closing))


def register() -> None:
    """Whatever record fits a correction that waits for one becomes its record; the clerk may write it wherever the
    member lives now.
    """
    records.when_recorded(entered)
    listing.also_of(lambda by: select(Correction.member_id).where(*_theirs(by)))
