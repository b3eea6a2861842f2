"""What is set into a result notice from its inspection: figures, praise and criticism by the names of branches only."""

import datetime as dt
import json
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.extensions import db
from portal.filters import day
from portal.inspections import queries
from portal.inspections.kinds import FindingState, Merit, TargetKind
from portal.inspections.models import UNSETTLED, Inspection, ResultNotice, Target


@dataclass(frozen=True)
class Parts:
    """Plain values: how many bodies of which kind, praised and criticised ones with the words for it, and line by line
    (name, findings, accepted, to be mended by) or for an assessment (name, grade).
    """

    until: str
    assessment: bool
    bodies: list[list[str]]
    found: int
    accepted: int
    praised: list[list[str]]
    criticised: list[list[str]]
    lines: list[list[str]]


def of(inspection: Inspection, today: dt.date) -> Parts:
    """The parts as they stand today; bodies by name, never by how many findings they have or how they were graded."""
    rows = select(Target).where(Target.inspection_id == inspection.id).options(*queries.named())
    targets = db.session.scalars(rows.options(selectinload(Target.findings))).unique().all()
    targets = sorted(targets, key=lambda target: (list(TargetKind).index(target.kind), target.name))
    stand = [each for target in targets for each in target.findings if each.state is not FindingState.WITHDRAWN]
    counts = [(kind, sum(target.kind is kind for target in targets)) for kind in TargetKind]
    line = _graded if inspection.is_assessment else _mended
    return Parts(
        until=day(today),
        assessment=inspection.is_assessment,
        bodies=[[kind.label, str(count)] for kind, count in counts if count],
        found=len(stand),
        accepted=sum(each.state is FindingState.ACCEPTED for each in stand),
        praised=_with(targets, Merit.PRAISED),
        criticised=_with(targets, Merit.CRITICISED),
        lines=[found for target in targets if (found := line(target))],
    )


def _with(targets: list[Target], merit: Merit) -> list[list[str]]:
    return [[target.name, (target.merit_words or "").rstrip("。")] for target in targets if target.merit is merit]


def _graded(target: Target) -> list[str]:
    return [target.name, target.grade.label if target.grade else ""]


def _mended(target: Target) -> list[str]:
    stand = [each for each in target.findings if each.state is not FindingState.WITHDRAWN]
    if not stand:
        return []
    left = [each.fix_by for each in stand if each.state in UNSETTLED]
    accepted = sum(each.state is FindingState.ACCEPTED for each in stand)
    return [target.name, str(len(stand)), str(accepted), day(max(left)) if left else "已全部认可"]


def written(parts: Parts) -> str:
    """The parts as the notice keeps them."""
    return json.dumps(asdict(parts), ensure_ascii=False)


def of_notice(notice: ResultNotice, today: dt.date) -> Parts:
    """What a notice says: as it was published, or before that as it would say today."""
    return Parts(**json.loads(notice.set_in)) if notice.set_in else of(notice.inspection, today)
