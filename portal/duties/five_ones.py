"""The five ones (五个一): what is done, what is missing, and the next useful step. Arithmetic on values only.

A member is asked for each of the five once a scheme year. Nobody is ranked, and nothing here is typed: the facts come
from the records (progress.py), the minimum from the scheme year, the day is an argument.

- What is done counts. What is not done is *lacking* only where it is asked: not of those registered after 30 June
  (年中报到), nor while a month is 暂缓, nor in a year of which 暂缓 leaves half or less.
- A post counts while it is held. One that ended counts too if it ended by moving house or with the post itself, or if a
  confirmed service was done on it in the year: who moves loses nothing. The year before's is held until the new
  pledge confirms or ends it.
- A household is visited month by month, by any of its supporters. Asked are the whole months of a support, as the
  household's own page counts them (households/months.py), the member's 暂缓 months out. The running month is asked only
  once it is over, December so in the year after; till then it is a hint.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from portal.duties.facts import Facts, Minimum, Supporting
from portal.labels import Labelled
from portal.pledges.models import FiveOne


class Status(Labelled):
    """How one of the five stands for a member."""

    DONE = "done", "已完成"
    LACKING = "lacking", "未完成"
    ARRANGE = "arrange", "待社区安排"
    LATER = "later", "还没到期"
    DEFERRED = "deferred", "暂缓"
    MIDYEAR = "midyear", "年中报到"


class Step(Labelled):
    """What would help next; in the order in which a member is told of it."""

    VISIT = "visit", "去走访联系对象"
    KEEP = "keep", "兑现过期的承诺"
    CLAIM = "claim", "认领一个服务岗位"
    ON_POST = "on_post", "到岗服务并登记"
    JOIN = "join", "报名一次公益活动"
    SERVE = "serve", "再参加一次服务"
    SUGGEST = "suggest", "提一条建议"


@dataclass(frozen=True)
class One:
    """One of the five: how it stands, what is missing (or done) in words, and what would help."""

    one: FiveOne
    status: Status
    words: str
    step: Step | None = None


def of(facts: Facts, minimum: Minimum, day: dt.date) -> dict[FiveOne, One]:
    """How the five ones of a member stand on a day.  [二(一)]"""
    rules = (_post(facts, minimum), _suggestion(facts), _activity(facts), _household(facts, day), _exemplar(facts))
    asked = _asked(facts, day)
    return {one.one: _of_whom(one, asked) for one in rules}


def next_step(ones: dict[FiveOne, One]) -> One | None:
    """The one of the five whose step is the most useful now; None where nothing is left to do."""
    steps = list(Step)
    open_ones = [one for one in ones.values() if one.step]
    return min(open_ones, key=lambda one: (steps.index(one.step), one.status is Status.DONE), default=None)


def _asked(facts: Facts, day: dt.date) -> Status:
    """What somebody who has not done one of them is told."""
    if facts.registered_since > dt.date(day.year, 6, 30):
        return Status.MIDYEAR
    if day.month in facts.deferred or 12 - len(facts.deferred) <= 6:
        return Status.DEFERRED
    return Status.LACKING


def _of_whom(one: One, asked: Status) -> One:
    if asked is Status.LACKING or one.status in (Status.DONE, Status.LATER):
        return one
    return One(one.one, asked, one.words, one.step)


def _post(facts: Facts, minimum: Minimum) -> One:
    """A post held, and at least 2 services or 8 hours.  [二(一)1]"""
    enough = minimum.is_met(facts.services, facts.half_hours)
    served = f"服务 {facts.services} 次、{facts.half_hours / 2:g} 小时{'' if enough else _short(facts, minimum)}"
    if not _holds(facts):
        return One(FiveOne.POST, Status.LACKING, f"还没有认领服务岗位；{served}", Step.CLAIM)
    if enough:
        return One(FiveOne.POST, Status.DONE, f"已认岗，{served}")
    return One(FiveOne.POST, Status.LACKING, f"已认岗，{served}", Step.SERVE)


def _short(facts: Facts, minimum: Minimum) -> str:
    ways = []
    if minimum.services:
        ways.append(f"{minimum.services - facts.services} 次")
    if minimum.half_hours:
        ways.append(f"{(minimum.half_hours - facts.half_hours) / 2:g} 小时")
    return f"，还差 {'或 '.join(ways)}"


def _holds(facts: Facts) -> bool:
    return any(not post.given_up or post.records for post in facts.posts)


def _suggestion(facts: Facts) -> One:
    """A suggestion, not withdrawn.  [二(一)2]"""
    if facts.suggestions:
        return One(FiveOne.SUGGESTION, Status.DONE, f"提了 {facts.suggestions} 条建议")
    return One(FiveOne.SUGGESTION, Status.LACKING, "还没有提过建议", Step.SUGGEST)


def _activity(facts: Facts) -> One:
    """An activity that does the public good, attended and confirmed.  [二(一)3]"""
    if facts.activities:
        return One(FiveOne.ACTIVITY, Status.DONE, f"参加了 {facts.activities} 次公益活动")
    return One(FiveOne.ACTIVITY, Status.LACKING, "还没有参加过公益活动", Step.JOIN)


def _household(facts: Facts, day: dt.date) -> One:
    """A household in difficulty, visited every month.  [二(一)4]"""
    asked = {m for each in facts.supports for m in each.months(day, facts.over)} - facts.deferred
    missed = sorted(month for month in asked if not any(month in each.visited for each in _during(facts, month, day)))
    visited = {month for each in facts.supports for month in each.visits(day)}
    lasts = any(each.until is None for each in facts.supports)
    waits = lasts and not facts.over and day.month not in facts.deferred and day.month not in visited
    hint, step = _this_month(facts, day) if waits else ("", None)
    if missed:
        return One(FiveOne.HOUSEHOLD, Status.LACKING, f"{'、'.join(f'{m}月' for m in missed)}没有走访{hint}", step)
    if asked or visited:
        return One(FiveOne.HOUSEHOLD, Status.DONE, f"走访了 {len(visited)} 个月{hint}", step)
    if lasts:
        words = "已结对，年内还没有满一个月" if facts.over else "已结对，本月起每月走访一次"
        return One(FiveOne.HOUSEHOLD, Status.LATER, words, step)
    return One(FiveOne.HOUSEHOLD, Status.ARRANGE, "还没有联系对象，等社区安排")


def _this_month(facts: Facts, day: dt.date) -> tuple[str, Step | None]:
    if any(day.month in each.recorded for each in facts.supports if each.until is None):
        return "；本月的走访待社区确认", None
    return "；本月还没有走访", Step.VISIT


def _during(facts: Facts, month: int, day: dt.date) -> Iterator[Supporting]:
    return (each for each in facts.supports if month in each.months(day, facts.over))


def _exemplar(facts: Facts) -> One:
    """Striving to be an exemplar: served on the post, promises kept, no wish taken back.  [二(一)5]"""
    records = sum(post.records for post in facts.posts)
    missing = [
        (not _holds(facts), "还没有认领服务岗位", Step.CLAIM),
        (_holds(facts) and not records, "在认领的岗位上还没有服务记录", Step.ON_POST),
        (facts.overdue_promises > 0, f"有 {facts.overdue_promises} 项承诺过期没有兑现", Step.KEEP),
        (facts.revoked_claims > 0, f"有 {facts.revoked_claims} 件心愿超期被收回", None),
    ]
    found = [(words, step) for lacks, words, step in missing if lacks]
    if not found:
        return One(FiveOne.EXEMPLAR, Status.DONE, "岗位上有服务，承诺没有过期")
    step = next((step for _, step in found if step), None)
    return One(FiveOne.EXEMPLAR, Status.LACKING, "；".join(words for words, _ in found), step)
