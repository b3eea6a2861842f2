"""What the demonstration's pairings do together: projects and joint actions in every state."""

import datetime as dt
from dataclasses import dataclass, field

from portal import clock
from portal.actors import Role
from portal.demo import words
from portal.demo.county import County, Office, Place
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.labels import Labelled
from portal.pairings.models import (
    ActionState,
    ItemKind,
    JointAction,
    PairingProject,
    PairingState,
    ProjectState,
    Side,
)

A = ActionState
D = ProjectState
# The first pairing shows every state, the others what is usual: which project, its state, due in how many days.
ALL_PROJECTS = ((0, D.DONE, -40), (1, D.UNDERWAY, -4), (3, D.PLANNED, 25), (2, D.DROPPED, 60))
USUAL_PROJECTS = ((0, D.DONE, -30), (1, D.PLANNED, 40))
# Which joint action, its state, who recorded it, how many days ago.
ALL_ACTIONS = (
    (0, A.CONFIRMED, Side.UNIT, 50), (1, A.RECORDED, Side.UNIT, 3), (2, A.RECORDED, Side.COMMUNITY, 6),
    (2, A.REJECTED, Side.UNIT, 7), (1, A.WITHDRAWN, Side.UNIT, 4),
)  # fmt: skip
USUAL_ACTIONS = ((0, A.CONFIRMED, Side.UNIT, 45), (2, A.CONFIRMED, Side.COMMUNITY, 20))
STEPS: dict[Labelled, tuple] = {
    D.UNDERWAY: ("start", "开始实施", None), D.DONE: ("finish", "项目完成", None),
    D.DROPPED: ("drop", "不再进行", "今年暑期由学校统一安排"),
    A.CONFIRMED: ("confirm", "确认", None), A.WITHDRAWN: ("withdraw", "撤回", None),
    A.REJECTED: ("reject", "不认可", "参加人数与签到表不符，请核对后重新登记"),
}  # fmt: skip


@dataclass
class Sides:
    """One pairing in the making: who is on each side (user and what a history line says), its days and its lists."""

    id: int
    office: Office
    place: Place
    state: PairingState
    side: Side
    people: dict[Side, tuple[int, str]]
    asked_on: dt.date
    agreed_on: dt.date | None
    items: dict[ItemKind, list[int]] = field(default_factory=lambda: {kind: [] for kind in ItemKind})


def write_acts(county: County, telling: Telling, pairings: list[Sides]) -> None:
    """Write the projects and joint actions of the active pairings."""
    projects, actions = [], []
    for number, sides in enumerate(pairings):
        made = {}
        for which, state, due in ALL_PROJECTS if number == 0 else USUAL_PROJECTS:
            made[which] = _project(county, telling, sides, which, state, county.days_ago(-due))
        projects += made.values()
        for case in ALL_ACTIONS if number == 0 else USUAL_ACTIONS:
            actions.append(_action(county, telling, sides, made, *case))
    write(PairingProject, projects)
    write(JointAction, actions)


def _project(county: County, telling: Telling, sides: Sides, which: int, state: D, due_on: dt.date) -> dict:
    what, need, resource, result = words.PROJECTS[which]
    planned = county.days_ago(75)
    row: dict = {
        "id": county.ids.next(PairingProject), "state": state, "pairing_id": sides.id, "what": what,
        "need_id": sides.items[ItemKind.NEED][need], "resource_id": sides.items[ItemKind.RESOURCE][resource],
        "responsible": "、".join(who.rpartition(" ")[2] for _, who in sides.people.values()), "due_on": due_on,
        "planned_on": planned, "done_on": None, "result": None, "version": 1 + (state is not D.PLANNED),
    }  # fmt: skip
    _tell(telling, PairingProject, row, planned, ("plan", "商定项目", None), (None, D.PLANNED), sides, Side.UNIT)
    if state is not D.PLANNED:
        day = county.days_ago(44)
        _tell(telling, PairingProject, row, day, STEPS[state], (D.PLANNED, state), sides, Side.COMMUNITY)
        if state is D.DONE:
            row |= {"done_on": day, "result": result}
    return row


def _action(county, telling, sides: Sides, projects: dict, which: int, state: A, side: Side, days: int) -> dict:
    what, project, took_part, said = words.JOINT_ACTIONS[which]
    held, (user, who) = county.days_ago(days), sides.people[side]
    row: dict = {
        "id": county.ids.next(JointAction), "state": state, "pairing_id": sides.id,
        "project_id": projects[project]["id"] if project is not None else None, "held_on": held, "what": what,
        "took_part": took_part, "words": said, "side": side, "recorded_on": held, "recorded_by": who,
        "recorded_by_user_id": user, "confirmed_on": None, "confirmed_by": None, "confirmed_by_user_id": None,
        "version": 1 + (state is not A.RECORDED),
    }  # fmt: skip
    _tell(telling, JointAction, row, held, ("record", "登记共同活动", None), (None, A.RECORDED), sides, side)
    if state is not A.RECORDED:
        acts, day = side if state is A.WITHDRAWN else side.other, held + dt.timedelta(days=1)
        _tell(telling, JointAction, row, day, STEPS[state], (A.RECORDED, state), sides, acts)
        if state is A.CONFIRMED:
            other, name = sides.people[acts]
            row |= {"confirmed_on": day, "confirmed_by": name, "confirmed_by_user_id": other}
    return row


def _tell(telling, model, row: dict, day: dt.date, step: tuple, states: tuple, sides: Sides, side: Side) -> None:
    verb, label, reason = step
    role = Role.LIAISON if side is Side.UNIT else Role.CLERK
    at = clock.start_of(day) + dt.timedelta(hours=10 if states[0] is None else 11)
    telling.tell(model, row["id"], at, verb, label, states, sides.people[side][1], role, reason)
