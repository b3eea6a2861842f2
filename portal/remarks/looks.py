"""Looks at who made a remark: masked by default, each look audited; by one click while the resident waits."""

from portal import audit
from portal.actors import Actor
from portal.errors import BadValue, NotYours
from portal.filters import masked_phone
from portal.remarks.models import Remark
from portal.remarks.workflow import clerk_of, town_of


def may_look(remark: Remark, by: Actor) -> bool:
    """Whether this person may look at all: those who answer the resident, never the member."""
    return (clerk_of | town_of)(remark, by)


def look(remark: Remark, by: Actor, reason: str = "") -> None:
    """Write into the audit trail that this person looks at name and phone. Raises NotYours or BadValue.

    Once the resident was answered, a look needs a reason.
    """
    if not may_look(remark, by):
        raise NotYours("提意见的居民是谁，只给答复居民的专干看。")
    if not remark.is_open and len(reason) < 2:
        raise BadValue("请先写明为什么要看居民的联系方式。")
    audit.write(by, "remarks.look", remark, fields=("name", "phone"), reason=reason or "办理本件")


def contact(remark: Remark, clear: bool) -> list[tuple[str, str]]:
    """Name and phone as (label, value), masked unless `clear`."""
    shown = str if clear else masked_phone
    phone = shown(remark.phone) if remark.phone else "没有留"
    return [("姓名", (remark.name or "") if clear else remark.shown_name), ("电话", phone)]
