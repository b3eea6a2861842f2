"""What forms and lists of posts offer: communities, teams, whom to sign up, who holds one, a member's own."""

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community, Grid, Member, Unit, UnitKind
from portal.posts import queries
from portal.posts.models import Post, PostClaim, PostClaimState
from portal.teams import queries as team_queries
from portal.teams.queries import received
from portal.teams.reception import is_received

__all__ = ["received"]
Choices = list[tuple[int, str]]


def listed_communities(by: Actor) -> Choices:
    """The communities whose posts this person sees, by name."""
    seen = queries.visible_to(by).with_only_columns(Post.community_id)
    rows = select(Community.id, Community.name).where(Community.id.in_(seen)).order_by(Community.name)
    return [(key, name) for key, name in db.session.execute(rows)]


def teams(community_id: int, post: Post | None) -> Choices:
    """The teams of a community that serve now, and the one to which the post belongs already."""
    offered = team_queries.offered(community_id)
    if post is not None and post.team is not None and post.team.id not in {key for key, _ in offered}:
        offered.append((post.team.id, f"{post.team.name}（{post.team.state.label}）"))
    return offered


def to_sign_up(post: Post) -> Choices:
    """Whom the community may sign up: received there and not on the post; with unit, grid and posts held, by name."""
    holds = exists().where(PostClaim.post_id == post.id, PostClaim.member_id == Member.id,
                           PostClaim.state == PostClaimState.ACTIVE)  # fmt: skip
    rows = (
        select(Member.id, Member.name, Unit.name, Grid.name, queries.holds_post(Member.id))
        .join(Unit, Unit.id == Member.unit_id)
        .outerjoin(Grid, Grid.id == Member.grid_id)
        .where(is_received(Member.id, post.community_id), ~holds)
        .order_by(Member.pinyin, Member.id)
    )
    return [
        (key, f"{name}（{'，'.join(filter(None, (unit, grid, '' if placed else '未认岗')))}）")
        for key, name, unit, grid, placed in db.session.execute(rows)
    ]


def on_duty(post: Post, by: Actor) -> Choices:
    """Of whom a clerk may write a duty down: who holds the post, and who held it until lately; never oneself."""
    people = {claim.member_id: claim for claim in post.claims if not by.is_self(claim.member_id)}
    now = [claim for claim in post.active_claims if claim.member_id in people]
    before = [claim for claim in people.values() if claim.state is PostClaimState.ENDED]
    return [(claim.member_id, name_of(claim)) for claim in (*now, *before[-20:])]


def name_of(claim: PostClaim) -> str:
    """Who holds or held a post, with the unit."""
    ended = f"，{claim.until:%-m月%-d日}离岗" if claim.until else ""
    return f"{claim.member.name}（{claim.member.unit.name}{ended}）"


def held_by(member_id: int | None) -> list[PostClaim]:
    """A member's posts now, the oldest first."""
    rows = select(PostClaim).where(PostClaim.member_id == member_id, PostClaim.state == PostClaimState.ACTIVE)
    shown = joinedload(PostClaim.post).joinedload(Post.community)
    return list(db.session.scalars(rows.options(shown).order_by(PostClaim.id))) if member_id else []


def names_in_list(post: Post, by: Actor) -> list[str]:
    """Who holds a post, as a list shows it: to the community and those above it all, to a unit its own members."""
    return [claim.member.name for claim in post.active_claims if _is_shown(post, claim.member, by)]


def holders(post: Post, by: Actor) -> list[PostClaim]:
    """Those who hold a post, as its page shows them: as in a list, and to a member who holds it the others too."""
    whole = by.is_in(Role.MEMBER) and post.claim_of(by.member_id) is not None
    return [claim for claim in post.active_claims if whole or _is_shown(post, claim.member, by)]


def former(post: Post, by: Actor) -> list[PostClaim]:
    """Those who held a post once, with why they left, as far as this office reads of them."""
    return [claim for claim in post.claims if claim.until and _is_shown(post, claim.member, by)]


def reads_history(post: Post, by: Actor) -> bool:
    """Whether this office reads the whole case, with everybody's reasons: the community, and those above it."""
    above = by.is_in(Role.TOWN) and by.supervisor_id == post.community.town_id
    return above or by.is_in(Role.CLERK, Role.GRID_WORKER, Role.COUNTY)


def _is_shown(post: Post, member: Member, by: Actor) -> bool:
    match by.role:
        case Role.CLERK | Role.GRID_WORKER | Role.COUNTY:
            return True
        case Role.LIAISON:
            return member.unit_id == by.unit_id
        case Role.DEPARTMENT:
            return member.unit.supervisor_id == by.supervisor_id
        case Role.TOWN:
            return by.supervisor_id in (post.community.town_id, member.unit.supervisor_id)
        case Role.COMMITTEE:
            return member.unit.kind is UnitKind.OFFICE
        case _:
            return False
