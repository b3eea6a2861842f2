"""What the beginning and the end of a registration mean for posts: a community's posts are held by whom it received."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.actors import Actor
from portal.extensions import db
from portal.people.models import Member
from portal.posts import places
from portal.posts.models import PostClaim, PostClaimState
from portal.posts.workflow import flow, give_up
from portal.registrations import workflow as reporting
from portal.registrations.models import Registration


def give_up_all(registration: Registration, by: Actor) -> None:
    """Whoever is registered no longer holds no post, in the same transaction; past services stay.  [二(三)3]"""
    _end_each(registration.member_id, by, "报到已结束")


def give_up_elsewhere(registration: Registration, by: Actor) -> None:
    """Whom a new community receives leaves the posts of the old one; past services stay there.  [二(二)1]"""
    why = f"已迁到{registration.community.name}"
    _end_each(registration.member_id, by, why, but=registration.community_id)


def _end_each(member_id: int, by: Actor, why: str, but: int | None = None) -> None:
    for claim in sorted(_held(member_id), key=lambda each: each.post_id):  # so that two at once don't wait in a ring
        if claim.post.community_id != but:
            places.end(claim, why)
            flow.noted(claim.post, by, "give_up", give_up.label, claim.post.state, why)


def foreseen(member: Member) -> str:
    """What the end of the member's registration would do here."""
    titles = "、".join(claim.post.title for claim in _held(member.id))
    return f"离开服务岗位：{titles}，名额重新开放；值岗的服务记录都保留。" if titles else ""


def _held(member_id: int) -> list[PostClaim]:
    rows = select(PostClaim).where(PostClaim.member_id == member_id, PostClaim.state == PostClaimState.ACTIVE)
    return list(db.session.scalars(rows.options(joinedload(PostClaim.post)).order_by(PostClaim.id)))


def register() -> None:
    """Say it to the life cycle of registrations."""
    reporting.when_ended(give_up_all, foreseen)
    reporting.when_accepted(give_up_elsewhere)
