"""The life cycle of a post: opened by the community, claimed and given up by members, until it is closed.

Who holds a post is a matter of the post: its moves give places and take them back, one person at a time.  The actor
is never the subject, so a clerk who is a member too claims as a member and is taken off by another clerk.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portal import clock, history, numbers, wording, years
from portal.accounts.queries import members_with_login
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.flow import Flow, who
from portal.labels import Category
from portal.people.holding import hold_concerned
from portal.people.models import Community, Grid
from portal.posts import places, queries
from portal.posts.models import Post, PostFreeTime, PostState
from portal.registrations.models import FreeTime
from portal.teams import queries as teams
from portal.teams.models import Team, TeamState
from portal.telling import Tells, Topic, tell, to_member, to_office

S = PostState
flow = Flow(
    Post, "这个岗位", room="posts", noun="post", visible_to=queries.visible_to,
    named=lambda post: f"服务岗位“{post.title}”（{post.number}）",
    first=lambda post, by, asked: hold_concerned(by, **asked),
)  # fmt: skip
_holders = Tells(Topic.POST, lambda post: [to_member(claim.member_id) for claim in post.active_claims])
_office = Tells(Topic.POST, lambda post: [to_office(Role.CLERK, community_id=post.community_id)])


@dataclass(frozen=True)
class Duty:
    """What a post is: what is done, where, when (in words, and in which free times), for how many."""

    title: str
    category: Category
    duty: str
    place: str
    times: str
    capacity: int
    free_times: Sequence[FreeTime] = ()
    grid_id: int | None = None
    team_id: int | None = None


def works_for(community_id: int, by: Actor) -> bool:
    """A clerk of the community."""
    return by.is_in(Role.CLERK) and by.community_id == community_id


@who("本社区专干")
def clerk_of(post: Post, by: Actor) -> bool:
    """A clerk of the post's community."""
    return works_for(post.community_id, by)


@who("在本社区报到的在职党员")
def received_member(post: Post, by: Actor) -> bool:
    """A member whom the post's community has received."""
    return by.is_in(Role.MEMBER) and teams.received(by.member_id, post.community_id)


@who("在岗的党员本人")
def holder(post: Post, by: Actor) -> bool:
    """A member who holds the post."""
    return by.is_in(Role.MEMBER) and post.claim_of(by.member_id) is not None


def _has_place_for(post: Post, by: Actor) -> bool:
    return bool(post.places_left) and post.claim_of(by.member_id) is None


def _has_place(post: Post, _by: Actor) -> bool:
    return bool(post.places_left)


def _is_held(post: Post, _by: Actor) -> bool:
    return bool(post.active_claims)


def open_(community: Community, by: Actor, duty: Duty) -> Post:
    """A clerk opens a post of the community. Raises NotYours, RuleBroken.  [二(一)1] [二(二)2]"""
    if not works_for(community.id, by):
        raise NotYours(f"服务岗位只能由{clerk_of.label}开设。")
    year = clock.today().year
    serial = numbers.draw("post", year)
    post = Post(
        state=S.OPEN, community_id=community.id, year=year, serial=serial,
        number=numbers.address_number(year, serial), opened_on=clock.today(),
    )  # fmt: skip
    _describe(post, duty)
    db.session.add(post)
    flow.opened(post, by, "open", "开设")
    return post


def change(post: Post, by: Actor, duty: Duty) -> None:
    """A clerk says anew what the post is. Raises NotYours, RuleBroken.  [二(二)2]"""
    if not clerk_of(post, by):
        raise NotYours(f"岗位只能由{clerk_of.label}修改。")
    if post.state is not S.OPEN:
        raise RuleBroken("这个岗位已经停设，请先重新开设再修改。")
    if duty.capacity < len(post.active_claims):
        raise RuleBroken(f"已有 {len(post.active_claims)} 人在岗，人数不能少于在岗的人数。")
    _describe(post, duty)
    flow.noted(post, by, "change", "修改岗位", post.state)


@flow.move("认领岗位", start=S.OPEN, end=S.OPEN, who=received_member, when=_has_place_for,
           done="认领成功，值岗以后在这里登记服务。")  # fmt: skip
def claim(post, by):
    """A member claims a post of the community by one click; first come, first served.  [二(一)1] [三2]"""
    places.fresh(post)
    if post.claim_of(by.member_id) is not None:
        raise RuleBroken("您已经在这个岗位上。")
    if not post.places_left:
        raise TooLate(full(post))
    places.take(post, by.member_id)


@flow.move("登记认岗", start=S.OPEN, end=S.OPEN, who=clerk_of, when=_has_place,
           done="已登记，本人不愿意的可以自己退出。", undo=places.served_since)  # fmt: skip
