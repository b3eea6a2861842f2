"""Whom a community has received: a team takes nobody else.  [二(二)1]

Registrations are a later room, which assigns to a team whom it receives; so it says here who is registered where.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, false, or_

Condition = Callable[..., ColumnElement[bool]]
_told_by: dict[Condition, None] = {}


def told_by(condition: Condition) -> None:
    """Let a later room say who is received, by a condition over the columns of a member's and a community's id."""
    _told_by[condition] = None


def is_received(member_id, community_id) -> ColumnElement[bool]:
    """The condition that this community has received this member, who has not left since."""
    return or_(false(), *(condition(member_id, community_id) for condition in _told_by))
