"""The life cycle of a team: founded, joined and left, led by one of its members, until it is disbanded.

A team is no office: whoever leads it acts as a member.  The actor is never the subject, so a clerk who is a member
too joins by free choice and is appointed by another clerk.
"""

from collections.abc import Callable, Collection, Iterable

from sqlalchemy import select

from portal import clock
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.labels import Category
from portal.people.holding import hold_community, hold_concerned
from portal.people.models import Community, Grid, Member
from portal.teams import queries
from portal.teams.models import JoinedBy, Team, TeamMember, TeamState
from portal.telling import Tells, Topic, tell, to_member

S = TeamState
flow = Flow(
    Team, "这支服务队", room="teams", noun="team", visible_to=queries.visible_to, named=lambda team: team.name,
    first=lambda team, by, asked: hold_concerned(by, **asked),
)  # fmt: skip
_FREELY = "不愿意参加的可以自己退出。"
_members = Tells(Topic.TEAM, lambda team: [to_member(each.member_id) for each in team.current])

Left = Callable[[Team, int, Actor], None]
Ended = Callable[[Team, Actor], None]
_when_left: dict[Left, None] = {}
_when_ended: dict[Ended, Callable[[Team], str]] = {}


def when_left(consequence: Left) -> None:
    """Later rooms say what follows when a member leaves a team of the community where they stay registered.

    Called as `consequence(team, member_id, by)` in the transaction of `leave` and `remove`.
    """
    _when_left[consequence] = None


def when_ended(consequence: Ended, foreseen: Callable[[Team], str]) -> None:
    """Later rooms say what follows when a team is disbanded (claims given back).

    Called as `consequence(team, by)` in the transaction of `end`; `foreseen` says beforehand, in one line, what it
    would do ("" for nothing).
    """
    _when_ended[consequence] = foreseen


def foreseen(team: Team) -> list[str]:
    """What disbanding the team would do, a line each."""
    told = [f"{len(team.current)} 名队员退出，名单留存备查。"] if team.current else []
    return told + [words for say in _when_ended.values() if (words := say(team))]


def works_for(community_id: int, by: Actor) -> bool:
    """A clerk of the community."""
    return by.is_in(Role.CLERK) and by.community_id == community_id


@who("本社区专干")
def clerk_of(team: Team, by: Actor) -> bool:
    """A clerk of the team's community."""
    return works_for(team.community_id, by)


@who("在本社区报到的在职党员")
def received_member(team: Team, by: Actor) -> bool:
    """A member whom the team's community has received."""
    return by.is_in(Role.MEMBER) and queries.received(by.member_id, team.community_id)


@who("本队队员")
def belongs(team: Team, by: Actor) -> bool:
    """A member who belongs to the team."""
    return by.is_in(Role.MEMBER) and team.membership_of(by.member_id) is not None


def _stays_out(team: Team, by: Actor) -> bool:
    return team.membership_of(by.member_id) is None


def _has_members(team: Team, _by: Actor) -> bool:
    return bool(team.current)


def found(
    community: Community, by: Actor, name: str, category: Category | None = None, skills: str = "", grid_id=None
) -> Team:
    """A clerk founds a team of the community. Raises NotYours, RuleBroken.  [二(二)3]"""
    if not works_for(community.id, by):
        raise NotYours(f"服务队只能由{clerk_of.label}组建。")
    # Of two clerks who give one name at once the second waits here, and reads of the first one's team.
    hold_community(community.id)
    team = Team(state=S.ACTIVE, community_id=community.id, founded_on=clock.today())
    _describe(team, name, category, skills, grid_id)
    db.session.add(team)
    flow.opened(team, by, "found", "组建")
    return team


def change(team: Team, by: Actor, name: str, category: Category | None = None, skills: str = "", grid_id=None) -> None:
    """A clerk gives the team another name, speciality or grid. Raises NotYours, RuleBroken.  [二(二)3]"""
    if not clerk_of(team, by):
        raise NotYours(f"服务队的资料只能由{clerk_of.label}修改。")
    _check_serves(team)
    hold_community(team.community_id)
    _describe(team, name, category, skills, grid_id)
    flow.noted(team, by, "change", "修改资料", team.state)


@flow.move("加入服务队", start=S.ACTIVE, end=S.ACTIVE, who=received_member, when=_stays_out,
           done="已加入，队长会与您联系。")  # fmt: skip
def join(team, by):
    """A member joins a team of the community by free choice, at once.  [二(二)3]"""
    if not _stays_out(team, by):
        raise RuleBroken("您已经是这支服务队的队员。")
    _take_in(team, [by.member_id], JoinedBy.CHOSEN)


@flow.move("推荐入队", start=S.ACTIVE, end=S.ACTIVE, who=clerk_of, done="已编入，本人不愿意的可以自己退出。", undo=True)
def recommend(team, by, people: Collection[int], leader_id: int | None = None):
    """A clerk recommends members, one of whom may lead the team, who are in at once and may leave by themselves.
    [二(二)3]
    """
    _check_not_self(by, people, "您本人请以党员身份加入。")
    if not people or set(people) - queries.receivable(team.community_id, people):
        raise RuleBroken("请从在本社区报到的党员中选择。")
    coming = [each for each in dict.fromkeys(people) if team.membership_of(each) is None]
    if not coming:
        raise RuleBroken("所选的党员都已经在这支服务队。")
    if leader_id is not None and (leader_id not in coming or team.leading is not None):
        raise RuleBroken("队长请从一起入队的党员中选择，且队里还没有队长。")
    _take_in(team, coming, JoinedBy.RECOMMENDED, leader_id)
    led = [each for each in coming if each != leader_id]
    tell(Topic.TEAM, map(to_member, led), team, by, recommend.label, adds=f"您已是队员，{_FREELY}")
    if leader_id is not None:
        tell(Topic.TEAM, [to_member(leader_id)], team, by, recommend.label, adds=f"您已是队员，并任队长，{_FREELY}")


