"""The register of one community (附件7乙): everybody who is registered there, as it goes to the county.

Its length is the community's number 已报到 in table 7; phones are masked, since it leaves the community.  [附件7]
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.filters import masked_phone
from portal.people import queries as people
from portal.people.models import Community, Member, Unit
from portal.posts.models import Post, PostClaim
from portal.registrations.models import CURRENT, InfoCard, Registration
from portal.registrations.queries import at_home, living_in_town
from portal.reports.counting_people import stood_on
from portal.reports.scopes import Period
from portal.teams.models import Team, TeamMember

HEADS = (
    ("姓名", 12), ("性别", 6), ("出生年月", 10), ("单位及职务", 32), ("居住小区", 16), ("报到日期", 12),
    ("证明信编号", 20), ("回执编号", 20), ("服务岗位", 18), ("服务队", 18), ("联系电话", 14), ("备注", 14),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One person of the register, in words."""

    name: str
    sex: str
    born: str
    unit: str
    estate: str
    reported_on: dt.date
    certificate: str
    receipt: str
    posts: str
    teams: str
    phone: str
    remarks: str

    @property
    def values(self) -> tuple[str | dt.date, ...]:
        """The cells in the order of HEADS, the day as a day."""
        return tuple(vars(self).values())

    @property
    def cells(self) -> tuple[str, ...]:
        """The same as words."""
        return tuple(str(value) for value in self.values)


def communities(by: Actor) -> Select:
    """The communities whose register this person may have: the own one, those of the leading town, all (county)."""
    rows = people.communities(by)
    leads = by.is_in(Role.CLERK, Role.COUNTY) or (by.is_in(Role.TOWN) and by.leads_county_town)
    return rows.order_by(Community.code) if leads else rows.where(Community.id == 0)


def lines(community_id: int) -> list[Line]:
    """Those registered at home in this community now, by name; three queries, however many they are."""
    return of_communities([community_id], clock.today())[community_id]


def of_communities(community_ids: list[int], day: dt.date) -> dict[int, list[Line]]:
    """By community those who stood there as registered on a day, by name; three queries, however many they are.

    By the rule of counting_people.roster, so that each is as long as its number 已报到 of that day.
    """
    unit = (Unit.name,)
    rows = (
        select(Registration)
        .join(Registration.member)
        .where(_stood(day), Registration.community_id.in_(community_ids))
        .options(
            contains_eager(Registration.member).joinedload(Member.unit).load_only(*unit),
            joinedload(Registration.unit).load_only(*unit),
            joinedload(Registration.former_unit).load_only(*unit),
            joinedload(Registration.card).load_only(InfoCard.id).joinedload(InfoCard.estate),
        )
        .order_by(Member.pinyin, Member.id)
    )  # fmt: skip
    posts, teams = _posts(community_ids, day), _teams(community_ids, day)
    found: dict[int, list[Line]] = {key: [] for key in community_ids}
    for row in db.session.scalars(rows):
        place = row.community_id
        found[place].append(_line(row, posts[place, row.member_id], teams[place, row.member_id]))
    return found


def _stood(day: dt.date) -> ColumnElement[bool]:
    R, ended = Registration, stood_on(Period(day, day)).subquery()
    still = at_home() & living_in_town() & (Member.since <= day) & (R.accepted_on <= day)
    return R.id.in_(select(ended.c.id)) | (still & R.member_id.not_in(select(ended.c.member_id)))


def _line(row: Registration, posts: list[str], teams: list[str]) -> Line:
    member, unit = row.member, row.member.unit if row.state in CURRENT else row.unit
    notes = {"领导干部": member.leading, "预备党员": member.probationary, "期初": row.opening}
    return Line(
        name=member.name,
        sex=member.sex.label,
        born=member.born[:7],
        unit=" ".join(filter(None, (unit.name, member.post))),
        estate=row.card.estate.name if row.card and row.card.estate else "",
        reported_on=row.accepted_on,
        certificate=row.certificate_number,
        receipt=row.receipt_printed_number or "",
        posts="、".join(posts),
        teams="、".join(teams),
        phone=masked_phone(member.phone) if member.phone else "",
        remarks="、".join(words for words, true in notes.items() if true),
    )


Gathered = dict[tuple[int, int], list[str]]  # by community and member


def _posts(community_ids: list[int], day: dt.date) -> Gathered:
    rows = select(Post.community_id, PostClaim.member_id, Post.title).join(Post, Post.id == PostClaim.post_id)
    rows = rows.where(_lasts(PostClaim, day), Post.community_id.in_(community_ids))
    return _gathered(rows.order_by(PostClaim.since, PostClaim.id))


def _teams(community_ids: list[int], day: dt.date) -> Gathered:
    rows = select(Team.community_id, TeamMember.member_id, Team.name).join(Team, Team.id == TeamMember.team_id)
    rows = rows.where(
        _lasts(TeamMember, day), Team.community_id.in_(community_ids), Team.ended_on.is_(None) | (Team.ended_on > day)
    )
    return _gathered(rows.order_by(TeamMember.since, TeamMember.id))


def _lasts(model: type[PostClaim | TeamMember], day: dt.date) -> ColumnElement[bool]:
    return (model.since <= day) & (model.until.is_(None) | (model.until > day))


def _gathered(rows: Select) -> Gathered:
    found: Gathered = defaultdict(list)
    for community, member, words in db.session.execute(rows):
        found[community, member].append(words)
    return found
