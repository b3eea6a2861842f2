"""Who wants to know that papers of the ledger of numbers were printed: a later room says so."""

from collections.abc import Callable, Sequence

from portal.actors import Actor

Consequence = Callable[[Actor, Sequence[int]], None]
_consequences: dict[Consequence, None] = {}


def when_printed(consequence: Consequence) -> None:
    """Say what follows when final papers were printed: `consequence(by, ids of the issued papers)`."""
    _consequences[consequence] = None


def printed(by: Actor, issued_ids: Sequence[int]) -> None:
    """These papers were printed by this person; written in the caller's transaction."""
    for consequence in _consequences:
        consequence(by, issued_ids)
