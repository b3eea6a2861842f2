"""Activities of the demonstration that take wishes up, ask teams to come, and are held again; templates for all.

Made by the life cycle itself, for the first community.
"""

import datetime as dt

from sqlalchemy import select

from portal.activities import copying, inviting, roll, settling, signing, standing_in, templates, wishes_taken, workflow
from portal.activities.models import Activity, ActivityTemplate, Benefit, SignUp, SignUpState
from portal.activities.workflow import Facts
from portal.actors import SYSTEM, Actor
from portal.demo.county import County
from portal.demo.moving import login
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community
from portal.teams import queries as teams
from portal.wishes import submitting
from portal.wishes import workflow as wishing
from portal.wishes.models import Wish, WishSource

CLINIC = (
    "小区义诊和家电检修",
    Category.CONVENIENCE,
    "量血压、测血糖，小家电现场检修；带好各自的工具。",
    "儒林苑中心广场",
)
CLEANING = ("清运楼道杂物", Category.ENVIRONMENT, "把堆在楼道里的旧家具清出去，准备了手套和推车。", "儒林苑3号楼前")
WISHES = {
    CLINIC: ("电饭锅不通电了", "想量一量血压", "台灯不亮了，想请人看看"),
    CLEANING: ("旧柜子搬不动", "楼道里堆了杂物"),
}
COUNTY = (
    ("全县义务植树", Category.ENVIRONMENT, Benefit.ENVIRONMENT, "带铁锹、手套，树苗由县里准备。", "城北公园东门"),
    ("政策法规宣讲", Category.POLICY, Benefit.CULTURE, "宣讲一部新法，回答群众提问。", "社区会议室"),
)


def settle(county: County) -> None:
    """A clinic to come with wishes, a team and a stand-in; a cleaning that saw to two wishes; templates and drafts."""
    clerk, colleague = login(county, "community1"), login(county, "community1b")
    clinic = _published(clerk, CLINIC, _saturday(county.today + dt.timedelta(days=7)), capacity=12)
    _ask_teams(county, clinic, clerk)
    cleaning = _published(clerk, CLEANING, county.today + dt.timedelta(days=1))
    _hold(county, cleaning, clerk, colleague)
    templates.save(clinic, clerk)
    days = [clinic.day + dt.timedelta(days=28 * turn) for turn in (1, 2)]
    copying.again(clinic, clerk, days)
    for title, category, benefit, detail, place in COUNTY:
        db.session.add(ActivityTemplate(
            community_id=None, category=category, benefit=benefit, title=title, detail=detail, place=place,
            starts=dt.time(9), ends=dt.time(11), saved_on=county.days_ago(30), saved_by="刘建国",
        ))  # fmt: skip
    db.session.flush()


def _saturday(day: dt.date) -> dt.date:
    """The first Saturday from this day on."""
    return day + dt.timedelta(days=(5 - day.weekday()) % 7)


def _published(clerk: Actor, what: tuple, day: dt.date, capacity: int | None = None) -> Activity:
    title, category, detail, place = what
    facts = Facts(title, category, detail, place, day, dt.time(9), dt.time(11, 30), benefit=Benefit.PUBLIC,
                  capacity=capacity)  # fmt: skip
    activity = workflow.draft(clerk, facts)
    workflow.publish(activity, clerk)
    wishes = [_wish(clerk, told, category) for told in WISHES[what]]
    wishes_taken.take_up(activity, clerk, wishes=[each.id for each in wishes])
    return activity


def _wish(clerk: Actor, told: str, category: Category) -> Wish:
    """A wish told on the telephone today, and reviewed."""
    community = db.session.get(Community, clerk.community_id)
    asked = submitting.Asked(detail=told, name="郑玉珍", phone="0917-7216611", community=community)
    wish = submitting.submit(asked, clerk, WishSource.CALL, f"demonstration {told}")
    wishing.publish(wish, clerk, title=told, category=category, detail=told, grid_id=None, helpers_needed=1,
                    on_wall=True)  # fmt: skip
    return wish


def _ask_teams(county: County, clinic: Activity, clerk: Actor) -> None:
    """Two teams are asked, three places are kept for one; a member withdraws, another is asked to stand in."""
    offered = [key for key, _ in teams.offered(clerk.community_id)][:2]
    until = county.today + dt.timedelta(days=6)
    for team_id, held in zip(offered, (3, 0), strict=False):
        inviting.invite_team(clinic, clerk, team_id=team_id, held=held, held_until=until if held else None)
    member = login(county, "member1")
    signing.sign_up(clinic, member)
    signing.withdraw(clinic, member, reason="当天要值班")
    for found in standing_in.proposed(clinic, clerk)[:1]:
        inviting.ask_member(clinic, clerk, member_id=found.id)


def _hold(county: County, cleaning: Activity, clerk: Actor, colleague: Actor) -> None:
    """It took place last Saturday; a colleague took the roll, and the clerk settled it."""
    for name in ("member1", "member2"):
        signing.sign_up(cleaning, login(county, name))
    cleaning.day = _saturday(county.days_ago(7))
    db.session.flush()
    workflow.hold(cleaning, SYSTEM)
    for sign_up in db.session.scalars(select(SignUp).where(SignUp.activity_id == cleaning.id)).all():
        roll.mark(cleaning, colleague, sign_up_id=sign_up.id, to=SignUpState.ATTENDED)
    settling.settle(cleaning, clerk)
