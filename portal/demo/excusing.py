"""Exemptions of the demonstration, in every state, for members who have no certificate."""

import datetime as dt
from collections.abc import Sequence

from portal import clock
from portal.actors import Role
from portal.demo.county import County, Person
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.registrations.models import Exemption, ExemptionState

S = ExemptionState
REASONS = ("长期借调外县工作", "在外地参加一年期培训", "驻村工作队，常年住在镇上", "援建项目驻外")
# After being asked for: what followed, by whom, with which words.
FOLLOWED = {
    S.REQUESTED: (),
    S.AGREED: (("agree", "同意免报", S.AGREED, Role.DEPARTMENT, None),),
    S.DECLINED: (("decline", "不同意", S.DECLINED, Role.DEPARTMENT, "周末仍在县城居住，应当报到"),),
    S.ENDED: (
        ("agree", "同意免报", S.AGREED, Role.DEPARTMENT, None),
        ("end", "取消免报", S.ENDED, Role.LIAISON, "借调期满，已回单位"),
    ),
}


def settle(county: County, persons: Sequence[Person]) -> None:
    """Write an exemption for half of those who have no certificate, but at least one of each state."""
    telling, rows = Telling(), []
    asked = max(len(S), len(persons) // 2)
    for number, person in enumerate(persons[:asked]):
        rows.append(_exemption(county, telling, person, list(S)[number % len(S)], REASONS[number % len(REASONS)]))
    write(Exemption, rows)
    telling.write()


def _exemption(county: County, telling: Telling, person: Person, state: S, reason: str) -> dict:
    day, before = county.days_ago(20), S.REQUESTED
    row: dict = {
        "id": county.ids.next(Exemption), "state": state, "member_id": person.id, "unit_id": person.unit.id,
        "reason": reason, "asked_on": day, "asked_by": "高翔", "decided_on": None, "decided_by": None, "version": 1,
    }  # fmt: skip
    telling.tell(Exemption, row["id"], _at(day), "ask", "申请免报", (None, before), f"{person.unit.name} 高翔",
                 Role.LIAISON)  # fmt: skip
    for verb, label, after, role, words in FOLLOWED[state]:
        day += dt.timedelta(days=3)
        who = "主管部门 郭振华" if role is Role.DEPARTMENT else f"{person.unit.name} 高翔"
        telling.tell(Exemption, row["id"], _at(day), verb, label, (before, after), who, role, words)
        if role is Role.DEPARTMENT:
            row |= {"decided_on": day, "decided_by": "郭振华"}
        before = after
    return row


def _at(day: dt.date) -> dt.datetime:
    return clock.start_of(day) + dt.timedelta(hours=10)
