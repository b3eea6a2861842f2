"""Which imports one may see, what stands in them, and what a new roster is compared with."""

import json
from itertools import islice

from sqlalchemy import Select, and_, false, func, select, true
from sqlalchemy.orm import aliased, joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community, Estate, Member, MemberStatus, Supervisor, Unit
from portal.rosters.comparing import Known
from portal.rosters.homes import Homes
from portal.rosters.models import KEPT, ImportRow, ImportState, RosterImport, RowResult, staged_members

PAGE = 100
_AT_ONCE = 500  # values in one IN


def visible_to(by: Actor) -> Select:
    """The imports that this person may see: the liaison of their own unit, the county of all; none half read in."""
    scope = {Role.LIAISON: RosterImport.unit_id == by.unit_id, Role.COUNTY: true()}.get(by.role, false())
    seen = RosterImport.state != ImportState.STAGING
    return select(RosterImport).where(scope, seen).options(joinedload(RosterImport.unit))


def unit_of_code(code: str) -> Unit | None:
    """The unit of this code."""
    return db.session.scalar(select(Unit).where(Unit.code == code))


def known_members(unit_id: int) -> Known:
    """The members of a unit, those who left included, outside the session."""
    columns = [Member.__table__.c[name] for name in ("id", "grid_id", *KEPT)]
    on_roster = (Member.unit_id == unit_id, Member.status != MemberStatus.MERGED)
    rows = db.session.execute(select(*columns).where(*on_roster))
    return Known(Member(**row) for row in rows.mappings())


def known_homes() -> Homes:
    """The county's communities with their towns and estates."""
    homes, estates = Homes(), {}
    for community_id, estate in db.session.execute(select(Estate.community_id, Estate.name)):
        estates.setdefault(community_id, []).append(estate)
    towns = select(Community.id, Community.name, Supervisor.name).join(Community.town).order_by(Community.id)
    for community_id, name, town in db.session.execute(towns):
        homes.add(community_id, name, town, estates.get(community_id, []))
    return homes


def on_other_rosters(unit_id: int, identities: list[str]) -> dict[str, tuple[int, str]]:
    """{identity index: (member, on whose roster)} for people whom another unit names, or named until they left.

    Who was merged into another row, of whatever unit, is found as the one that stands.
    """
    stands = aliased(Member)
    found: dict[str, tuple[int, str]] = {}
    left = iter(identities)
    while some := list(islice(left, _AT_ONCE)):
        rows = (
            select(Member.identity_index, stands.id, Unit.name, stands.status)
            .join(stands, stands.id == func.coalesce(Member.merged_into_id, Member.id))
            .join(stands.unit)
            .where(Member.identity_index.in_(some), stands.unit_id != unit_id)
            .order_by(stands.status.desc(), Member.merged_into_id.is_(None))  # last what is said: `active`, itself
        )
        for identity, member_id, unit, status in db.session.execute(rows):
            there = "已在" if status == MemberStatus.ACTIVE else "已离册，原在"
            found[identity] = (member_id, f"{there}{unit}名册。")
    return found


def rows_of(roster: RosterImport, result: RowResult, after: int = 0, limit: int = PAGE) -> list[dict]:
    """A page of one kind of rows: where they stand, who it is, and the words about them."""
    staged = and_(
        staged_members.c.roster_id == ImportRow.roster_id,
        staged_members.c.position == ImportRow.position,
        ~staged_members.c.before,
    )
    rows = (
        select(ImportRow, staged_members, Member.name.label("known"), Community.name.label("home"))
        .outerjoin(staged_members, staged)
        .outerjoin(Member, Member.id == ImportRow.member_id)
        .outerjoin(Community, Community.id == staged_members.c.community_id)
        .where(ImportRow.roster_id == roster.id, ImportRow.result == result, ImportRow.position > after)
        .order_by(ImportRow.position)
        .limit(limit)
    )
    return [_row(row) for row in db.session.execute(rows)]


def _row(found) -> dict:
    row = found.ImportRow
    words = {"name": "", "problems": [], "changes": [], "note": ""} | json.loads(row.words or "{}")
    return words | {
        "position": row.position, "sheet": row.sheet, "line": row.line,
        "member_id": row.member_id, "name": words["name"] or found.name or found.known, "born": found.born,
        "home": found.home, "post": found.post, "sex": found.sex,
    }  # fmt: skip


def elsewhere_in(roster: RosterImport) -> list[Member]:
    """The members of other units whom this import names."""
    named = (ImportRow.roster_id == roster.id, ImportRow.result == RowResult.ELSEWHERE)
    rows = select(Member).join(ImportRow, ImportRow.member_id == Member.id).where(*named)
    return list(db.session.scalars(rows.order_by(ImportRow.position)))


def missing_from(roster: RosterImport) -> list[Member]:
    """The members on the unit's roster whom the file does not name, by name; nobody removes them for that."""
    named = select(ImportRow.member_id).where(ImportRow.roster_id == roster.id, ImportRow.member_id.is_not(None))
    members = select(Member).where(
        Member.unit_id == roster.unit_id, Member.status == MemberStatus.ACTIVE, Member.id.not_in(named)
    )
    return list(db.session.scalars(members.order_by(Member.pinyin)))


def file_of(roster: RosterImport) -> bytes | None:
    """The sealed file of an import, if it is still kept."""
    return db.session.scalar(select(RosterImport.file_sealed).where(RosterImport.id == roster.id))


def waiting(unit_id: int | None) -> Select:
    """The imports of a unit that wait for the liaison's word."""
    return select(RosterImport).where(RosterImport.unit_id == unit_id, RosterImport.state == ImportState.PREVIEWED)
