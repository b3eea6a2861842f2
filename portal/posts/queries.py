"""Which posts one may see, who holds them, and what is still free."""

from sqlalchemy import ColumnElement, Select, exists, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal.actors import Actor, Role
from portal.people.models import Member
from portal.people.queries import communities_of, in_unit_scope
from portal.posts.models import Post, PostClaim, PostClaimState

_ACTIVE = PostClaim.state == PostClaimState.ACTIVE


def visible_to(by: Actor) -> Select:
    """The posts that this person may see: of one's home and those one ever held, of the own community or town, those
    which members of one's units hold, all (county).
    """
    holders = selectinload(Post.claims).joinedload(PostClaim.member).joinedload(Member.unit)
    shown = (joinedload(Post.community), joinedload(Post.grid), joinedload(Post.team), selectinload(Post.free_times))
    return select(Post).where(_is_seen(by)).options(*shown, holders)


def _is_seen(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.MEMBER:
            home = select(Member.community_id).where(Member.id == by.member_id)
            held = select(PostClaim.post_id).where(PostClaim.member_id == by.member_id)
            return or_(Post.community_id.in_(home), Post.id.in_(held))
        case Role.CLERK | Role.GRID_WORKER:
            return Post.community_id == by.community_id
        case Role.TOWN:
            return or_(Post.community_id.in_(communities_of(by.supervisor_id)), _held_by_units(by))
        case Role.COUNTY:
            return true()
        case _:
            return _held_by_units(by)


def _held_by_units(by: Actor) -> ColumnElement[bool]:
    """The condition that a member of this person's units holds a post."""
    holding = select(PostClaim.post_id).join(PostClaim.member)
    return Post.id.in_(holding.where(_ACTIVE, in_unit_scope(by, Member.unit_id)))


def holds_post(member_id) -> ColumnElement[bool]:
    """The condition that the member of this column holds some post now (已认岗)."""
    return exists().where(PostClaim.member_id == member_id, _ACTIVE)
