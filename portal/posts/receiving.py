"""A post given at the reception: which are free, and what keeps the reception from being undone.  [二(二)1]"""

import datetime as dt

from sqlalchemy import select

from portal import history
from portal.accounts.queries import members_with_login
from portal.actors import Actor
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.posts import places, queries, workflow
from portal.posts.models import Post, PostClaim, PostState
from portal.records.models import ServiceRecord, Source
from portal.records.queries import LIVE
from portal.registrations import posting
from portal.registrations.models import Registration
from portal.registrations.workflow import accept


def offered(community_id: int) -> list[tuple[int, str]]:
    """The posts of a community that take more, with how many places are left, by title."""
    left = Post.capacity - queries.held()
    rows = select(Post.id, Post.title, left).where(Post.community_id == community_id, queries.has_place())
    return [
        (key, f"{title}（还有 {n} 个名额）") for key, title, n in db.session.execute(rows.order_by(Post.title, Post.id))
    ]


def assign(registration: Registration, by: Actor, post_id: int) -> None:
    """A community gives a member whom it receives one of its posts, in the same transaction.  [二(一)1] [二(二)1]

    Raises RuleBroken when it is none of the community's that are open, TooLate when its places are gone.
    """
    post = db.session.get(Post, post_id, with_for_update={"key_share": True}, populate_existing=True)
    if post is None or post.community_id != registration.community_id or post.state is not PostState.OPEN:
        raise RuleBroken("请选择本社区的岗位。")
    if post.claim_of(registration.member_id) is not None:
        return
    if not post.places_left:
        raise TooLate(workflow.full(post))
    able = members_with_login([registration.member_id])
    places.take(post, registration.member_id, stand_in=registration.member_id not in able)
    workflow.flow.noted(post, by, "sign_up", workflow.sign_up.label, post.state, "接洽报到时认领")


def built_on(registration: Registration, _by: Actor) -> str:
    """What keeps an acceptance from being undone: a post claimed under it by a later act, or a duty done."""
    accepted, name = history.last(registration), registration.member.name
    if accepted is None:
        return ""
    later = (PostClaim.member_id == registration.member_id, PostClaim.at > accepted.at)
    held = select(Post.title).join(PostClaim).where(*later, Post.community_id == registration.community_id)
    if title := db.session.scalar(held.order_by(PostClaim.id).limit(1)):
        return f"{name}报到后已认领岗位“{title}”，不能撤销。"
    done = (ServiceRecord.member_id == registration.member_id, ServiceRecord.source == Source.POST,
            ServiceRecord.recorded_at >= accepted.at, ServiceRecord.state.in_(LIVE))  # fmt: skip
    served = db.session.scalar(select(ServiceRecord.id).where(*done).limit(1))
    return f"{name}报到后已有值岗的服务记录，不能撤销。" if served else ""


def claimed_in(registration: Registration) -> str:
    """The titles of the community's posts that the member claimed in the year of the reception, joined by 、.

    Whether they hold them still makes no difference: the receipt says what was claimed.
    """
    if registration.accepted_on is None:
        return ""
    since = PostClaim.since.between(registration.accepted_on, dt.date(registration.accepted_on.year, 12, 31))
    rows = select(Post.title).join(PostClaim).where(PostClaim.member_id == registration.member_id, since)
    titles = db.session.scalars(rows.where(Post.community_id == registration.community_id).order_by(PostClaim.id))
    return "、".join(dict.fromkeys(titles))


def register() -> None:
    """Say it to the reception, which knows nothing of posts."""
    posting.told_by(offered, assign)
    accept.stays_if(built_on)
