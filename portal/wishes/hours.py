"""What a wish done writes into its helpers' service records.  [二(二)4]"""

import datetime as dt
from collections.abc import Mapping

from portal import clock, years
from portal.accounts.models import User
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.people.models import Member
from portal.records import checks
from portal.records.models import Evidence, Source
from portal.records.workflow import Service, record_service
from portal.scheme import queries as scheme
from portal.wishes.models import Claim, Wish


def note(wish: Wish, half_hours: Mapping[int, int], people_hours: Mapping[int, int]) -> None:
    """Keep the half hours by claim id, and those of the people of units by their ids; 0 = took no part."""
    for claim in wish.open_claims:
        claim.half_hours = half_hours.get(claim.id) or None
        for person in claim.people:
            person.half_hours = people_hours.get(person.id) or None


def check(wish: Wish, day: dt.date, starts: dt.time | None, words: str) -> None:
    """Raise RuleBroken when a service can't have been like this; the hours have been noted."""
    if not clock.local(wish.claimed_at).date() <= day <= clock.today():
        raise RuleBroken("服务日期应在认领之日与今天之间。")
    years.check(day.year)
    spent = [half_hours for claim in wish.open_claims for _, half_hours in shares(claim)]
    if not spent:  # an organisation's work gives nobody hours
        if not words:
            raise RuleBroken("请写明办理情况，居民会看到。")
        return
    longest = max(half_hours or 0 for half_hours in spent)
    if longest < 1:
        raise RuleBroken("请至少为一位参加者填写服务时长。")
    why = checks.asks_for_note(day, starts, longest, 0, scheme.calendar_around(day.year))
    if why and not words:
        raise RuleBroken(why.replace("备注", "办理情况"))


def shares(claim: Claim) -> list[tuple[Member, int | None]]:
    """The members behind a helper's place, and the half hours of each."""
    own = [(claim.member, claim.half_hours)] if claim.member else []
    return [*own, *((person.member, person.half_hours) for person in claim.people)]


def write(wish: Wish, evidence: Evidence, second: Actor | None) -> None:
    """Write a record for each member who took part; without a second person it waits for one."""
    for member, half_hours in [share for claim in wish.helpers for share in shares(claim)]:
        if half_hours:
            record_service(_service(wish, member, half_hours), _reporter(wish), evidence, confirmed_by=second)


def _service(wish: Wish, member: Member, half_hours: int) -> Service:
    return Service(
        member=member,
        place=wish.community,
        day=wish.done_on,
        starts=wish.done_from,
        half_hours=half_hours,
        category=wish.category,
        what=wish.title,
        for_whom=wish.shown_name,
        source=Source.WISH,
        source_id=wish.id,
        source_number=wish.number,
        entered_on=clock.local(wish.done_at).date(),
    )


def _reporter(wish: Wish) -> Actor:
    """The one who recorded it: the facts were entered when the leader reported the wish done."""
    leading = wish.leading
    if leading and (member := leading.member):
        return Actor(
            role=Role.MEMBER, name=member.name, office=member.unit.name, user_id=wish.done_by_user_id,
            unit_id=member.unit_id, member_id=member.id, self_member_id=member.id,
        )  # fmt: skip
    user = db.session.get(User, wish.done_by_user_id) if wish.done_by_user_id else None
    name, office = user.name if user else "", leading.name if leading else ""
    if leading and leading.team_id:
        member_id = user.member_id if user else None
        return Actor(role=Role.MEMBER, name=name, office=office, user_id=wish.done_by_user_id, member_id=member_id,
                     self_member_id=member_id)  # fmt: skip
    role = Role.LIAISON if leading and leading.unit_id else Role.TOWN
    return Actor(role=role, name=name, office=office, user_id=wish.done_by_user_id,
                 unit_id=leading.unit_id if leading else None)  # fmt: skip