@flow.move("任命队长", start=S.ACTIVE, end=S.ACTIVE, who=clerk_of, when=_has_members,
           done="已任命，服务队手上的心愿由新队长接着办。", undo=True)  # fmt: skip
def appoint(team, by, member_id: int):
    """A clerk lets one of its members lead the team; whoever led it stays a member.  [二(二)3]"""
    _check_not_self(by, (member_id,), "不能任命您本人，请另一位专干办理。")
    new, old = team.membership_of(member_id), team.leading
    if new is None:
        raise RuleBroken("请从本队队员中选择队长。")
    if new is old:
        raise RuleBroken(f"{new.member.name}已经是队长。")
    if old is not None:
        old.leads = False
        db.session.flush()  # a team has one leader at most, at every moment
    new.leads = True
    led = [to_member(each.member_id) for each in (new, old) if each is not None]
    tell(Topic.TEAM, led, team, by, appoint.label, adds=f"队长：{new.member.name}。")


@flow.move("退出服务队", start=S.ACTIVE, end=S.ACTIVE, who=belongs, danger=True, done="已退出服务队。")
def leave(team, by):
    """A member leaves the team by free choice; the lead of who led it stands vacant.  [二(二)3]"""
    _let_go(team, by.member_id)
    for consequence in _when_left:
        consequence(team, by.member_id, by)


@flow.move("移出队员", start=S.ACTIVE, end=S.ACTIVE, who=clerk_of, reason=True, danger=True, when=_has_members,
           done="已移出服务队。", undo=True)  # fmt: skip
def remove(team, by, member_id: int, reason: str):
    """A clerk takes a member out of the team, saying why.  [二(二)3]"""
    _check_not_self(by, (member_id,), "您本人请以党员身份退出。")
    if team.membership_of(member_id) is None:
        raise RuleBroken("请从本队队员中选择。")
    _let_go(team, member_id)
    tell(Topic.TEAM, [to_member(member_id)], team, by, remove.label, reason)
    for consequence in _when_left:
        consequence(team, member_id, by)


@flow.move("解散服务队", start=S.ACTIVE, end=S.ENDED, who=clerk_of, reason=True, danger=True, tells=_members,
           done="服务队已解散；以往的服务仍记在各人名下。", undo=True)  # fmt: skip
def end(team, by):
    """A clerk disbands a team; who belonged to it, and what they did, stays on record.  [二(二)3]"""
    team.ended_on = clock.today()
    for membership in team.current:
        _let_go(team, membership.member_id)
    for consequence in _when_ended:
        consequence(team, by)


def assign(member: Member, by: Actor, team_id: int, community_id: int) -> Team:
    """A community assigns a member whom it receives to one of its teams, in the same transaction; the team.

    Raises RuleBroken when it is none of the community's that serve now.  [二(二)1] [二(二)3]
    """
    team = db.session.get(Team, team_id, with_for_update={"key_share": True}, populate_existing=True)
    if team is None or team.community_id != community_id or team.state is not S.ACTIVE:
        raise RuleBroken("请选择本社区的服务队。")
    if team.membership_of(member.id) is None:
        _take_in(team, [member.id], JoinedBy.RECOMMENDED)
        flow.noted(team, by, "recommend", recommend.label, team.state, "接洽报到时编入")
    return team


def leave_all(member_id: int, by: Actor, why: str, but: int | None = None) -> None:
    """A member whose registration ended leaves every team, but those of the community that receives them now."""
    for membership in sorted(queries.current_of(member_id), key=lambda each: each.team_id):  # no two wait in a ring
        team = membership.team
        if team.community_id != but:
            _let_go(team, member_id)
            flow.noted(team, by, "leave", leave.label, team.state, why)


def _take_in(team: Team, people: Iterable[int], how: JoinedBy, leader_id: int | None = None) -> None:
    for each in people:
        leads = leader_id is not None and each == leader_id
        team.memberships.append(TeamMember(member_id=each, how=how, since=clock.today(), leads=leads))
    db.session.flush()


def _let_go(team: Team, member_id: int) -> None:
    membership = team.membership_of(member_id)
    membership.until, membership.leads = clock.today(), False
    db.session.flush()


def _check_not_self(by: Actor, people: Collection[int], sentence: str) -> None:
    if any(by.is_self(each) for each in people):
        raise RuleBroken(sentence)


def _check_serves(team: Team) -> None:
    if team.state is not S.ACTIVE:
        raise RuleBroken("这支服务队已经解散，不能再修改。")


def _describe(team: Team, name: str, category: Category | None, skills: str, grid_id: int | None) -> None:
    same = select(Team.id).where(Team.community_id == team.community_id, Team.name == name, Team.state == S.ACTIVE)
    if db.session.scalar(same.where(Team.id.is_distinct_from(team.id))):
        raise RuleBroken(f"本社区已有“{name}”，请换一个名称。")
    grid = db.session.get(Grid, grid_id) if grid_id else None
    if grid is not None and grid.community_id != team.community_id:
        raise RuleBroken("请选择本社区的网格。")
    team.name, team.category, team.skills, team.grid = name, category, skills or None, grid
