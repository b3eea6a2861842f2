"""What stands in each cell of the 志愿服务记录证明, as it was counted when it was issued."""

from portal.filters import day, hours
from portal.papers import attesting
from portal.papers.catalogue import paper
from portal.papers.models import ServiceProof


@paper("9", "志愿服务记录证明", kind=attesting.KIND, who=attesting.visible_to, number="number")
def service_proof(proof: ServiceProof, full: bool) -> dict:
    """A member's services of a period, for whoever asks the member for a proof; the ID number is written by hand."""
    return {
        "issuer": proof.community.name,
        "name": proof.member.name,
        "sex": proof.member.sex.label,
        "unit": proof.unit.name,
        "volunteer_number": proof.volunteer_number,
        "first": day(proof.first),
        "last": day(proof.last),
        "community": proof.community.name,
        "lines": [(line.category.label, str(line.times), hours(line.half_hours)) for line in proof.lines],
        "times": str(proof.times),
        "hours": hours(proof.half_hours),
        "head": proof.head,
        "handled_by": proof.issued_by,
        "contact": proof.contact,
        "issued_on": day(proof.issued_on),
    }
