"""What pairings put on the desks of liaisons and clerks (待办)."""

import datetime as dt

from portal.actors import Actor, Role
from portal.pairings import queries
from portal.pairings.models import ContactPoint, JointAction, Pairing, PairingProject
from portal.todo import Waiting

MINE = {"mine": "y"}


def items(by: Actor, today: dt.date) -> list[Waiting]:
    """What the two sides ask of each other now, and what both are late with."""
    if not by.is_in(Role.LIAISON, Role.CLERK):
        return []
    late = Waiting(
        queries.overdue(by, today), "共建项目已过时限", "pairings.projects.index", {"late": "y"},
        PairingProject.due_on, "最早应于",
    )  # fmt: skip
    found = [
        Waiting(queries.waiting(by), "结对共建待同意", "pairings.index", MINE, Pairing.proposed_on, "最早提出于"),
        Waiting(queries.actions_waiting(by), "共同活动待确认", "pairings.actions.index", MINE,
                JointAction.recorded_on, "最早登记于"),
        late,
    ]  # fmt: skip
    if by.is_in(Role.CLERK):
        found.append(
            Waiting(queries.points_waiting(by), "领导联系点待同意", "pairings.contact_points.index", MINE,
                    ContactPoint.proposed_on, "最早提出于")
        )  # fmt: skip
    return found
