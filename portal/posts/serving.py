"""Service on a post (值岗): the holder, or a clerk for several, says what was done; a second person confirms it.

What the post knows (category, place, title) is not typed again.  [二(一)1] [二(二)4]
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.posts.models import Post, PostClaim
from portal.posts.workflow import works_for
from portal.records import checks, queries
from portal.records.models import Evidence, RecordState, ServiceRecord, Source
from portal.records.workflow import Service, record_service


@dataclass(frozen=True)
class Done:
    """What was done on a day: so many half hours, since when, in words where they say more than the post."""

    day: dt.date
    half_hours: int
    starts: dt.time | None = None
    what: str = ""
    for_whom: str = ""
    note: str = ""


def may_enter(post: Post, by: Actor) -> bool:
    """Whether this person writes services on the post down for those who hold it."""
    return works_for(post.community_id, by)


def claims_for(post: Post, member_id: int | None) -> list[PostClaim]:
    """The times on the post for which this member may still write services down: now, and those that ended."""
    return [claim for claim in post.claims if member_id is not None and claim.member_id == member_id]


def claim_on(post: Post, member_id: int, day: dt.date) -> PostClaim:
    """The claim by which a member was on duty on a day. Raises RuleBroken when there is none."""
    for claim in claims_for(post, member_id):
        if claim.since <= day and (claim.until is None or day <= claim.until):
            return claim
    raise RuleBroken(f"{day:%-m月%-d日}不在这个岗位的在岗时间内，请核对日期。")


def serve(post: Post, member_id: int, by: Actor, done: Done) -> ServiceRecord:
    """A member, or a clerk for them, writes down a duty done; the record waits for a second person.  [二(二)4]

    Raises NotYours, RuleBroken.
    """
    own = by.is_in(Role.MEMBER) and by.is_self(member_id)
    if not own and (not may_enter(post, by) or by.is_self(member_id)):
        raise NotYours("值岗由在岗的党员本人登记，或由本社区专干登记（专干本人的以党员身份登记）。")
    claim = claim_on(post, member_id, done.day)
    # Of two who write the same duty down at once the second waits here, and reads of the first one's.
    db.session.execute(select(PostClaim.id).where(PostClaim.id == claim.id).with_for_update())
    _check_not_twice(claim, done)
    service = Service(
        member=claim.member, place=post.community, day=done.day, starts=done.starts, half_hours=done.half_hours,
        category=post.category, what=done.what or f"{post.title}（{post.place}）", for_whom=done.for_whom or None,
        source=Source.POST, source_id=claim.id, source_number=post.number, note=done.note or None,
    )  # fmt: skip
    return record_service(service, by, Evidence.ORGANISER)


def _check_not_twice(claim: PostClaim, done: Done) -> None:
    """One duty is written down once, whoever does it; two of one day differ by their times."""
    for record in queries.of_source(Source.POST, claim.id):
        if record.day != done.day:
            continue
        apart = record.starts is not None and done.starts is not None
        if apart and not checks.overlap(record.starts, record.half_hours, done.starts, done.half_hours):
            continue
        at = f"{record.starts:%H:%M} 起" if record.starts else ""
        raise RuleBroken(
            f"{claim.member.name}{done.day:%-m月%-d日}的值岗已登记过（{at}{record.half_hours / 2:g} 小时，"
            f"{record.recorded_by}登记）；同一天另有一次的，两次都要写开始时间。"
        )


def services_of(post: Post, by: Actor, year: int) -> Select:
    """The services on the post in a year that this person may read."""
    claims = select(PostClaim.id).where(PostClaim.post_id == post.id)
    of_year = ServiceRecord.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31))
    rows = queries.visible_to(by).where(ServiceRecord.source == Source.POST, ServiceRecord.source_id.in_(claims))
    return rows.where(of_year)


@dataclass(frozen=True)
class YearOf:
    """What somebody did on a post in a year: confirmed times and half hours, and how many wait to be confirmed."""

    times: int = 0
    half_hours: int = 0
    pending: int = 0


def year_of_each(post: Post, by: Actor, year: int) -> dict[int, YearOf]:
    """What each who holds or held the post did in a year, as far as this person may read it, by the member's id."""
    counts = (ServiceRecord.state == RecordState.CONFIRMED) & (ServiceRecord.half_hours >= 1)
    rows = services_of(post, by, year).where(or_(counts, ServiceRecord.state == RecordState.PENDING))
    parts = rows.with_only_columns(
        ServiceRecord.member_id, ServiceRecord.state, func.count(), func.sum(ServiceRecord.half_hours)
    )
    found: dict[int, dict] = {}
    for member_id, state, times, half_hours in db.session.execute(
        parts.group_by(ServiceRecord.member_id, ServiceRecord.state)
    ):
        confirmed = state is RecordState.CONFIRMED
        part = {"times": times, "half_hours": half_hours} if confirmed else {"pending": times}
        found.setdefault(member_id, {}).update(part)
    return {member_id: YearOf(**parts) for member_id, parts in found.items()}
