"""What waits on the desks of each role: a count, its words, and the page that lists it (待办)."""

import datetime as dt
from collections.abc import Sequence

from portal import clock
from portal.accounts.queries import able_members
from portal.actors import Actor, Role
from portal.people.models import Member
from portal.registrations import cards, deferments, exemptions, queries, rates, transfers, urging
from portal.registrations.models import Deferment, DefermentState, Exemption, ExemptionState, TransferRequest
from portal.registrations.models import RegistrationState as S
from portal.registrations.rates import Grouping
from portal.todo import ToDo, Waiting

REQUESTED = {"state": "requested"}


def items(by: Actor) -> Sequence[ToDo | Waiting]:
    """What registrations ask of this person's office now; nothing that is done."""
    found: Sequence[ToDo | Waiting]
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
            found = [_transfers(by, "转入申请逾期未答复，可以放行", late=1), *_missing(by)]
        case _:
            found = _missing(by)
    return found


def _waiting(standing: dict[S, tuple[int, dt.date]], state: S, label: str, since: str) -> ToDo:
    count, day = standing.get(state, (0, None))
    note = f"{since} {day:%-m月%-d日}" if day else ""
    return ToDo(count, label, note, "registrations.index", {"state": state.value}, day)


def _of_liaison(by: Actor) -> list[ToDo | Waiting]:
    urge = urging.last_of_unit(by.unit_id)
    urged = f"{urge.day:%-m月%-d日} {urge.by_name}催办" if urge else ""
    standing = queries.waiting(by)
    without_login = cards.unchecked(by.unit_id).where(Member.id.not_in(able_members()))
    lacking = queries.without_certificate(by.unit_id)
    return [
        Waiting(lacking, "未开证明信", "registrations.uncertified", note=urged),
        _waiting(standing, S.RETURNED, "证明信被退回，待重新开具", "最早开具于"),
        _waiting(standing, S.ACCEPTED, "回执待备案", "最早"),
        _waiting(standing, S.ISSUED, "已开证明信，待报到", "最早开具于"),
        _transfers(by, "转出申请待答复"),
        Waiting(cards.unfilled(by.unit_id), "信息卡待代为填写", "registrations.unchecked", note="没有账号的党员"),
        Waiting(without_login, "信息卡待代为核对", "registrations.unchecked", note="没有账号的党员，一年一次"),
    ]


def _of_member(by: Actor) -> list[ToDo | Waiting]:
    row = queries.in_progress_of(by.member_id)
    yearly = "一年一次，没有变化按一下即可"
    return [
        ToDo(int(row is not None and row.state is S.ISSUED), "向居住地社区报到", _deadline(row), "registrations.mine"),
        Waiting(cards.without_card(by.member_id), "填写基本情况信息卡", "registrations.own_card", note="两分钟"),
        Waiting(cards.to_check(by.member_id), "核对信息卡", "registrations.mine", note=yearly),
    ]


def _deadline(row) -> str:
    if row is None:
        return ""
    urge = urging.last_of_member(row.member_id)
    expired = "，已过有效期，仍可报到" if row.valid_until < clock.today() else ""
    urged = f"，{urge.day:%-m月%-d日}单位催办" if urge else ""
    return f"证明信有效期至{row.valid_until:%-m月%-d日}{expired}{urged}"


def _missing(by: Actor) -> list[Waiting]:
    if Grouping.UNIT not in rates.groupings(by):
        return []
    where = {"by": Grouping.UNIT.value}
    return [Waiting(rates.missing(by, Grouping.UNIT), "人未报到", "registrations.rates_page", where)]


def _to_agree(by: Actor) -> list[Waiting]:
    exempt = exemptions.visible_to(by).where(Exemption.state == ExemptionState.REQUESTED)
    defer = deferments.visible_to(by).where(Deferment.state == DefermentState.REQUESTED)
    return [
        Waiting(exempt, "免报申请待审核", "registrations.exemptions.index", REQUESTED),
        Waiting(defer, "暂缓申请待审核", "registrations.deferments.index", REQUESTED),
    ]


def _transfers(by: Actor, label: str, **where) -> Waiting:
    rows = transfers.waiting_for(by)
    return Waiting(rows, label, "registrations.transfers.index", REQUESTED | where, TransferRequest.asked_on)
