"""What becomes of proofs of service when two rows of the roster prove to be one person: they attest of that person."""

from portal.papers.models import ServiceProof
from portal.people.merging import when_merged


def register() -> None:
    """Say it to the merging of members."""
    when_merged(ServiceProof.member_id, "志愿服务记录证明")
