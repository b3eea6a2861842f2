"""What the demonstration leaves to the life cycle of a wish: each level of its ladder, units, teams and
organisations as helpers."""

import datetime as dt

from sqlalchemy import select

from portal import clock
from portal.actors import Actor
from portal.demo.county import County
from portal.demo.moving import login
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community, Grid
from portal.teams import queries as teams
from portal.wishes import groups, raising, submitting, workflow
from portal.wishes.models import Wish, WishSource, WishState
from portal.wishes.teaming import claim_for_team

TASK = "派两名管道工更换楼道立管，工料费由镇里承担。"


def settle(county: County) -> None:
    """Take down one wish in a grid; raise others of the first community; let a unit, a team, organisations do some."""
    _take_down(login(county, "grid1"))
    clerk, town, office = (login(county, name) for name in ("community1", "chengguan", "county"))
    waits, passed, charged, solved, taken, done = _waiting(county, 6)
    for wish in (waits, passed, charged, solved):
        _reword(wish)
        raising.escalate(wish, clerk, reason="涉及楼道公共管线，党员个人办不了。")
    for wish in (passed, solved):
        raising.escalate(wish, town, reason="需要县级部门协调。")
    _charge(charged, town, "城关镇便民服务中心")
    _charge(solved, office, "县自来水公司")
    workflow.finish(solved, office, day=clock.today(), words="立管已更换，请居民看看是否还漏。")
    _by_unit(taken, done, login(county, "unit1"))
    taken, done = _waiting(county, 2, of=1)
    _by_team(taken, done, login(county, "member1"))


def _take_down(worker: Actor) -> None:
    asked = submitting.Asked(
        detail="楼下路灯坏了一周，晚上下楼看不见，想请人修一修。", name="周玉梅", phone="0917-7210000",
        community=db.session.get(Community, worker.community_id), grid=db.session.get(Grid, worker.grid_id),
    )  # fmt: skip
    submitting.submit(asked, worker, WishSource.VISIT, "demonstration")


def _waiting(county: County, count: int, of: int = 0) -> list[Wish]:
    """So many wishes that wait on the wall of a community, the first one unless said otherwise."""
    waits = (Wish.community_id == county.places[of].id, Wish.state == WishState.PUBLISHED, Wish.on_wall.is_(True))
    return list(db.session.scalars(select(Wish).where(*waits).order_by(Wish.id).limit(count)))


def _reword(wish: Wish) -> None:
    """Something that no single member can do."""
    wish.title, wish.category = "楼道里的水管老是漏", Category.CONVENIENCE
    wish.detail = wish.told = "单元门口的楼道立管漏水半个多月，地上总是湿的，老人怕滑倒。"


def _charge(wish: Wish, by: Actor, organisation: str) -> None:
    due = clock.today() + dt.timedelta(days=10)
    raising.solve(wish, by, organisation=organisation, task=TASK, due=due)


def _by_unit(taken: Wish, done: Wish, liaison: Actor) -> None:
    """A unit has one wish in hand and has done another."""
    people = [member_id for member_id, _ in groups.may_come(liaison.unit_id)]
    workflow.claim_for_unit(taken, liaison, people=people[:2])
    workflow.claim_for_unit(done, liaison, people=people[2:4])
    spent = {person.id: 3 for claim in done.open_claims for person in claim.people}
    workflow.finish(done, liaison, day=clock.today(), starts=dt.time(8), people_hours=spent,
                    words="单位派人一起办好了，居民很满意。")  # fmt: skip


def _by_team(taken: Wish, done: Wish, leader: Actor) -> None:
    """The team that a member leads has one wish of the next community in hand and has done another."""
    [team] = teams.teams_led_by(leader.member_id)
    people = [member_id for member_id, _ in groups.may_come_for_team(team.id)]
    claim_for_team(taken, leader, team_id=team.id, people=people[:1])
    claim_for_team(done, leader, team_id=team.id, people=people[1:3])
    spent = {person.id: 2 for claim in done.open_claims for person in claim.people}
    workflow.finish(done, leader, day=clock.today(), starts=dt.time(8), people_hours=spent,
                    words="服务队两个人去的，已经修好。")  # fmt: skip
