"""How the reader of the menu stands to what is on it: what a member holds already and may do, what an office opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import literal, select, union_all

from portal.activities.models import SignUp, SignUpState
from portal.actors import Actor, Role
from portal.extensions import db
from portal.menu.offers import ActivityOffer, PostOffer
from portal.people import queries as people
from portal.people.models import Community
from portal.posts.models import PostClaim, PostClaimState
from portal.wishes.queries import Helper
from portal.wishes.suited import Profile

COMING = (SignUpState.SIGNED_UP, SignUpState.WAITLISTED)


@dataclass(frozen=True)
class Standing:
    """What of the menu is this person's already, and what they may open.

    `received_in` is the community where a member is registered; `communities` are those of which this person opens
    the posts (None: of all). The public opens nothing.
    """

    known: bool = False
    registered: bool = False
    received_in: int | None = None
    wishes: frozenset[int] = frozenset()
    posts: frozenset[int] = frozenset()
    sign_ups: Mapping[int, str] = field(default_factory=dict)
    communities: frozenset[int] | None = frozenset()

    def opens_post(self, offer: PostOffer) -> bool:
        """Whether the post has a page for this person."""
        theirs = self.communities is None or offer.community_id in self.communities
        return self.known and (theirs or offer.id in self.posts)

    def may_sign_up(self, _offer: ActivityOffer) -> bool:
        """Whether this person may sign up, whatever the community."""
        return self.registered

    def may_claim(self, offer: PostOffer) -> bool:
        """Whether this person may claim the post: whoever is registered in its community may."""
        return self.registered and offer.community_id == self.received_in


STRANGER = Standing()


def of_member(by: Actor, helper: Helper, profile: Profile | None) -> Standing:
    """How a member stands whom the wall knows as this helper."""
    posts, sign_ups = _held(by.member_id)
    homes = frozenset(filter(None, (helper.home, profile.community_id if profile else None)))
    return Standing(
        known=True, registered=helper.registered, received_in=profile.community_id if profile else None,
        wishes=helper.held, posts=posts, sign_ups=sign_ups, communities=homes,
    )  # fmt: skip


def of_office(by: Actor) -> Standing:
    """How an office stands."""
    match by.role:
        case Role.COUNTY:
            return Standing(known=True, communities=None)
        case Role.CLERK | Role.GRID_WORKER:
            return Standing(known=True, communities=frozenset(filter(None, (by.community_id,))))
        case Role.TOWN:
            found = db.session.scalars(people.communities(by).with_only_columns(Community.id).order_by(None))
            return Standing(known=True, communities=frozenset(found))
        case _:
            return Standing(known=True)


def _held(member_id: int | None) -> tuple[frozenset[int], dict[int, str]]:
    """The ids of the posts that a member holds, and the state of the sign-ups by the activities' ids."""
    held = select(literal("").label("state"), PostClaim.post_id)
    held = held.where(PostClaim.member_id == member_id, PostClaim.state == PostClaimState.ACTIVE)
    signed = [
        select(literal(state.value), SignUp.activity_id).where(SignUp.member_id == member_id, SignUp.state == state)
        for state in COMING
    ]
    rows = db.session.execute(union_all(held, *signed)).all()
    return frozenset(key for state, key in rows if not state), {key: state for state, key in rows if state}
