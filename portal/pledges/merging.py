"""What becomes of pledges when two rows of the roster prove to be one person: one a year is left.

A pledge that was approved stays what it was pledged as, to the unit that approved it.
"""

from sqlalchemy import select

from portal.actors import SYSTEM
from portal.extensions import db
from portal.people.merging import Merging, rows_naming, when_merged
from portal.people.models import Member
from portal.pledges import workflow
from portal.pledges.models import Pledge, PledgeState

S = PledgeState


def stays(kept: Member, gone: Member) -> list[Pledge]:
    """The pledges of years in which the row that stays has one."""
    years = select(Pledge.year).where(Pledge.member_id == kept.id)
    return list(db.session.scalars(select(Pledge).where(Pledge.member_id == gone.id, Pledge.year.in_(years))))


def settle(merging: Merging) -> None:
    """Of two pledges of one year the other one ends; one that is not approved goes along to the unit that stays."""
    ended = {row.id for row in stays(merging.kept, merging.gone)}
    for row in rows_naming(Pledge.member_id, merging.gone):
        if row.id in ended and row.state is not S.ENDED:
            workflow.end(row, SYSTEM, reason=merging.words)
        elif row.id not in ended and row.state not in (S.APPROVED, S.SHOWN, S.ENDED) and merging.changes_unit:
            row.unit = merging.kept.unit
            workflow.flow.noted(row, merging.by, "change_unit", "随单位变更", row.state, merging.words)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do."""
    own = {row.year: row for row in rows_naming(Pledge.member_id, kept)}
    return [
        f"{row.year} 年两份承诺都在：保留“{own[row.year].state.label}”的一份，"
        f"另一份（{row.unit.name}，{row.state.label}）终止。"
        for row in stays(kept, gone)
        if row.state is not S.ENDED
    ]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Pledge.member_id, "服务承诺", stays, settle, foreseen)
