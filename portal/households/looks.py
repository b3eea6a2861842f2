"""Looks at a household's file: masked by default, each look audited; by one click in one's own open case only."""

import datetime as dt
from dataclasses import dataclass

from portal import audit
from portal.actors import Actor, Role
from portal.errors import BadValue, NotYours
from portal.filters import masked_phone
from portal.households import rights
from portal.households.models import Household, HouseholdState
from portal.labels import Labelled

LABELS = {
    "name": "姓名", "born": "出生年月", "phone": "电话", "address": "住址", "difficulties": "主要困难",
    "policies": "享受政策", "policy_words": "其他政策", "need_words": "需求说明", "ways": "帮扶形式",
    "aim": "帮扶措施和目标", "guardian": "监护人", "note": "备注",
}  # fmt: skip
# What a supporter needs for a visit; the rest is the community's own.
OF_SUPPORTER = ("name", "phone", "address", "difficulties", "need_words", "ways", "aim")
HELD = "已填写"


class Access(Labelled):
    """How a person may look at a file."""

    CASE = "case", "办理本件"
    REASON = "reason", "写明原因查看"


@dataclass(frozen=True)
class File:
    """A household's file as one person may read it now: (label, value) pairs, in the clear or masked."""

    access: Access
    rows: list[tuple[str, str]]
    family: list[tuple[str, str, str]]
    size: int
    clear: bool


def access(household: Household, by: Actor) -> Access | None:
    """How this person may look at this file; None when not at all.

    Clerk and grid worker while it is open, and who supports the household, by one click; these offices afterwards
    and the county with a reason.  [二(一)4]
    """
    if rights.clerk_of(household, by) or rights.grid_worker_of(household, by):
        return Access.CASE if household.state is not HouseholdState.CLOSED else Access.REASON
    if by.is_in(Role.COUNTY):
        return Access.REASON
    return Access.CASE if rights.supports(household, by) else None


def look(household: Household, by: Actor, reason: str = "") -> None:
    """Write into the audit trail that this person looks at this file. Raises NotYours or BadValue."""
    allowed = access(household, by)
    if allowed is None:
        raise NotYours("联系对象的档案只给本社区和正在结对的帮扶人看。")
    if allowed is Access.REASON and len(reason) < 2:
        raise BadValue("请先写明为什么要看这份档案。")
    audit.write(by, "households.look", household, fields=_fields(household, by), reason=reason or allowed.label)


def file_of(household: Household, by: Actor, clear: bool, today: dt.date) -> File | None:
    """The file for this person, masked unless `clear`; None for those who may never look."""
    allowed = access(household, by)
    if allowed is None:
        return None
    show = _clear if clear else _masked
    rows = [(LABELS[name], show(household, name)) for name in _fields(household, by)]
    family = _family(household, today) if clear and not by.is_in(Role.MEMBER) else []
    return File(allowed, rows, family, household.size, clear)


def _fields(household: Household, by: Actor) -> tuple[str, ...]:
    """The fields that hold something."""
    names = OF_SUPPORTER if by.is_in(Role.MEMBER) else tuple(LABELS)
    return tuple(name for name in names if getattr(household, f"{name}_sealed") is not None)


def _family(household: Household, today: dt.date) -> list[tuple[str, str, str]]:
    return [
        (person.relation or "", age(person.born, today), person.does or "")
        for person in household.people
    ]  # fmt: skip


def age(born: str | None, today: dt.date) -> str:
    """The age in years of somebody born in a year (1980) or a month (1980-05), in words; '' where nobody said."""
    return f"{today.year - int(born[:4])} 岁" if born else ""


def _clear(household: Household, name: str) -> str:
    value = getattr(household, name)
    return "、".join(each.label for each in value) if isinstance(value, list) else value


def _masked(household: Household, name: str) -> str:
    match name:
        case "name":
            return household.shown_name
        case "phone":
            return masked_phone(household.phone)
        case _:
            return HELD
