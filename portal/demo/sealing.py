"""The seal ledger of the demonstration: papers in every state, the older the farther, boxes of fifty sheets each."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal import clock
from portal.accounts.models import Appointment, User
from portal.actors import Role
from portal.demo.county import County
from portal.demo.telling import Telling
from portal.demo.writing import PART, write
from portal.extensions import db
from portal.numbers import SIGNS, IssuedPaper, PaperState
from portal.people.models import Community, Supervisor, Unit
from portal.seals import workflow
from portal.seals.models import SealEntry, SealState
from portal.seals.offices import KEPT

S = SealState
# How far one paper after the other has come, of those issued this long ago.
OLD = (*[S.ARCHIVED] * 9, S.STAMPED)
LATELY = (S.STAMPED, S.ARCHIVED, S.STAMPED, S.PRINTED, S.ARCHIVED, S.SIGNED, S.STAMPED, S.GENERATED)
NEW = (S.GENERATED, S.PRINTED, S.GENERATED, S.SIGNED, S.GENERATED, S.STAMPED)
AFTER = {S.PRINTED: 1, S.SIGNED: 4, S.STAMPED: 26, S.ARCHIVED: 26 * 24}  # hours from the number to the step
OF_A_BOX, OF_SPOILT = 50, 5
COLUMNS = tuple(f"{step.value}_{what}" for step in AFTER for what in ("at", "by"))


def settle(county: County) -> None:
    """Lead each paper as far as its age says, by somebody of the office that issued it; its history says so."""
    people, telling, lines = _people(), Telling(), []
    for paper in db.session.scalars(select(IssuedPaper).order_by(IssuedPaper.id).execution_options(yield_per=PART)):
        state, who = _state_of(paper, county.today), people.get(paper.office, paper.office)
        spoilt = state is S.GENERATED and paper.serial % OF_SPOILT == 0
        if state is S.GENERATED and not spoilt:
            continue
        lines.append(_line(paper, state, who))
        reached, role = S.PRINTED if spoilt else state, KEPT[paper.kind].roles[0]
        at, move = _at(paper, reached), workflow.FORWARD[reached]
        telling.tell(SealEntry, paper.id, at, move.verb, move.label, (S.GENERATED, reached), who, role)
        if spoilt:
            back = (workflow.step_back.verb, workflow.step_back.label, (S.PRINTED, S.GENERATED))
            telling.tell(SealEntry, paper.id, at, *back, who, role, "印花了，重新打印")
    write(SealEntry, lines)
    telling.write()


def _state_of(paper: IssuedPaper, today: dt.date) -> SealState:
    """A paper that stands no more was printed, and nothing else; another one is as far as papers of its age are."""
    if paper.state is not PaperState.VALID:
        return S.PRINTED
    days = (today - clock.local(paper.issued_at).date()).days
    turns = OLD if days > 200 else LATELY if days > 30 else NEW
    return turns[(paper.serial + len(paper.kind)) % len(turns)]


def _line(paper: IssuedPaper, state: SealState, who: str) -> dict:
    line: dict = {"id": paper.id, "state": state, "version": 2, "box": None, **dict.fromkeys(COLUMNS)}
    for step in tuple(S)[1 : tuple(S).index(state) + 1]:
        line |= {f"{step.value}_at": _at(paper, step), f"{step.value}_by": who}
    if state is S.ARCHIVED:
        line["box"] = f"{paper.year}-{SIGNS[paper.kind]}-{(paper.serial - 1) // OF_A_BOX + 1:02}"
    return line


def _at(paper: IssuedPaper, step: SealState) -> dt.datetime:
    return min(paper.issued_at + dt.timedelta(hours=AFTER[step]), clock.now())


def _people() -> dict[str, str]:
    """By the name of an office, the first of those who act for it, as a line of history names them."""
    unit, community, body = aliased(Unit), aliased(Community), aliased(Supervisor)
    rows = (
        select(unit.name, community.name, body.name, User.name)
        .select_from(Appointment).join(User, User.id == Appointment.user_id)
        .outerjoin(unit, unit.id == Appointment.unit_id)
        .outerjoin(community, community.id == Appointment.community_id)
        .outerjoin(body, body.id == Appointment.supervisor_id)
        .where(Appointment.role.in_((Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT)))
        .order_by(Appointment.id.desc())
    )  # fmt: skip
    return {
        (unit_name or place or above): f"{unit_name or place or above} {name}"
        for unit_name, place, above, name in db.session.execute(rows)
    }
