"""What a wish done writes into its helpers' service records.  [二(二)4]"""

import datetime as dt

from portal import clock
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.records import checks
from portal.records.models import Evidence, Source
from portal.records.workflow import Service, record_service
from portal.scheme import queries as scheme
from portal.wishes.models import Claim, Wish


def check(wish: Wish, day: dt.date, starts: dt.time, half_hours: int, words: str) -> None:
    """Raise RuleBroken when a service can't have been like this; `half_hours` is the longest of the helpers'."""
    if not clock.local(wish.claimed_at).date() <= day <= clock.today():
        raise RuleBroken("服务日期应在认领之日与今天之间。")
    if half_hours < 1:
        raise RuleBroken("请至少为一位参加者填写服务时长。")
    why = checks.asks_for_note(day, starts, half_hours, 0, scheme.calendar(day.year, day.year))
    if why and not words:
        raise RuleBroken(why.replace("备注", "办理情况"))


def write(wish: Wish, evidence: Evidence, second: Actor | None) -> None:
    """Write a record for each helper who took part; without a second person it waits for one."""
    for helper in wish.helpers:
        if helper.half_hours:
            record_service(_service(wish, helper), _leader(wish), evidence, confirmed_by=second)


def _service(wish: Wish, helper: Claim) -> Service:
    return Service(
        member=helper.member,
        place=wish.community,
        day=wish.done_on,
        starts=wish.done_from,
        half_hours=helper.half_hours,
        category=wish.category,
        what=wish.title,
        for_whom=wish.shown_name,
        source=Source.WISH,
        source_id=wish.id,
        source_number=wish.number,
        entered_on=clock.local(wish.done_at).date(),
    )


def _leader(wish: Wish) -> Actor:
    """The one who recorded it: the facts were entered when the leader reported the wish done."""
    member = next(helper.member for helper in wish.helpers if helper.leads)
    return Actor(
        role=Role.MEMBER, name=member.name, office=member.unit.name, user_id=wish.done_by_user_id,
        unit_id=member.unit_id, member_id=member.id, self_member_id=member.id,
    )  # fmt: skip
