"""The fingerprint of a requester's telephone: by it wishes told twice are found, and a member's own wish is known."""

from portal import vault
from portal.wishes.models import Wish


def index_of(phone: str | None) -> str | None:
    """The keyed fingerprint by which wishes of one telephone are found; None without a phone."""
    return vault.blind_index("phone", phone) if phone else None


def index(wish: Wish) -> None:
    """Index the phone of a wish, where this process can: a public face leaves it to the offices."""
    if wish.phone_index is None and vault.unseals():
        wish.phone_index = index_of(wish.phone)
