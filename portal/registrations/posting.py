"""The post that a community gives whom it receives (领岗): posts are a later room, which says here which and how.

[二(二)1]
"""

from collections.abc import Callable

from portal.actors import Actor
from portal.registrations.models import Registration

Offered = Callable[[int], list[tuple[int, str]]]
Assign = Callable[[Registration, Actor, int], None]
_told_by: dict[Offered, Assign] = {}


def told_by(offered: Offered, assign: Assign) -> None:
    """Let a later room say which posts a community has free, and give one of them in the transaction of `accept`."""
    _told_by[offered] = assign


def offered(community_id: int) -> list[tuple[int, str]]:
    """The posts of a community that take more, as (id, title), by title."""
    return [post for say in _told_by for post in say(community_id)]


def assign(row: Registration, by: Actor, post_id: int) -> None:
    """Give the member who is received this post. Raises RuleBroken, TooLate."""
    for give in _told_by.values():
        give(row, by, post_id)