def sign_up(post, by, people: Collection[int], since: dt.date | None = None):
    """A clerk signs up members who said so, in the place of those without a login; since a day, today by default.

    [二(一)1]
    """
    _check_not_self(by, people, "您本人请以党员身份认领。")
    if not people or set(people) - teams.receivable(post.community_id, people):
        raise RuleBroken("请从在本社区报到的党员中选择。")
    places.fresh(post)
    since = since or clock.today()
    if since > clock.today():
        raise RuleBroken("在岗的日期不能晚于今天。")
    years.check(since.year)  # its tables count who was on duty
    coming = [each for each in dict.fromkeys(people) if post.claim_of(each) is None]
    if not coming:
        raise RuleBroken("所选的党员都已经在这个岗位上。")
    if len(coming) > post.places_left:
        raise TooLate(f"只剩 {post.places_left} 个名额，您选了 {len(coming)} 人。" if post.places_left else full(post))
    able = members_with_login(coming)
    for member_id in coming:
        places.take(post, member_id, since, stand_in=member_id not in able)
    tell(Topic.POST, map(to_member, coming), post, by, sign_up.label, adds="您已在岗；不愿意的，可以自己退出。")


@flow.move("退出岗位", start=S.OPEN, end=S.OPEN, who=holder, reason=True, danger=True, tells=_office,
           done="已退出，名额重新开放；以往的服务仍记在您名下。")  # fmt: skip
def give_up(post, by, reason: str):
    """A member gives a post up, saying why; the place is free again.  [二(一)1]"""
    places.fresh(post)
    held = post.claim_of(by.member_id)
    if held is None:
        raise TooLate("您已经不在这个岗位上，不必再退。")
    places.end(held, reason)


@flow.move("结束在岗", start=S.OPEN, end=S.OPEN, who=clerk_of, reason=True, danger=True, when=_is_held,
           done="已离岗，名额重新开放；以往的服务仍记在本人名下。", undo=True)  # fmt: skip
def end_claim(post, by, member_id: int, reason: str):
    """A clerk takes a member off a post, saying why; the place is free again.  [二(二)3]"""
    _check_not_self(by, (member_id,), "您本人请以党员身份退出。")
    places.fresh(post)
    held = post.claim_of(member_id)
    if held is None:
        raise RuleBroken("请从在岗的党员中选择；可能刚刚离岗。")
    places.end(held, reason)
    tell(Topic.POST, [to_member(member_id)], post, by, end_claim.label, reason)


@flow.move("停设岗位", start=S.OPEN, end=S.CLOSED, who=clerk_of, reason=True, danger=True, tells=_holders,
           done="岗位已停设，在岗的都已离岗；以往的服务仍记在各人名下。", undo=True)  # fmt: skip
def close(post, by, reason: str):
    """A clerk closes a post that is not needed any more; who held it holds it no longer.  [二(二)2]"""
    places.fresh(post)
    post.closed_on = clock.today()
    for held in post.active_claims:
        places.end(held, f"岗位停设：{reason}", with_post=True)


@flow.move("重新开设", start=S.CLOSED, end=S.OPEN, who=clerk_of, done="岗位已重新开设，可以认领。", undo=True)
def reopen(post, by):
    """A clerk opens a closed post again; it is claimed anew.  [二(二)2]"""


def foreseen(post: Post) -> list[str]:
    """What closing a post would do, a line each."""
    held = len(post.active_claims)
    return [f"{held} 名党员离岗，各人会收到消息；值岗的服务记录都保留。"] if held else []


def full(post: Post) -> str:
    """The sentence that tells the loser of two that the places are gone, and who was first, where that came last."""
    line = history.last(post)
    took = line is not None and line.verb in (claim.verb, sign_up.verb)
    first = f"{clock.local(line.at):%-m月%-d日%H:%M} {line.by_name}已先“{line.label}”，" if line and took else ""
    return f"{first}“{post.title}”的名额已满，请看看其他岗位。"


def _check_not_self(by: Actor, people: Collection[int], sentence: str) -> None:
    if any(by.is_self(each) for each in people):
        raise RuleBroken(sentence)


def _describe(post: Post, duty: Duty) -> None:
    _check_wording(duty)
    grid = db.session.get(Grid, duty.grid_id) if duty.grid_id else None
    if grid is not None and grid.community_id != post.community_id:
        raise RuleBroken("请选择本社区的网格。")
    post.grid, post.team = grid, _team(post, duty.team_id)
    for name in ("title", "category", "duty", "place", "times", "capacity"):
        setattr(post, name, getattr(duty, name))
    kept = {slot.free_time: slot for slot in post.slots}
    post.slots = [kept.get(each) or PostFreeTime(free_time=each) for each in FreeTime if each in duty.free_times]


def _team(post: Post, team_id: int | None) -> Team | None:
    """The team to which the post belongs: one of the community's that serve, or the one it belongs to already."""
    team = db.session.get(Team, team_id) if team_id else None
    if (
        team is not None
        and team.id != post.team_id
        and (team.community_id != post.community_id or team.state is not TeamState.ACTIVE)
    ):
        raise RuleBroken("请选择本社区的服务队。")
    return team


def _check_wording(duty: Duty) -> None:
    """Everybody reads a post on the menu board."""
    found = [sentence for text in (duty.title, duty.duty, duty.times) for sentence in wording.problems(text)]
    found += wording.problems(duty.place, says_where=True)
    if found:
        raise RuleBroken("".join(dict.fromkeys(found)))
