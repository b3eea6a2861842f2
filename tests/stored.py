"""What lies in a row of the database, to see that nothing personal lies there in the clear."""

from collections.abc import Iterable


def words_in(values: Iterable[object]) -> bytes:
    """The text and bytes of a row's columns, one after the other; digits of a moment may look like anything."""
    found = [value.encode() if isinstance(value, str) else value for value in values if isinstance(value, bytes | str)]
    assert found
    return b"|".join(found)
