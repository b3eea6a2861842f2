"""How much of a member's phone and address a person sees; looks beyond it need a reason and leave a trace."""

from collections.abc import Collection

from portal import audit
from portal.actors import Actor, Role
from portal.errors import BadValue, NotYours
from portal.labels import Labelled
from portal.people.models import Member


class Sight(Labelled):
    """How a person sees a member's phone and address."""

    CLEAR = "clear", "可见"
    LOOK = "look", "写明原因后可见"
    MASKED = "masked", "隐去中间"
    HIDDEN = "hidden", "不可见"


def sight(member: Member, by: Actor, registered_in: Collection[int] = ()) -> Sight:
    """How this person sees a member's phone and address (1.4).

    `registered_in` are the communities in which the member has a current registration: whoever asks for a clerk
    knows them (a member who only lives there is masked).
    """
    if by.is_self(member.id):
        return Sight.CLEAR
    match by.role:
        case Role.LIAISON if member.unit_id == by.unit_id:
            return Sight.CLEAR
        case Role.CLERK if by.community_id is not None and by.community_id in registered_in:
            return Sight.CLEAR
        case Role.COUNTY:
            return Sight.LOOK
        case Role.CLERK | Role.TOWN | Role.DEPARTMENT:
            return Sight.MASKED
        case _:
            return Sight.HIDDEN


def look(member: Member, by: Actor, reason: str) -> None:
    """Write into the audit trail that this person looks at a member's phone and address, and why."""
    if sight(member, by) is not Sight.LOOK:
        raise NotYours("党员的电话和住址只给本单位联络员和报到社区看，县委组织部写明原因可以查看。")
    if len(reason.strip()) < 2:
        raise BadValue("请写明为什么要查看。")
    audit.write(by, "people.look", member, fields=("phone", "address"), reason=reason.strip())
