"""Invitations of the demonstration, one of each end: made, answered and ended by the life cycle itself."""

import datetime as dt

from portal.actors import SYSTEM, Actor
from portal.demo.county import County
from portal.demo.moving import login
from portal.extensions import db
from portal.labels import Category
from portal.people.models import Community
from portal.wishes import candidates, proposing, submitting, workflow
from portal.wishes.models import Wish, WishSource

TOLD = (
    ("厨房的灯泡坏了够不着", Category.CONVENIENCE, "厨房灯泡坏了，个子矮够不着，想请人换一下。"),
    ("想学用手机和外地的孩子视频", Category.CONVENIENCE, "孩子在外地，想学用手机视频，教会一次就行。"),
    ("孩子的英语作业没人辅导", Category.POVERTY, "孩子上初一，英语作业家里没人会，想请人每周辅导一次。"),
    ("想请人写一副寿联", Category.CULTURE, "老伴八十大寿，想请会书法的同志写一副寿联。"),
    ("行动不便，想请人上门理发", Category.CONVENIENCE, "腿脚不便下不了楼，想请会理发的同志上门。"),
    ("血压仪不会看，想请人教一教", Category.MEDICAL, "买了血压仪看不懂，想请懂的同志教一教。"),
)
DELICATE = ("想找人说说话", Category.MEDICAL, "家里出了些事，心里难受，想找懂心理疏导的同志说说话。")
LONG_AGO = dt.timedelta(days=3)


def settle(county: County) -> None:
    """A clerk of the first community asks members to take on seven wishes."""
    clerk = login(county, "community1")
    waits, taken, declined, lapsed, recalled, other = (_published(clerk, *told) for told in TOLD)
    hidden = _published(clerk, *DELICATE, on_wall=False)
    for wish in (waits, hidden):
        _invite(wish, clerk, _helper(county, wish, clerk))
    proposing.accept(taken, _invite(taken, clerk, _helper(county, taken, clerk)))
    proposing.decline(
        declined, _invite(declined, clerk, _helper(county, declined, clerk)), words="这两周出差，来不及。"
    )
    _let_lapse(lapsed, clerk)
    invited = proposing.latest_for(recalled, _invite(recalled, clerk, _helper(county, recalled, clerk)))
    proposing.recall(recalled, clerk, people=[invited.member_id])
    proposing.propose(other, clerk, people=[candidates.who_may_be_asked(other, clerk)[0].id])


def _published(clerk: Actor, title: str, category: Category, told: str, on_wall: bool = True) -> Wish:
    """A wish told on the telephone today, and reviewed."""
    community = db.session.get(Community, clerk.community_id)
    asked = submitting.Asked(detail=told, name="郑玉珍", phone="0917-7216600", community=community)
    wish = submitting.submit(asked, clerk, WishSource.CALL, f"demonstration {title}")
    workflow.publish(wish, clerk, title=title, category=category, detail=told, grid_id=None, helpers_needed=1,
                     on_wall=on_wall)  # fmt: skip
    return wish


def _invite(wish: Wish, clerk: Actor, member: Actor) -> Actor:
    proposing.propose(wish, clerk, people=[member.member_id])
    return member


def _helper(county: County, wish: Wish, clerk: Actor) -> Actor:
    """The first member with a login who may be asked."""
    may_be_asked = {one.id for one in candidates.who_may_be_asked(wish, clerk)}
    logins = (login(county, name) for name in county.users if name.startswith("member"))
    return next(member for member in logins if member.member_id in may_be_asked)


def _let_lapse(wish: Wish, clerk: Actor) -> None:
    proposing.propose(wish, clerk, people=[candidates.who_may_be_asked(wish, clerk)[0].id])
    invitation = wish.invitations[0]
    invitation.at, invitation.until = invitation.at - LONG_AGO, invitation.until - LONG_AGO
    proposing.expire(wish, SYSTEM, until=invitation.until)
