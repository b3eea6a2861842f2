"""What becomes of a member's posts when two rows of the roster prove to be one person: each is held once."""

from portal import clock
from portal.extensions import db
from portal.people.merging import Merging, none_stay, rows_naming, when_merged
from portal.people.models import Member
from portal.posts.models import PostClaim, PostClaimState
from portal.posts.workflow import flow

S = PostClaimState


def settle(merging: Merging) -> None:
    """Who holds a post twice holds it once, and the place is free again; services done on either claim stay."""
    for twice in _twice(merging.kept, merging.gone):
        twice.state, twice.until, twice.ended_why = S.ENDED, clock.today(), merging.words
        db.session.flush()
        flow.noted(twice.post, merging.by, "give_up", "离岗", twice.post.state, merging.words)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do."""
    titles = "、".join(each.post.title for each in _twice(kept, gone))
    return [f"服务岗位 {titles} 认领了两次，只留一次，名额重新开放。"] if titles else []


def _twice(kept: Member, gone: Member) -> list[PostClaim]:
    """The claims of the row that goes to posts which the row that stays holds as well."""
    held = (each for each in rows_naming(PostClaim.member_id, gone) if each.state is S.ACTIVE)
    return [each for each in held if each.post.claim_of(kept.id) is not None]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(PostClaim.member_id, "服务岗位", none_stay, settle, foreseen)
