"""What a random person types: for each thing that a move asks for, something fitting, something odd or nothing."""

import datetime as dt
from collections.abc import Callable
from random import Random

from portal import clock
from portal.activities.models import Activity, SignUpState
from portal.evaluations.models import Grade, Handling, Use
from portal.exemplars.models import Lead
from portal.extensions import db
from portal.feedback.models import ContactHow
from portal.households.kinds import CloseKind, ConsentBy
from portal.households.models import Household
from portal.labels import Category
from portal.pairings.models import PairingItem
from portal.people.models import Community, Grid, Member, Supervisor
from portal.posts.models import Post
from portal.publicity.models import Medium
from portal.registrations.models import EndKind, ReportMode
from portal.remarks.models import Finding
from portal.teams.models import Team
from portal.wishes.models import Wish

NOBODY = 999_999
REASONS = ("情况属实，经核对", "联系不上本人", "老人另有安排", "")
WORDS = ("都办好了，老人很满意", "配件是我带去的", "楼道里的也一起修了", "", "电话13891701001找陈桂英")
DETAILS = (*["厨房水龙头漏水，请会修的师傅看看。"] * 5, "请打13891701001找陈桂英")
STARTS = (dt.time(19), dt.time(19, 30), dt.time(8), None)


def any_of(chance: Random, model, *others) -> int | None:
    """The id of a row that is there, seldom of one that is not."""
    known = list(db.session.scalars(db.select(model.id).order_by(model.id)))
    return chance.choice([*known, *known, NOBODY, *others])


def some_members(chance: Random) -> list[int]:
    """One or two members of the whole county: a form may be sent with anybody in it."""
    known = list(db.session.scalars(db.select(Member.id).order_by(Member.id)))
    return chance.sample(known, chance.randint(1, 2))


def hours(chance: Random) -> int:
    """Half hours of one evening, seldom none or of a whole day."""
    return chance.choice([1, 2, 2, 3, 4, 6, 0, 17])


def day(chance: Random, before: int, after: int) -> dt.date:
    """Today, or a day around it."""
    return clock.today() + dt.timedelta(days=chance.choice([0, chance.randint(-before, after)]))


def half_hours(row, chance: Random) -> int | dict[int, int]:
    """The half hours of each helper of a wish, or of one who came to an activity."""
    return hours(chance) if isinstance(row, Activity) else {claim.id: hours(chance) for claim in row.open_claims}


