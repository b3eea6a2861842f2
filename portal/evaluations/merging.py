"""What becomes of evaluations when two rows of the roster prove to be one person: one a year and community stands.

What was sent stays what it was, to the unit to which it went; what was not sent goes to the unit that stays.
"""

from portal.evaluations import workflow
from portal.evaluations.models import Evaluation, EvaluationState, Note
from portal.people.merging import Merging, rows_naming, when_merged
from portal.people.models import Member

S = EvaluationState


def stays(kept: Member, gone: Member) -> list[Evaluation]:
    """Of a year and community in which both rows have one that stands, the one of the row that goes stays behind."""
    taken = {(row.year, row.community_id) for row in _standing(kept)}
    return [row for row in _standing(gone) if (row.year, row.community_id) in taken]


def settle(merging: Merging) -> None:
    """A second draft is dropped; the only one goes to the unit that stays."""
    behind = {row.id for row in stays(merging.kept, merging.gone)}
    for row in _standing(merging.gone):
        if row.state is not S.DRAFT:
            continue
        if row.id in behind:
            row.state = S.WITHDRAWN
            workflow.flow.noted(row, merging.by, "drop", "不作评议", S.DRAFT, merging.words)
        elif merging.changes_unit:
            row.unit, row.supervisor = merging.kept.unit, merging.kept.unit.supervisor
            workflow.flow.noted(row, merging.by, "change_unit", "随单位变更", row.state, merging.words)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do, and what is left behind."""
    return [
        f"{row.year} 年两份评议都在：保留记录上的一份，另一份（{row.state.label}）"
        + ("不再办理。" if row.state is S.DRAFT else "留在原记录上。")
        for row in stays(kept, gone)
    ]


def _standing(member: Member) -> list[Evaluation]:
    return [row for row in rows_naming(Evaluation.member_id, member) if row.state is not S.WITHDRAWN]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Evaluation.member_id, "现实表现评议", stays, settle, foreseen)
    when_merged(Note.member_id, "随时反馈")
