"""What becomes of a member's posts when two rows of the roster prove to be one person: each is held once, at home."""

from portal.extensions import db
from portal.people.merging import Merging, none_stay, rows_naming, when_merged
from portal.people.models import Member
from portal.posts import places
from portal.posts.models import PostClaim, PostClaimState
from portal.posts.workflow import flow, give_up
from portal.registrations import queries as registrations


def settle(merging: Merging) -> None:
    """A post held twice is held once, one of a community that has them no longer ends; past services stay."""
    for claim in [*_twice(merging.kept, merging.gone), *_elsewhere(merging.kept, merging.gone)]:
        places.end(claim, merging.words)
        flow.noted(claim.post, merging.by, "give_up", give_up.label, claim.post.state, merging.words)
    db.session.flush()


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do, a line each."""
    twice, left = (_titles(found(kept, gone)) for found in (_twice, _elsewhere))
    told = [f"服务岗位{twice}认领了两次，只留一次，名额重新开放。"] if twice else []
    return told + ([f"离开另一个社区的服务岗位{left}。"] if left else [])


def _titles(claims: list[PostClaim]) -> str:
    return "".join(f"“{claim.post.title}”" for claim in claims)


def _twice(kept: Member, gone: Member) -> list[PostClaim]:
    """The claims of the row that goes to posts which the row that stays holds as well."""
    return [claim for claim in _held(gone) if claim.post.claim_of(kept.id) is not None]


def _elsewhere(kept: Member, gone: Member) -> list[PostClaim]:
    """The other claims of the row that goes to posts of a community where the person is registered no longer."""
    home = registrations.current_of(kept.id) or registrations.current_of(gone.id)
    at = home.community_id if home else None
    others = [claim for claim in _held(gone) if claim.post.claim_of(kept.id) is None]
    return [claim for claim in others if claim.post.community_id != at]


def _held(member: Member) -> list[PostClaim]:
    return [each for each in rows_naming(PostClaim.member_id, member) if each.state is PostClaimState.ACTIVE]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(PostClaim.member_id, "服务岗位", none_stay, settle, foreseen)
