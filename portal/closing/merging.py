"""What becomes of corrections in closed years when two rows of the roster prove to be one person: they go over."""

from portal.closing.models import Correction
from portal.people.merging import when_merged


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Correction.member_id, "已结账年度的更正")
