"""What becomes of suggestions when two rows of the roster prove to be one person: all are that person's."""

from portal.people.merging import when_merged
from portal.suggestions.models import Suggestion


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Suggestion.member_id, "合理建议")
