"""What stands in each cell of the 写实登记卡: a member's confirmed services of one year, and their sums."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.actors import Actor
from portal.duties.facts import Minimum
from portal.extensions import db
from portal.filters import day, hours
from portal.papers import queries
from portal.papers.catalogue import OfYear, paper
from portal.papers.record_lines import line_of
from portal.posts.models import Post, PostClaim
from portal.records.models import RecordState, ServiceRecord
from portal.records.queries import LIVE
from portal.registrations.models import Registration
from portal.scheme import queries as scheme
from portal.scheme.models import SchemeYear
from portal.teams.models import Team, TeamMember

KIND = "record-card"


@dataclass(frozen=True, kw_only=True)
class RecordsOfYear(OfYear):
    """A registration, and what its member did in one year: the services that stand, teams and posts."""

    row: Registration
    records: list[ServiceRecord]
    teams: str
    posts: str
    minimum: SchemeYear


def gather(registrations: Sequence[Registration], year: int, _by: Actor) -> list[RecordsOfYear]:
    """The cards of one year of these registrations, in their order; as many queries for fifty as for one."""
    members = [row.member_id for row in registrations]
    issued = queries.issued_of_year(KIND, year, [row.id for row in registrations])
    records, minimum = _records(members, year), scheme.year_of(dt.date(year, 1, 1))
    teams, posts = _teams(members, year), _posts(members, year)
    return [
        RecordsOfYear(
            row=row,
            year=year,
            issued=issued[row.id][0],
            replaced=issued[row.id][1],
            records=records[row.member_id],
            teams="、".join(teams.get((row.member_id, row.community_id), ())),
            posts="、".join(posts.get(row.member_id, ())),
            minimum=minimum,
        )
        for row in registrations
    ]


@paper("3", "在职党员进社区情况写实登记卡", kind=KIND, who=queries.record_cards_seen_by, gather=gather)
def record_card(card: RecordsOfYear, full: bool) -> dict:
    """The year's services of one member, written down by the community from the records.  [附件3] [二(二)4]

    Only what a second person has confirmed is listed and counted, since the sheet is sealed as it is; how many still
    wait for one is said below, so that nobody thinks them lost.
    """
    registration, issued = card.row, card.issued
    counted = [record for record in card.records if record.state is RecordState.CONFIRMED]
    waiting = [record for record in card.records if record.state is RecordState.PENDING]
    times = sum(record.half_hours >= 1 for record in counted)
    half_hours = sum(record.half_hours for record in counted)
    least = Minimum(card.minimum.least_services, card.minimum.least_half_hours)
    reached = least.is_met(times, half_hours)
    until = day(min(clock.today(), dt.date(card.year, 12, 31)))
    return {
        "issuer": registration.community.name,
        "certificate_number": registration.certificate_number,
        "filed_as": f"{card.year}年 {registration.certificate_number}",
        "unproved": f"本件截至{until}，年度结账时编号，并附校验码",
        "year": f"{card.year}年",
        "replaces": card.replaces,
        "until": None if issued else f"截至{until}",
        "name": registration.member.name,
        "unit": registration.unit.name,
        "community": registration.community.name,
        "team": card.teams,
        "posts": card.posts,
        "services": [line_of(record, registration) for record in counted],
        "times": f"{times}次",
        "hours": f"{hours(half_hours)}小时",
        "least": least.words,
        "reached": [("是", reached), ("否", not reached)],
        "waiting": _waiting(waiting),
        "sealed_on": day(issued.issued_at) if issued else until,
    }


def _records(members: list[int], year: int) -> dict[int, list[ServiceRecord]]:
    """The services of a year that stand, by member, in the order in which they were done."""
    rows = (
        select(ServiceRecord)
        .where(
            ServiceRecord.member_id.in_(members),
            ServiceRecord.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
            ServiceRecord.state.in_(LIVE),
        )
        .order_by(ServiceRecord.day, ServiceRecord.starts, ServiceRecord.id)
        .options(joinedload(ServiceRecord.place))
    )
    found = defaultdict(list)
    for record in db.session.scalars(rows):
        found[record.member_id].append(record)
    return found


def _teams(member_ids: list[int], year: int) -> dict[tuple[int, int], list[str]]:
    """By member and community, the names of the teams to which the member belonged in a year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    rows = (
        select(TeamMember.member_id, Team.community_id, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(TeamMember.member_id.in_(member_ids), TeamMember.since <= last)
        .where(or_(TeamMember.until.is_(None), TeamMember.until >= first))
        .order_by(TeamMember.since, TeamMember.id)
    )
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for member_id, community_id, name in db.session.execute(rows):
        if name not in found[member_id, community_id]:
            found[member_id, community_id].append(name)
    return found


def _posts(member_ids: list[int], year: int) -> dict[int, list[str]]:
    """By member, the titles of the posts held at some time in a year, the earliest first."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    rows = (
        select(PostClaim.member_id, Post.title)
        .join(Post, Post.id == PostClaim.post_id)
        .where(PostClaim.member_id.in_(member_ids), PostClaim.since <= last)
        .where(or_(PostClaim.until.is_(None), PostClaim.until >= first))
        .order_by(PostClaim.since, PostClaim.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for member_id, title in db.session.execute(rows):
        if title not in found[member_id]:
            found[member_id].append(title)
    return found


def _waiting(records: list[ServiceRecord]) -> str | None:
    if not records:
        return None
    spent = hours(sum(record.half_hours for record in records))
    return f"另有{len(records)}次（{spent}小时）已登记、待第二人确认，未列入，也未计入合计。"