# By the name of what a move asks for; a move that asks for something new fails the test until it stands here.
ASKED: dict[str, Callable] = {
    "about": lambda row, chance: chance.choice(["商量服务日", "商量走访", "请打13891701001"]),
    "adopted": lambda row, chance: chance.random() < 0.6,
    "advice": lambda row, chance: "",
    "address": lambda row, chance: chance.choice(["", "西关街8号"]),
    "answer": lambda row, chance: "经核对，以签到表为准",
    "consent_by": lambda row, chance: chance.choice([*ConsentBy, None]),
    "consent_on": lambda row, chance: day(chance, 5, 1),
    "consent_taken_by": lambda row, chance: "王秀兰",
    "appearance_id": lambda row, chance: chance.choice([each.id for each in row.appearances] + [NOBODY]),
    "category": lambda row, chance: chance.choice(list(Category)),
    "community_id": lambda row, chance: any_of(chance, Community),
    "day": lambda row, chance: day(chance, 3, 1),
    "deeds": lambda row, chance: chance.choice([*["坚持调解邻里纠纷。"] * 4, "请打13891701001。"]),
    "detail": lambda row, chance: chance.choice(DETAILS),
    "due_on": lambda row, chance: day(chance, 1, 40),
    "due": lambda row, chance: day(chance, 1, 10),
    "forwarded_to_id": lambda row, chance: any_of(chance, Supervisor),
    "figures": lambda row, chance: "{}",
    "files": lambda row, chance: (),
    "finding": lambda row, chance: chance.choice([*Finding, None]),
    "fix_by": lambda row, chance: day(chance, 2, 30),
    "grade_id": lambda row, chance: any_of(chance, Grade),
    "grid_id": lambda row, chance: any_of(chance, Grid, None),
    "guardian": lambda row, chance: chance.choice(["", "陈小军"]),
    "guardian_consent": lambda row, chance: chance.random() < 0.8,
    "handling": lambda row, chance: chance.choice(list(Handling)),
    "held": lambda row, chance: chance.choice([0, 1, 2, 9, None]),
    "held_until": lambda row, chance: chance.choice([day(chance, 2, 10), None]),
    "ends": lambda row, chance: dt.time(21),
    "half_hours": lambda row, chance: half_hours(row, chance),
    "helpers_needed": lambda row, chance: chance.randint(1, 3),
    "how": lambda row, chance: chance.choice(list(ContactHow)),
    "into_id": lambda row, chance: any_of(chance, Wish),
    "item_id": lambda row, chance: any_of(chance, PairingItem),
    "kind": lambda row, chance: chance.choice([*CloseKind] if isinstance(row, Household) else [*EndKind, None]),
    "leader_id": lambda row, chance: any_of(chance, Member, None),
    "leads": lambda row, chance: chance.sample(list(Lead), chance.randint(0, 3)),
    "line": lambda row, chance: None,  # to undo what was last done, whatever the page showed
    "medium": lambda row, chance: chance.choice(list(Medium)),
    "member_id": lambda row, chance: any_of(chance, Member),
    "mode": lambda row, chance: chance.choice([*ReportMode, None]),
    "name": lambda row, chance: "社区南门宣传栏",
    "note": lambda row, chance: "",
    "on_wall": lambda row, chance: chance.random() < 0.8,
    "organisation": lambda row, chance: "县自来水公司",
    "outcome": lambda row, chance: chance.choice(WORDS) or "以后提前一天通知",
    "performance": lambda row, chance: chance.choice(["常年参加巡逻", ""]),
    "people": lambda row, chance: some_members(chance),
    "people_hours": lambda row, chance: {p.id: hours(chance) for claim in row.open_claims for p in claim.people},
    "photos": lambda row, chance: (),
    "post_id": lambda row, chance: any_of(chance, Post, None, None, None, None),
    "present": lambda row, chance: "社区书记、联络员",
    "rating": lambda row, chance: chance.choice([None, 1, 5]),
    "remark": lambda row, chance: chance.choice(["", "请继续支持。", "请打13891701001。"]),
    "remove": lambda row, chance: (),
    "reply": lambda row, chance: "那天临时加班，已登门说明",
    "result": lambda row, chance: "辅导了三十位老人",
    "self_assessment": lambda row, chance: "参加了全年的活动",
    "since": lambda row, chance: chance.choice([None, day(chance, 30, 1)]),
    "rest_absent": lambda row, chance: chance.random() < 0.7,
    "sign_up_by": lambda row, chance: None,
    "sign_up_id": lambda row, chance: chance.choice([each.id for each in row.sign_ups] + [NOBODY]),
    "snapshot_id": lambda row, chance: NOBODY,  # see a_handing_in: what is frozen is counted first
    "starts": lambda row, chance: dt.time(19) if isinstance(row, Activity) else chance.choice(STARTS),
    "task": lambda row, chance: "更换楼道立管",
    "team_id": lambda row, chance: any_of(chance, Team, None, None),
    "to": lambda row, chance: chance.choice(list(SignUpState)[:1] + list(SignUpState)[2:]),
    "thanks": lambda row, chance: chance.choice([None, "谢谢"]),
    "told": lambda row, chance: chance.random() < 0.5,
    "title": lambda row, chance: "修一修漏水的水龙头",
    "until": lambda row, chance: clock.now(),  # asked by time only
    "uses": lambda row, chance: chance.sample(list(Use), chance.randint(0, 3)),
    "what": lambda row, chance: chance.choice(["手机使用辅导", "周末开放篮球场"]),
    "wish_id": lambda row, chance: any_of(chance, Wish),
    "wishes": lambda row, chance: [any_of(chance, Wish), any_of(chance, Wish)],
    "words": lambda row, chance: chance.choice(WORDS),
}


def answers_to(move, row, chance: Random) -> dict:
    """Everything that this move asks for, and a reason where it wants one."""
    typed = {name: ASKED[name](row, chance) for name in move.asks if name != "reason"}
    return typed | ({"reason": chance.choice(REASONS)} if move.reason else {})
