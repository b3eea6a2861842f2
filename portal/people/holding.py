"""The one order in which a transaction takes what it changes: members first, then cases, numbers, the trail's end.

An act on a case that concerns a member (signing up, claiming, being received) and an act on the member that touches
their cases (leaving, moving) would otherwise wait for each other in a ring, of which PostgreSQL ends one by an error.
"""

from collections.abc import Collection

from sqlalchemy import select

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community, Member


def hold_members(member_ids: Collection[int]) -> None:
    """Of what is done for one member at once, each waits for the one before it and sees what that one did.

    Several are held in the order of their ids. New rows may name them meanwhile (FOR NO KEY UPDATE).
    """
    rows = select(Member.id).where(Member.id.in_(member_ids)).order_by(Member.id).with_for_update(key_share=True)
    db.session.execute(rows)


def hold_concerned(by: Actor, member_id: int | None = None, people: Collection[int] = (), **_asked) -> None:
    """Hold whom a move on a case concerns: the members it asks for, or else the member who makes it.

    Of what is pressed for one member at once, each waits for the one before it and sees what that one took.
    """
    concerned = {member_id, *people} if member_id or people else {by.member_id if by.is_in(Role.MEMBER) else None}
    if concerned := concerned - {None}:
        hold_members(concerned)


def hold_community(community_id: int) -> None:
    """Of two clerks who write for one community at once the second waits here, and reads what the first one wrote."""
    db.session.execute(select(Community.id).where(Community.id == community_id).with_for_update(key_share=True))
