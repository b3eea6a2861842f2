"""Residents' remarks of the demonstration, in every state, as the moves themselves write them."""

import datetime as dt

from sqlalchemy import select

from portal import clock
from portal.accounts import acting, queries
from portal.accounts.models import User
from portal.actors import Actor, Role
from portal.demo.county import County
from portal.extensions import db
from portal.people.models import Community
from portal.remarks import workflow
from portal.remarks.models import Finding, RemarkKind, RemarkSource
from portal.remarks.workflow import Told

PRAISE, CONCERN = RemarkKind.PRAISE, RemarkKind.CONCERN
SAID = (
    (PRAISE, "上门教了三次手机挂号，一点也不嫌烦。", "教手机的年轻党员"),
    (CONCERN, "说好周六来清楼道，等到天黑也没有人来。", "清楼道的党员"),
    (CONCERN, "修好的水龙头第二天又漏了，想请再看看。", "修水管的党员"),
    (CONCERN, "服务日的通知贴得太晚，好多老人不知道。", ""),
    (CONCERN, "楼上党员家里办喜事太吵。", "楼上的"),
    (PRAISE, "楼道每周有人扫，走路不怕滑了。", "扫楼道的志愿者"),
    (CONCERN, "讲政策讲得太快，老人听不清。", "宣讲的党员"),
)
REPLY = "那天临时加班，没有及时打电话，已经登门说明并约好时间。"


def settle(county: County) -> None:
    """Seven remarks to the first community: one of each state, and two that nobody has handled yet."""
    place, clerk = db.session.get_one(Community, county.places[0].id), _by("community1", Role.CLERK)
    member = _by("member1", Role.MEMBER)
    rows = [
        workflow.submit(Told(kind, place, said, about, "陈桂英", f"1399123{n:04}"), clerk, RemarkSource.SPOKEN)
        for n, (kind, said, about) in enumerate(SAID, 4567)
    ]
    thanked, put, answered, general, private, *_ = rows
    workflow.thank(thanked, clerk, member_id=member.member_id, words=SAID[0][1])
    for row, (_, said, _about) in ((put, SAID[1]), (answered, SAID[2])):
        workflow.put(row, clerk, member_id=member.member_id, words=said)
    workflow.answer(answered, member, reply=REPLY)
    workflow.settle(general, clerk, outcome="以后服务日提前一周在各楼栋张贴，并请网格管理员上门告诉老人。")
    workflow.decline(private, clerk, outcome="与党员的服务无关，已请物业上门协调。")
    settled = workflow.submit(Told(CONCERN, place, "约好的时间改了两次。", "", "李秀英"), clerk, RemarkSource.SPOKEN)
    workflow.put(settled, clerk, member_id=member.member_id, words="约好的时间改了两次。")
    workflow.answer(settled, member, reply="两次都是值班调整，已提前一天告知。")
    workflow.settle(settled, clerk, outcome="党员已说明并道歉，时间改在周日上午。", finding=Finding.PARTLY)
    for row in rows:
        row.submitted_on = county.today - dt.timedelta(days=2)


def _by(username: str, role: Role) -> Actor:
    user = db.session.scalars(select(User).where(User.username == username)).one()
    held = queries.appointments_of(user.id, clock.today())
    return acting.actor_of(user, next(each for each in held if each.role is role))
