"""How proofs of service are found: by number."""

from flask import url_for
from sqlalchemy import Select

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.papers import attesting
from portal.papers.models import ServiceProof
from portal.people.models import Community, Member


def _proofs(by: Actor, sought: Sought) -> Select | None:
    numbers = sought.numbers_of(attesting.KIND)
    if not numbers:
        return None
    rows = attesting.visible_to(by).join(ServiceProof.member)
    return rows.join(Community, Community.id == ServiceProof.community_id).where(ServiceProof.number.in_(numbers))


def _line(_key, number, name, community, state) -> Line:
    return Line(f"{name}的服务记录证明", url_for("proofs.page", proof=number), joined(number, community), state)


PROOFS = Kind(
    "proofs", "服务记录证明", "proofs.page", _proofs,
    (ServiceProof.number, Member.name, Community.name, ServiceProof.state), _line, newest_first=True,
)  # fmt: skip
