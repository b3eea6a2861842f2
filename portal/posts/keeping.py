"""Posts over the years: the new year's pledge confirms what its member keeps, and ends the rest.  [二(一)1] [三2]

Until that pledge is approved, a post of the year before is still held.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.actors import Actor
from portal.extensions import db
from portal.posts import places
from portal.posts.models import Post, PostClaim, PostClaimState
from portal.posts.workflow import flow, give_up

NOT_KEPT = "新年度承诺未续"


def of_earlier_years(member_id: int, year: int) -> list[PostClaim]:
    """The posts that a member holds and that no pledge of this year has confirmed yet, the oldest first."""
    held = (PostClaim.member_id == member_id, PostClaim.state == PostClaimState.ACTIVE, PostClaim.confirmed_for < year)
    shown = joinedload(PostClaim.post).joinedload(Post.community)
    return list(db.session.scalars(select(PostClaim).where(*held).options(shown).order_by(PostClaim.id)))


def confirm(member_id: int, year: int, by: Actor, dropped: Collection[int] = ()) -> None:
    """Confirm for a year what a member holds, but for the claims of these ids, which end."""
    for claim in of_earlier_years(member_id, year):
        if claim.id in dropped:
            places.end(claim, f"{year}年度：{NOT_KEPT}")
            flow.noted(claim.post, by, "give_up", give_up.label, claim.post.state, NOT_KEPT)
        else:
            claim.confirmed_for = year
