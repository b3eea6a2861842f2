"""What of the archive a person sees: the list with its filters, and the packages asked for."""

from sqlalchemy import Select, false, select, true

from portal.actors import Actor, Role
from portal.archives import scope
from portal.archives.models import ArchivedPaper, ArchivePackage, CopyState
from portal.extensions import db
from portal.households.models import Household, HouseholdState
from portal.papers.catalogue import PAPERS
from portal.people.queries import in_scope

KEEPERS = (Role.COUNTY, Role.ADMIN)


def visible_to(by: Actor) -> Select:
    """The copies that this person finds in the list: of the own unit, community or body; of all for county and admin.

    The list names no person. What one may have of a copy is said by `may_read`.
    """
    if by.is_in(*KEEPERS):
        return select(ArchivedPaper)
    seen = in_scope(by, false(), ArchivedPaper.unit_id, ArchivedPaper.community_id)
    return select(ArchivedPaper).where(seen, ArchivedPaper.kind.in_(scope.kinds_for(by, scoped=True)))


def may_read(copy: ArchivedPaper, by: Actor) -> bool:
    """Whether this person may have the stored PDF, which is whole; the county what is private in a package only."""
    if copy.state is not CopyState.STORED or by.is_in(Role.ADMIN):
        return False
    return not by.is_in(Role.COUNTY) or not PAPERS[copy.kind].private


def is_closed_file(copy: ArchivedPaper) -> bool:
    """Whether it is of a household whose file is closed by now: whoever needs it whole says what for.  [二(一)4]"""
    if not PAPERS[copy.kind].each_noted:
        return False
    household = db.session.get(Household, copy.paper.subject_id)
    return household is not None and household.state is HouseholdState.CLOSED


def listed(by: Actor, year: int | None, kind: str | None, state: str | None) -> Select:
    """The copies of the list, narrowed."""
    rows = visible_to(by)
    if year:
        rows = rows.where(ArchivedPaper.year == year)
    if kind:
        rows = rows.where(ArchivedPaper.kind == kind)
    return rows.where(_in(state))


def years(by: Actor) -> list[int]:
    """The years of which something is kept, the latest first."""
    found = visible_to(by).with_only_columns(ArchivedPaper.year, maintain_column_froms=True).distinct()
    return sorted(db.session.scalars(found), reverse=True)


def packages_of(by: Actor) -> Select:
    """The packages that this person asked for in the appointment in use, the newest first."""
    mine = (
        ArchivePackage.asked_by_user_id == by.user_id,
        ArchivePackage.asked_by_appointment_id == by.appointment_id,
    )
    return select(ArchivePackage).where(*mine).order_by(ArchivePackage.id.desc())


def _in(state: str | None):
    if state is None:
        return true()
    return ArchivedPaper.damage.is_not(None) if state == "broken" else ArchivedPaper.state == CopyState(state)
