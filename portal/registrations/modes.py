"""How a member reports (报到方式): a pairing or contact point must be there, and where it is known nobody is asked.

Whoever has a login reports in person; the unit reports such a member only along with a group that it leads.
"""

from collections.abc import Collection
from dataclasses import dataclass

from portal.accounts.queries import members_with_login
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.pairings import queries as pairings
from portal.registrations.models import Registration, ReportMode

M = ReportMode
LED = (M.GROUP, M.PAIRING)


@dataclass(frozen=True)
class Ties:
    """Which of some registrations' units build together with the community, whose leader adopted it, who signs in."""

    paired: set[tuple[int, int]]
    adopted: set[tuple[int, int]]
    sign_in: set[int]

    def modes(self, row: Registration) -> list[ReportMode]:
        """All ways that are open for this member, whoever presents them."""
        there = {
            M.CONTACT_POINT: (row.member_id, row.community_id) in self.adopted,
            M.PAIRING: (row.unit_id, row.community_id) in self.paired,
        }
        return [mode for mode in M if there.get(mode, True)]


def ties_of(rows: Collection[Registration]) -> Ties:
    """What binds the members of these registrations, or their units, to the communities; three queries."""
    members = {row.member_id for row in rows}
    units = {row.unit_id for row in rows}
    return Ties(pairings.paired(units), pairings.adopted(members), members_with_login(members))


def possible(row: Registration, by: Actor, ties: Ties | None = None) -> list[ReportMode]:
    """The ways of reporting that this person may say of this member."""
    ties = ties or ties_of([row])
    modes = ties.modes(row)
    if by.is_in(Role.MEMBER):
        return [mode for mode in modes if mode is not M.GROUP]
    if by.is_in(Role.LIAISON) and (row.member_id in ties.sign_in or by.is_self(row.member_id)):
        return [mode for mode in modes if mode in LED]
    return modes


def usual(row: Registration, by: Actor) -> ReportMode:
    """The likeliest way: by the leader's contact point, with the paired unit, in a group, alone."""
    modes = possible(row, by)
    likely = (M.CONTACT_POINT, *((M.PAIRING, M.GROUP) if by.is_in(Role.LIAISON) else ()), M.ALONE)
    return next(mode for mode in likely if mode in modes)


def settled(row: Registration, by: Actor, mode: ReportMode | None) -> ReportMode:
    """The way that is kept: the one chosen, if it may be, else the likeliest; RuleBroken says why it may not."""
    if mode is None:
        return usual(row, by)
    if mode not in possible(row, by):
        raise RuleBroken(_why_not(row, by, mode))
    return mode


def _why_not(row: Registration, by: Actor, mode: ReportMode) -> str:
    if mode not in ties_of([row]).modes(row):
        if mode is M.PAIRING:
            return f"{row.unit.name}与{row.community.name}没有结对共建，请选其他报到方式。"
        return f"{row.member.name}在{row.community.name}没有领导联系点，请选其他报到方式。"
    if by.is_in(Role.MEMBER):
        return "集体报到由单位联络员带队办理，请选其他报到方式。"
    return f"{row.member.name}有登录账号，请本人报到；由单位带队的，请选“{M.GROUP.label}”。"


def among(rows: Collection[Registration], by: Actor) -> list[ReportMode]:
    """The ways that are open for at least one of these registrations."""
    ties = ties_of(rows)
    found = {mode for row in rows for mode in possible(row, by, ties)}
    return [mode for mode in M if mode in found]
