"""A service of a closed year that was never recorded (补记): the county asks for it, the community enters it.

It is a correction like any other: a second person confirms the record, the county finishes, the card becomes a new
version that names the old one, and the recount stored at the closing stays as it is.
"""

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload

from portal import clock, years
from portal.actors import Actor, Role
from portal.closing import queries
from portal.closing.correcting import county_of, flow
from portal.closing.models import ClosingState, Correction, CorrectionState
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.people.models import Member
from portal.records import workflow as records
from portal.records.models import ServiceRecord

ADMITTED = "开放补记"


def admit(year: int, member: Member, by: Actor, reason: str) -> Correction:
    """The county lets a member's community enter one service of a closed year that was never recorded, saying why.

    Raises NotYours, RuleBroken.  [二(二)4] [四]
    """
    if not by.is_in(Role.COUNTY) or by.is_self(member.id):
        raise NotYours(f"补记由{county_of.label}办理。")
    closing = queries.of_year(year)
    if closing is None or closing.state is not ClosingState.CLOSED:
        raise RuleBroken(f"{year}年度没有结账，由社区照常登记。")
    place = member.community
    if place is None:
        raise RuleBroken("这位党员没有居住社区，请先在名册中补齐。")
    if queries.open_addition(member.id, place.id, year) is not None:
        raise RuleBroken(f"{member.name}在{place.name}已有一次补记正在办理，办完以后再开放下一次。")
    row = Correction(
        state=CorrectionState.OPEN, closing_id=closing.id, adds=True, member_id=member.id, place_id=place.id,
        reason=reason, opened_at=clock.now(), opened_by=by.shown, opened_by_user_id=by.user_id, half_hours_before=0,
    )  # fmt: skip
    db.session.add(row)
    flow.opened(row, by, "admit", ADMITTED)
    return row


def entered(record: ServiceRecord) -> None:
    """The service that was asked for is recorded: from now on the correction is of this record, and of no other."""
    if record.rewrites_id is not None or not years.why_closed(record.day.year):
        return
    found = queries.open_addition(record.member_id, record.place_id, record.day.year)
    if found is not None and found.record_id is None:
        found.record = record


def to_enter(by: Actor) -> Select:
    """The services that the county lets this clerk's community enter."""
    theirs = Correction.place_id == by.community_id if by.is_in(Role.CLERK) else false()
    rows = select(Correction).where(*queries.unfilled(), theirs)
    return rows.options(joinedload(Correction.member), joinedload(Correction.closing))


def register() -> None:
    """Whatever record fits a correction that waits for one becomes its record."""
    records.when_recorded(entered)
