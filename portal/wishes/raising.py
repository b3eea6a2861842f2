"""The moves of a wish between the levels 网格, 社区, 镇, 县: 小事不出格、大事不出网.  [二(二)2]"""

import datetime as dt

from portal import clock, wording
from portal.errors import RuleBroken
from portal.wishes import concerned, ladder, places, rights
from portal.wishes.models import Wish, WishState
from portal.wishes.workflow import flow

S = WishState


@flow.move("交由单位办理", start=S.PUBLISHED, end=S.CLAIMED, who=rights.holder,
           tells=concerned.of_raisers_and_invited, done="已交办，办好以后请登记。", undo=True)  # fmt: skip
def solve(wish: Wish, by, organisation: str, task: str, due: dt.date):
    """The town or the county charges an organisation: which, with what, and by when.  [二(二)2]"""
    if due < clock.today():
        raise RuleBroken("办好的日期不能早于今天。")
    if found := wording.problems(task, wish.name or ""):
        raise RuleBroken("".join(found))
    wish.claimed_at, wish.finish_by = clock.now(), due
    places.charge(wish, organisation, task)


@flow.move("上报一级", start=(S.SUBMITTED, S.PUBLISHED), end=(S.SUBMITTED, S.PUBLISHED),
           who=rights.handler | rights.system, reason=True, when=lambda wish, by: ladder.climbs(wish),
           done="已上报，由上一级接着办。", undo=True)  # fmt: skip
def escalate(wish: Wish, by, reason):
    """Whoever handles a wish, or time, raises it by one level: 网格 → 社区 → 镇 → 县.  [二(二)2]"""
    up = ladder.above(wish.level)
    if up is None:
        raise RuleBroken("县里已是最高一级，请交由单位办理、退回或书面答复。")
    if not ladder.climbs(wish):
        raise RuleBroken("请先审核发布（不便公开的可以不上墙），再上报到镇里。")
    wish.level, wish.level_at = up, clock.now()
    return wish.state


@flow.move("退回下一级", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.holder, reason=True,
           tells=concerned.of_raisers, done="已退回。", undo=True)  # fmt: skip
def hand_back(wish: Wish, by, reason):
    """The town or the county hands a wish back by one level, saying why; its days begin anew.  [二(二)2]"""
    wish.level, wish.level_at = ladder.below(wish.level), clock.now()
