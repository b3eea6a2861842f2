"""What becomes of remarks on a member when two rows of the roster prove to be one person: all are on that person."""

from portal.people.merging import when_merged
from portal.remarks.models import Remark


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Remark.member_id, "群众意见")
