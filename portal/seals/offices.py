"""Which office keeps which paper in the ledger: whose seal is on it, and of which case it is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from portal.actors import Actor, Role
from portal.evaluations.models import Evaluation, Note
from portal.feedback.models import Bulletin
from portal.households.models import Household
from portal.inspections.models import ResultNotice
from portal.numbers import IssuedPaper
from portal.papers.models import ServiceProof
from portal.pledges.models import Pledge
from portal.registrations.models import Registration
from portal.reports.models import Report

KEEPERS = (Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)


@dataclass(frozen=True)
class Keeping:
    """The case behind a kind of paper, the offices that stamp it, and the case's column that names which of them."""

    model: Any
    roles: tuple[Role, ...]
    column: str

    def is_of(self, by: Actor) -> ColumnElement[bool]:
        """The condition that a case's paper is stamped by this person's office, and is not on that person."""
        if not by.is_in(*self.roles):
            return false()
        own = true() if not self.column else getattr(self.model, self.column) == getattr(by, self.column)
        return and_(own, self.is_not_on(by))

    def is_not_on(self, by: Actor) -> ColumnElement[bool]:
        """The condition that a case is not on this person."""
        member = getattr(self.model, "member_id", None)
        return true() if member is None or by.self_member_id is None else member != by.self_member_id


_UNIT, _COMMUNITY = ((Role.LIAISON,), "unit_id"), ((Role.CLERK,), "community_id")
_BODY, _COUNTY = ((Role.TOWN, Role.DEPARTMENT), "supervisor_id"), ((Role.COUNTY,), "")
# The kinds as the ledger of numbers names them.  [附件1] [附件2] [附件3] [附件4] [附件5] [附件6] [附件7] [附件8]
KEPT = {
    "certificate": Keeping(Registration, *_UNIT),
    "info-card": Keeping(Registration, *_COMMUNITY),
    "receipt": Keeping(Registration, *_COMMUNITY),
    "record-card": Keeping(Registration, *_COMMUNITY),
    "pledge-card": Keeping(Pledge, *_UNIT),
    "evaluation-card": Keeping(Evaluation, *_COMMUNITY),
    "evaluation-note": Keeping(Note, *_COMMUNITY),
    "bulletin": Keeping(Bulletin, *_COMMUNITY),
    "household-card": Keeping(Household, *_COMMUNITY),
    "service-proof": Keeping(ServiceProof, *_COMMUNITY),
    "service-table": Keeping(Report, *_BODY),
    "registration-table": Keeping(Report, *_BODY),
    "summary": Keeping(Report, *_BODY),
    "result-notice": Keeping(ResultNotice, *_COUNTY),
}


def stamped_by(by: Actor, kinds=tuple(KEPT)) -> ColumnElement[bool]:
    """The condition that a paper, of these kinds, bears the seal of this person's office, and is not on the person."""
    return _any({kind: KEPT[kind].is_of(by) for kind in kinds if by.is_in(*KEPT[kind].roles)})


def moved_by(by: Actor, kinds=tuple(KEPT)) -> ColumnElement[bool]:
    """The condition that this person moves a paper on: that of the own office; the county any, but on no one's own."""
    if not by.is_in(Role.COUNTY):
        return stamped_by(by, kinds)
    if by.self_member_id is None:
        return true()
    return _any({kind: KEPT[kind].is_not_on(by) for kind in kinds})


def of_cases(**wanted: int) -> ColumnElement[bool]:
    """The condition that a paper's case has these values in these columns (unit_id, community_id)."""
    found = {}
    for kind, keeping in KEPT.items():
        columns = [(getattr(keeping.model, name, None), value) for name, value in wanted.items()]
        if all(column is not None for column, _ in columns):
            found[kind] = and_(*(column == value for column, value in columns))
    return _any(found)


def _any(conditions: dict[str, ColumnElement[bool]]) -> ColumnElement[bool]:
    """Any of these conditions on the cases, by the kind of paper."""
    each = [
        and_(IssuedPaper.kind == kind, IssuedPaper.subject_id.in_(select(KEPT[kind].model.id).where(condition)))
        for kind, condition in conditions.items()
    ]
    return or_(false(), *each)
