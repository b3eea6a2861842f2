"""Who may do what with a wish: the rules that stand on its moves, and who reads more than the public.  [二(二)2]"""

from collections.abc import Callable

from sqlalchemy import exists, select

from portal.actors import Actor, Role
from portal.extensions import db
from portal.flow import who
from portal.registrations.models import CURRENT, Registration
from portal.teams import queries as teams
from portal.wishes import places
from portal.wishes.models import Claim, Level, Wish, WishState

_came_along: dict[Callable[[Wish, int], bool], None] = {}


def came_along(asked: Callable[[Wish, int], bool]) -> None:
    """Later rooms say by `asked(wish, member_id)` who helped with a wish in another way than by a place on it."""
    _came_along[asked] = None


def claim_of(wish: Wish, by: Actor) -> Claim | None:
    """The place on the wish that this person holds or answers for in this role now, or None."""
    return next((claim for claim in wish.open_claims if answers_for(claim, by)), None)


def answers_for(claim: Claim, by: Actor) -> bool:
    """Whether a helper's place is this person's own, that of the unit whose liaison they are, of the team they lead
    now, or of the organisation that their office charged (of the activity by which the community sees to it).
    """
    if claim.member_id is not None:
        return by.is_in(Role.MEMBER) and by.is_self(claim.member_id)
    if claim.unit_id is not None:
        return by.is_in(Role.LIAISON) and by.unit_id == claim.unit_id
    if claim.team is not None:
        return by.is_in(Role.MEMBER) and claim.team.is_led_by(by.member_id)
    return handler(claim.wish, by)


def is_nobodys(wish: Wish) -> bool:
    """Whether the place that leads is that of a team which nobody leads now, so that nobody could report it done."""
    leading = wish.leading
    return leading is not None and leading.team is not None and leading.team.leading is None


def comes(claim: Claim, by: Actor) -> bool:
    """Whether this person answers for the place or comes for the unit or team that holds it."""
    return answers_for(claim, by) or (by.is_in(Role.MEMBER) and claim.has(by.self_member_id))


def took_part(wish: Wish, by: Actor) -> bool:
    """Whether this person helped with the wish or reported it done, in whatever role they act now."""
    helped = any(claim.has(by.self_member_id) for claim in wish.helpers)
    return helped or (by.user_id is not None and wish.done_by_user_id == by.user_id)


def reads_whole(wish: Wish, by: Actor) -> bool:
    """Whether this person reads the whole case: its clerks, its grid until the review, the town and the county that
    it was raised to, those who help or helped.
    """
    return reviewer(wish, by) or holder(wish, by) or _passed_on(wish, by) or any(comes(one, by) for one in wish.helpers)


def reads_wording(wish: Wish, by: Actor) -> bool:
    """Whether this person reads the reviewed wording, which names nobody: members and units need it to choose."""
    return by.is_in(Role.MEMBER, Role.LIAISON, Role.CLERK, Role.GRID_WORKER) or reads_whole(wish, by)


@who("本社区专干")
def clerk(wish: Wish, by: Actor) -> bool:
    """A clerk of the wish's community; of a wish that names none, any clerk."""
    if not by.is_in(Role.CLERK) or by.community_id is None:
        return False
    return wish.community_id == by.community_id or _is_unplaced(wish)


@who("本网格的网格管理员")
def grid_worker(wish: Wish, by: Actor) -> bool:
    """The grid worker of the wish's grid, until the review and as long as it was not raised."""
    if not by.is_in(Role.GRID_WORKER) or wish.state is not WishState.SUBMITTED or wish.level is not Level.GRID:
        return False
    return wish.grid_id is not None and wish.grid_id == by.grid_id


reviewer = clerk | grid_worker


@who("接手的镇或县委组织部")
def holder(wish: Wish, by: Actor) -> bool:
    """The office above the community that a wish was raised to: its town, or the county."""
    if wish.level is Level.TOWN:
        return _is_town_of(wish, by)
    return wish.level is Level.COUNTY and by.is_in(Role.COUNTY)


@who("现在负责这条心愿的一级")
def handler(wish: Wish, by: Actor) -> bool:
    """Whoever handles the wish at its level: the grid worker before the review, a clerk, the town, the county."""
    match wish.level:
        case Level.GRID:
            return grid_worker(wish, by)
        case Level.COMMUNITY:
            return clerk(wish, by)
        case _:
            return holder(wish, by)


def is_registered(member_id: int) -> bool:
    """Whether a member has a current registration, whatever the community.  [二(一)]"""
    current = exists().where(Registration.member_id == member_id, Registration.state.in_(CURRENT))
    return bool(db.session.scalar(select(current)))


@who("已报到的在职党员")
def registered_member(wish: Wish, by: Actor) -> bool:
    """A member with a current registration, whatever the community."""
    return by.is_in(Role.MEMBER) and by.member_id is not None and is_registered(by.member_id)


@who("单位联络员")
def liaison(wish: Wish, by: Actor) -> bool:
    """A liaison, for the unit."""
    return by.is_in(Role.LIAISON) and by.unit_id is not None


@who("服务队队长")
def team_leader(wish: Wish, by: Actor) -> bool:
    """A member who leads a team, of whatever community."""
    return by.is_in(Role.MEMBER) and bool(teams.teams_led_by(by.member_id))


@who("认领人")
def helper(wish: Wish, by: Actor) -> bool:
    """A member who holds a place on the wish, the liaison of a unit or the leader of a team that does."""
    return by.is_in(Role.MEMBER, Role.LIAISON) and claim_of(wish, by) is not None


@who("牵头认领人")
def leader(wish: Wish, by: Actor) -> bool:
    """Who claimed first, or to whom the lead has passed: a member, a unit's liaison, a team's leader, or an office."""
    held = claim_of(wish, by)
    return held is not None and held.leads


@who("未参与办理的本社区专干")
def clerk_apart(wish: Wish, by: Actor) -> bool:
    """A clerk who took no part: neither asked for it, nor helped in whatever way, nor reported it done."""
    if not clerk(wish, by) or took_part(wish, by) or places.is_own(wish, by.self_member_id):
        return False
    return by.self_member_id is None or not any(asked(wish, by.self_member_id) for asked in _came_along)


@who("许愿居民")
def resident(wish: Wish, by: Actor) -> bool:
    """The resident who showed this wish's number and code."""
    return by.is_in(Role.RESIDENT) and by.wish_id is not None and by.wish_id == wish.id


@who("许愿居民（认领以前）")
def resident_before_claim(wish: Wish, by: Actor) -> bool:
    """The resident, as long as nobody has taken the wish on."""
    return resident(wish, by) and wish.state in (WishState.SUBMITTED, WishState.PUBLISHED)


@who("系统")
def system(wish: Wish, by: Actor) -> bool:
    """Time itself, by `tick`."""
    return by.is_in(Role.SYSTEM)


def _is_town_of(wish: Wish, by: Actor) -> bool:
    return by.is_in(Role.TOWN) and wish.community is not None and wish.community.town_id == by.supervisor_id


def _passed_on(wish: Wish, by: Actor) -> bool:
    """Whether this is the town through which a wish went to the county."""
    return wish.level is Level.COUNTY and _is_town_of(wish, by)


def _is_unplaced(wish: Wish) -> bool:
    return wish.community_id is None and wish.state is WishState.SUBMITTED
