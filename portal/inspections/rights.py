"""Who may do what with an inspection: the county, the inspectors bound to it, the offices of the inspected bodies."""

from sqlalchemy import exists, select

from portal.actors import Actor, Role
from portal.extensions import db
from portal.flow import who
from portal.inspections.apart import is_part_of
from portal.inspections.kinds import InspectionState, TargetKind
from portal.inspections.models import Finding, Inspection, ResultNotice, Target
from portal.telling import Addressee, to_office

OFFICES = (Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT)
# Whoever reads a result notice: the branches of all levels, never members.
BRANCHES = (*OFFICES, Role.COMMITTEE)
READERS = (*BRANCHES, Role.INSPECTOR, Role.COUNTY)
# While a branch may still be named in the result notice, if that is not published.
NAMED_IN = (InspectionState.UNDERWAY, InspectionState.ISSUED, InspectionState.ANSWERED)


def office_of(target: Target) -> Addressee:
    """The office of an inspected body, which answers for it."""
    match target.kind:
        case TargetKind.UNIT:
            return to_office(Role.LIAISON, unit_id=target.unit_id)
        case TargetKind.COMMUNITY:
            return to_office(Role.CLERK, community_id=target.community_id)
        case TargetKind.TOWN:
            return to_office(Role.TOWN, supervisor_id=target.supervisor_id)
        case _:
            return to_office(Role.DEPARTMENT, supervisor_id=target.supervisor_id)


def is_bound(inspection: Inspection, by: Actor) -> bool:
    """Whether this person acts as an inspector of this very inspection."""
    bound = [each.appointment_id for each in inspection.inspectors]
    return by.is_in(Role.INSPECTOR) and by.appointment_id is not None and by.appointment_id in bound


def inspects(inspection: Inspection, by: Actor) -> bool:
    """Whether this person inspects: an inspector of this inspection, or the county office itself."""
    return by.is_in(Role.COUNTY) or is_bound(inspection, by)


def may_inspect(target: Target, by: Actor) -> bool:
    """Whether this person inspects this body: never the own one, nor one below the own office."""
    return inspects(target.inspection, by) and not is_part_of(by.user_id, target)


@who("县委组织部")
def county(_row: Inspection | ResultNotice, by: Actor) -> bool:
    """The county office."""
    return by.is_in(Role.COUNTY)


@who("县委组织部的另一位同志（本人记录问题或评定等次的，由他人下发）")
def second_person(inspection: Inspection, by: Actor) -> bool:
    """Somebody of the county office who neither found nor graded anything in this inspection."""
    return by.is_in(Role.COUNTY) and not _wrote(inspection, by.user_id)


def _wrote(inspection: Inspection, user_id: int | None) -> bool:
    of_this = (Target.inspection_id == inspection.id,)
    found = exists().where(*of_this, Finding.target_id == Target.id, Finding.found_by_user_id == user_id)
    graded = exists().where(*of_this, Target.graded_by_user_id == user_id)
    return user_id is not None and bool(db.session.scalar(select(found | graded)))


@who("县委组织部的另一位同志（执笔人除外）")
def other_than_writer(notice: ResultNotice, by: Actor) -> bool:
    """Somebody of the county office who did not write the notice."""
    return by.is_in(Role.COUNTY) and by.user_id != notice.written_by_user_id


@who("被督查的党组织")
def answers_for(finding: Finding, by: Actor) -> bool:
    """The office of the body at which it was found; not whoever found it."""
    found = by.user_id is not None and by.user_id == finding.found_by_user_id
    return office_of(finding.target).is_office_of(by) and not found


def reads_files(finding: Finding, by: Actor) -> bool:
    """Whether this person opens the files of an answer: who inspects, and the office that answered; none above it."""
    return inspects(finding.inspection, by) or office_of(finding.target).is_office_of(by)


@who("县委组织部（被督查党组织的同志、答复人除外）")
def judges(finding: Finding, by: Actor) -> bool:
    """The county office; nobody who belongs to the body or wrote its answer."""
    answered = by.user_id is not None and by.user_id == finding.answered_by_user_id
    return by.is_in(Role.COUNTY) and not answered and not is_part_of(by.user_id, finding.target)


@who("记录问题的督查员或县委组织部")
def found_or_county(finding: Finding, by: Actor) -> bool:
    """Whoever found it, as long as nobody has it before them; the county office at any time."""
    own = by.user_id is not None and by.user_id == finding.found_by_user_id and is_bound(finding.inspection, by)
    if by.is_in(Role.COUNTY):
        return not is_part_of(by.user_id, finding.target)
    return own and not finding.inspection.is_sent
