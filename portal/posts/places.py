"""Places on a post: taken, and given back; what keeps an act that gave them from being undone.  [二(一)1]"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock, history
from portal.actors import Actor
from portal.errors import TooLate
from portal.extensions import db
from portal.posts.models import Post, PostClaim, PostClaimState
from portal.records.models import ServiceRecord, Source

S = PostClaimState


def fresh(post: Post) -> None:
    """Read the claims again, now that nobody else changes them: the page may have read them a moment ago."""
    rows = select(PostClaim).where(PostClaim.post_id == post.id).execution_options(populate_existing=True)
    db.session.scalars(rows).all()


def take(post: Post, member_id: int, since: dt.date | None = None, stand_in: bool = False) -> PostClaim:
    """Give the member the first free place; of two who came at once TooLate stops the second."""
    taken, since = {claim.place for claim in post.active_claims}, since or clock.today()
    claim = PostClaim(
        member_id=member_id, state=S.ACTIVE, place=next(n for n in range(1, len(taken) + 2) if n not in taken),
        at=clock.now(), since=since, stand_in=stand_in, confirmed_for=clock.today().year,
    )  # fmt: skip
    post.claims.append(claim)
    try:
        db.session.flush()
    except IntegrityError:
        # Both pages read the same free place; its unique index let one of them through.
        raise TooLate("这个名额刚刚被认领，请刷新后再试。") from None
    return claim


def end(claim: PostClaim, why: str, with_post: bool = False) -> None:
    """End a member's time on a post, by itself or `with_post`; the place is free at once."""
    claim.state, claim.until, claim.ended_why, claim.with_post = S.ENDED, clock.today(), why[:500], with_post
    db.session.flush()


def served_since(post: Post, _by: Actor) -> str:
    """What keeps signing people up from being undone: one of them has served on the post since."""
    before = history.of(post)[-2:-1]
    came = select(PostClaim.id).where(PostClaim.post_id == post.id)
    came = came.where(PostClaim.at > before[0].at) if before else came
    of_post = (ServiceRecord.source == Source.POST, ServiceRecord.source_id.in_(came))
    served = db.session.scalar(select(ServiceRecord.id).where(*of_post).limit(1))
    return "登记的党员已有值岗的服务记录，不能撤销；可以改用“结束在岗”。" if served else ""
