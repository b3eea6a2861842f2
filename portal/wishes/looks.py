"""Looks at a requester's data: masked by default, each look audited; by one click in one's own open case only."""

from dataclasses import dataclass

from portal import audit
from portal.actors import Actor, Role
from portal.errors import BadValue, NotYours
from portal.filters import masked_phone
from portal.labels import Labelled
from portal.people.names import shown_name
from portal.wishes import rights
from portal.wishes.models import Wish, WishState

S = WishState
OPEN = (S.SUBMITTED, S.PUBLISHED, S.CLAIMED, S.DONE)
LABELS = {"name": "姓名", "phone": "电话", "address": "住址", "beneficiary": "为谁提出", "note": "备注"}


class Access(Labelled):
    """How a person may look at the data of a wish."""

    CASE = "case", "办理本件"
    REASON = "reason", "写明原因查看"


@dataclass(frozen=True)
class Contact:
    """The requester's data as one person may read it now: (label, value) pairs, in the clear or masked."""

    access: Access
    rows: list[tuple[str, str]]
    clear: bool
    gives_codes: bool


def access(wish: Wish, by: Actor) -> Access | None:
    """How this person may look at the data of this wish; None when not at all.

    Clerks and the level that a wish was raised to, as long as it is open, by one click, the county and afterwards
    with a reason; grid workers until the review; a helper, and who comes for a unit, while the claim lasts.  [二(二)2]
    """
    if rights.clerk(wish, by) or (rights.holder(wish, by) and by.is_in(Role.TOWN)):
        return Access.CASE if wish.state in OPEN else Access.REASON
    if rights.holder(wish, by):
        return Access.REASON
    if rights.grid_worker(wish, by) or any(rights.comes(claim, by) for claim in wish.open_claims):
        return Access.CASE
    return None


def look(wish: Wish, by: Actor, reason: str = "") -> None:
    """Write into the audit trail that this person looks at this wish's data. Raises NotYours or BadValue."""
    allowed = access(wish, by)
    if allowed is None:
        raise NotYours("许愿人的联系方式只给本社区专干和正在办理的认领人看。")
    if allowed is Access.REASON and len(reason) < 2:
        raise BadValue("请先写明为什么要看许愿人的联系方式。")
    audit.write(by, "wishes.look", wish, fields=_fields(wish, by), reason=reason or allowed.label)


def contact(wish: Wish, by: Actor, clear: bool) -> Contact | None:
    """The data of this wish for this person, masked unless `clear`; None for those who may never look."""
    allowed = access(wish, by)
    if allowed is None:
        return None
    show = getattr if clear else _masked
    rows = [(LABELS[name], show(wish, name)) for name in _fields(wish, by)]
    return Contact(allowed, rows, clear, gives_codes=rights.clerk(wish, by))


def _fields(wish: Wish, by: Actor) -> tuple[str, ...]:
    """The fields that hold something; the note is the community's own."""
    names = [name for name in LABELS if name != "note" or not by.is_in(Role.MEMBER, Role.LIAISON)]
    return tuple(name for name in names if getattr(wish, f"{name}_sealed") is not None)


def _masked(wish: Wish, name: str) -> str:
    match name:
        case "name":
            return wish.shown_name
        case "phone":
            return masked_phone(wish.phone)
        case "beneficiary":
            return shown_name(wish.beneficiary)
        case _:
            return "已填写"
