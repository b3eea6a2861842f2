"""暂缓 and requests for a change of unit, in the states in which they wait or ended without effect."""

import datetime as dt

from portal import clock
from portal.actors import Role
from portal.demo.county import County, Office, Person
from portal.demo.telling import Telling
from portal.demo.writing import write
from portal.labels import Labelled
from portal.registrations.models import Deferment, DefermentKind, DefermentState, TransferRequest, TransferState

D = DefermentState
T = TransferState
LIAISON, SUPERVISOR = "高翔", "郭振华"
# After being asked for: what followed, by whom, with which words.
FOLLOWED: dict[Labelled, tuple] = {
    D.REQUESTED: (),
    D.AGREED: (("agree", "同意暂缓", D.AGREED, Role.DEPARTMENT, None),),
    D.DECLINED: (("decline", "不同意", D.DECLINED, Role.DEPARTMENT, "驻村不满一个月，不必暂缓"),),
    D.ENDED: (
        ("agree", "同意暂缓", D.AGREED, Role.DEPARTMENT, None),
        ("end", "提前结束", D.ENDED, Role.LIAISON, "借调提前期满，已回单位"),
    ),
    T.REQUESTED: (),
    T.DECLINED: (("decline", "不同意", T.DECLINED, Role.LIAISON, "同名同生日，经核对不是同一人，仍在本单位工作"),),
    T.WITHDRAWN: (("withdraw", "撤回申请", T.WITHDRAWN, Role.LIAISON, None),),
}


def settle(county: County) -> None:
    """Write them for registered members without a login, by units in turn; one request has waited too long."""
    telling = Telling()
    free = [person for person in county.registered if person.user_id is None]
    write(Deferment, [_deferment(county, telling, free[n], n) for n in range(2 * len(D))])
    home, other = county.offices[:2]
    going = [person for person in free[2 * len(D) :] if person.unit is other]
    coming = [person for person in free[2 * len(D) :] if person.unit is home]
    cases = [
        (coming[0], other, T.REQUESTED, 3), (coming[1], other, T.DECLINED, 20), (going[0], home, T.REQUESTED, 12),
        (going[1], home, T.WITHDRAWN, 30),
    ]  # fmt: skip
    write(TransferRequest, [_transfer(county, telling, *case) for case in cases])
    telling.write()


def _deferment(county: County, telling: Telling, person: Person, number: int) -> dict:
    state, kind, asked_on = list(D)[-1 - number % len(D)], list(DefermentKind)[number // 2], county.days_ago(40)
    last = county.today + dt.timedelta(days=60)
    row = _case(county, telling, Deferment, person.unit, state, "申请暂缓", asked_on)
    return row | {
        "member_id": person.id, "unit_id": person.unit.id, "kind": kind, "first": f"{asked_on:%Y-%m}",
        "last": f"{last:%Y-%m}", "ended_on": county.days_ago(34) if state is D.ENDED else None,
    }  # fmt: skip


def _transfer(county: County, telling: Telling, person: Person, to: Office, state: TransferState, days: int) -> dict:
    row = _case(county, telling, TransferRequest, to, state, "申请转入", county.days_ago(days))
    return row | {
        "member_id": person.id, "from_unit_id": person.unit.id, "to_unit_id": to.id, "roster_id": None,
    }  # fmt: skip


def _case(county: County, telling: Telling, model, unit: Office, state: Labelled, asked: str, day: dt.date) -> dict:
    """What both kinds of case have alike, with its history told."""
    row: dict = {
        "id": county.ids.next(model), "state": state, "asked_on": day, "asked_by": LIAISON, "decided_on": None,
        "decided_by": None, "version": 1 + len(FOLLOWED[state]),
    }  # fmt: skip
    before = type(state).REQUESTED  # type: ignore[attr-defined]
    telling.tell(model, row["id"], _at(day), "ask", asked, (None, before), f"{unit.name} {LIAISON}", Role.LIAISON)
    for verb, label, after, role, words in FOLLOWED[state]:
        day += dt.timedelta(days=3)
        who = f"主管部门 {SUPERVISOR}" if role is Role.DEPARTMENT else f"{unit.name} {LIAISON}"
        telling.tell(model, row["id"], _at(day), verb, label, (before, after), who, role, words)
        if verb in ("agree", "decline"):
            row |= {"decided_on": day, "decided_by": SUPERVISOR if role is Role.DEPARTMENT else LIAISON}
        before = after
    return row


def _at(day: dt.date) -> dt.datetime:
    return clock.start_of(day) + dt.timedelta(hours=10)
