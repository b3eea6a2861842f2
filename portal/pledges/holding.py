"""Posts of earlier years on a pledge: which its member keeps this year, and which end when it is approved.  [三2]"""

from collections.abc import Collection

from portal.pledges.models import Pledge, PledgeDroppedPost
from portal.posts import keeping
from portal.posts.queries import names_of


def set_kept(row: Pledge, kept: Collection[int]) -> None:
    """Say which claims of earlier years the pledge keeps; of the posts asked about, the others are dropped."""
    before = {each.claim_id: each for each in row.dropped_posts}
    asked = keeping.of_earlier_years(row.member_id or row.member.id, row.year)
    dropped = [claim.id for claim in asked if claim.id not in kept]
    row.dropped_posts = [before.get(key) or PledgeDroppedPost(claim_id=key) for key in dropped]


def offered(member_id: int, year: int) -> list[tuple[int, str]]:
    """The posts of earlier years about which the pledge of this year asks, as (claim's id, what it is)."""
    held = keeping.of_earlier_years(member_id, year)
    return [(claim.id, f"{claim.post.title}（{claim.post.times}，{claim.post.place}）") for claim in held]


def kept_before(row: Pledge | None, asked: Collection[int]) -> list[int]:
    """Which of the claims asked about are ticked beforehand: all but those dropped on the pledge as it is saved."""
    dropped = {each.claim_id for each in row.dropped_posts} if row else set()
    return [key for key in asked if key not in dropped]


def posts_of(row: Pledge) -> list[tuple[str, str]]:
    """What a pledge's page says of posts, as (label, titles): those held in its year, those it does not keep."""
    dropped = "、".join(each.claim.post.title for each in row.dropped_posts)
    held = ("认领岗位", names_of(row.member_id, row.year, row.community_id))
    return [held, ("今年不再担任", dropped)] if dropped else [held]
