"""What waits on the desks of each role: a count, its words, and the page that lists it (待办)."""

import datetime as dt

from portal import clock
from portal.accounts.queries import able_members
from portal.actors import Actor, Role
from portal.people.models import Member
from portal.registrations import cards, deferments, exemptions, queries, rates, transfers, urging
from portal.registrations.models import Deferment, DefermentState, Exemption, ExemptionState, TransferRequest
from portal.registrations.models import RegistrationState as S
from portal.registrations.rates import Grouping
from portal.todo import ToDo, Waits, waits

REQUESTED = {"state": "requested"}


def items(by: Actor) -> list[ToDo]:
    """What registrations ask of this person's office now; nothing that is done."""
    match by.role:
        case Role.MEMBER:
            found = _of_member(by)
        case Role.CLERK:
            found = [_waiting(queries.waiting(by), S.PRESENTED, "待接洽", "最早")]
        case Role.LIAISON:
            found = _of_liaison(by)
        case Role.TOWN:
            found = [_waiting(queries.waiting(by), S.PRESENTED, "社区待接洽", "最早"), *_to_agree(by), *_missing(by)]
        case Role.DEPARTMENT:
            found = [*_to_agree(by), *_missing(by)]
        case Role.COUNTY:
            [late] = waits((transfers.waiting_for(by), TransferRequest.asked_on))
            found = [_transfers(late, "转入申请逾期未答复，可以放行", late=1), *_missing(by)]
        case _:
            found = _missing(by)
    return [item for item in found if item.count]


def _waiting(standing: dict[S, tuple[int, dt.date]], state: S, label: str, since: str) -> ToDo:
    count, day = standing.get(state, (0, None))
    note = f"{since} {day:%-m月%-d日}" if day else ""
    return ToDo(count, label, note, "registrations.index", {"state": state.value}, day)


def _of_liaison(by: Actor) -> list[ToDo]:
    urge = urging.last_of_unit(by.unit_id)
    urged = f"{urge.day:%-m月%-d日} {urge.by_name}催办" if urge else ""
    standing = queries.waiting(by)
    without, leaving, unchecked = waits(
        (queries.without_certificate(by.unit_id), None),
        (transfers.waiting_for(by), TransferRequest.asked_on),
        (cards.unchecked(by.unit_id).where(Member.id.not_in(able_members())), None),
    )
    return [
        ToDo(without.count, "未开证明信", urged, "registrations.uncertified"),
        _waiting(standing, S.RETURNED, "证明信被退回，待重新开具", "最早开具于"),
        _waiting(standing, S.ACCEPTED, "回执待备案", "最早"),
        _waiting(standing, S.ISSUED, "已开证明信，待报到", "最早开具于"),
        _transfers(leaving, "转出申请待答复"),
        ToDo(unchecked.count, "信息卡待代为核对", "没有账号的党员，一年一次", "registrations.unchecked"),
    ]


def _of_member(by: Actor) -> list[ToDo]:
    row = queries.in_progress_of(by.member_id)
    no_card, to_check = cards.asks_of(by.member_id)
    return [
        ToDo(int(row is not None and row.state is S.ISSUED), "向居住地社区报到", _deadline(row), "registrations.mine"),
        ToDo(int(no_card), "填写基本情况信息卡", "两分钟", "registrations.own_card"),
        ToDo(int(to_check), "核对信息卡", "一年一次，没有变化按一下即可", "registrations.mine"),
    ]


def _deadline(row) -> str:
    if row is None:
        return ""
    urge = urging.last_of_member(row.member_id)
    expired = "，已过有效期，仍可报到" if row.valid_until < clock.today() else ""
    urged = f"，{urge.day:%-m月%-d日}单位催办" if urge else ""
    return f"证明信有效期至{row.valid_until:%-m月%-d日}{expired}{urged}"


def _missing(by: Actor) -> list[ToDo]:
    if Grouping.UNIT not in rates.groupings(by):
        return []
    count = rates.missing(by, Grouping.UNIT)
    return [ToDo(count, "人未报到", "", "registrations.rates_page", {"by": Grouping.UNIT.value})]


def _to_agree(by: Actor) -> list[ToDo]:
    exempt = exemptions.visible_to(by).where(Exemption.state == ExemptionState.REQUESTED)
    defer = deferments.visible_to(by).where(Deferment.state == DefermentState.REQUESTED)
    exempting, deferring = waits((exempt, None), (defer, None))
    return [
        ToDo(exempting.count, "免报申请待审核", "", "registrations.exemptions.index", REQUESTED),
        ToDo(deferring.count, "暂缓申请待审核", "", "registrations.deferments.index", REQUESTED),
    ]


def _transfers(found: Waits, label: str, **where) -> ToDo:
    note = f"最早 {found.oldest:%-m月%-d日}" if found.oldest else ""
    return ToDo(found.count, label, note, "registrations.transfers.index", REQUESTED | where, found.oldest)
