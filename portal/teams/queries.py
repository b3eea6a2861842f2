"""Which teams one may see, who belongs to them and leads them, and who could join.  [二(二)3]"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community, Grid, Member, Unit
from portal.people.queries import communities_of, in_unit_scope
from portal.teams.models import Team, TeamMember, TeamState
from portal.teams.reception import is_received

_CURRENT = TeamMember.until.is_(None)


@dataclass(frozen=True)
class Filters:
    """What a list of teams is narrowed to."""

    state: TeamState | None = None
    community_id: int | None = None
    vacant: bool = False


def visible_to(by: Actor) -> Select:
    """The teams that this person may see: of one's home and those one belongs to, of the own community or town, those
    in which members of one's units serve, all (county).
    """
    members = selectinload(Team.memberships).joinedload(TeamMember.member).joinedload(Member.unit)
    return select(Team).where(_is_seen(by)).options(joinedload(Team.community), joinedload(Team.grid), members)


def _is_seen(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.MEMBER:
            home = select(Member.community_id).where(Member.id == by.member_id)
            return or_(Team.community_id.in_(home), is_in(Team.id, by.member_id))
        case Role.CLERK | Role.GRID_WORKER:
            return Team.community_id == by.community_id
        case Role.TOWN:
            return or_(Team.community_id.in_(communities_of(by.supervisor_id)), _serves_in(by))
        case Role.COUNTY:
            return true()
        case _:
            return _serves_in(by)


def _serves_in(by: Actor) -> ColumnElement[bool]:
    """The condition that a member of this person's units belongs to a team."""
    serving = select(TeamMember.team_id).join(TeamMember.member)
    return Team.id.in_(serving.where(_CURRENT, in_unit_scope(by, Member.unit_id)))


def filtered(by: Actor, filters: Filters) -> Select:
    """The teams of a list, narrowed."""
    rows = visible_to(by)
    if filters.state:
        rows = rows.where(Team.state == filters.state)
    if filters.community_id:
        rows = rows.where(Team.community_id == filters.community_id)
    return rows.where(is_vacant()) if filters.vacant else rows


def is_vacant() -> ColumnElement[bool]:
    """The condition that nobody leads a team that still serves."""
    led = exists().where(TeamMember.team_id == Team.id, TeamMember.leads)
    return and_(Team.state == TeamState.ACTIVE, ~led)


def is_in(team_id, member_id) -> ColumnElement[bool]:
    """The condition that this member belongs to this team now; ids or columns."""
    return exists().where(TeamMember.team_id == team_id, TeamMember.member_id == member_id, _CURRENT)


def is_in_any(member_id) -> ColumnElement[bool]:
    """The condition that the member of this column belongs to some team now (已编队)."""
    return exists().where(TeamMember.member_id == member_id, _CURRENT)


def led_by(member_id: int | None) -> Select:
    """The ids of the teams that this member leads."""
    return select(TeamMember.team_id).where(TeamMember.member_id == member_id, TeamMember.leads)


def teams_led_by(member_id: int | None) -> list[Team]:
    """The teams that this member leads, by name."""
    rows = select(Team).where(Team.id.in_(led_by(member_id))).order_by(Team.name, Team.id)
    return list(db.session.scalars(rows))


def current_of(member_id: int) -> list[TeamMember]:
    """A member's memberships now, the oldest first."""
    rows = select(TeamMember).where(TeamMember.member_id == member_id, _CURRENT).order_by(TeamMember.id)
    return list(db.session.scalars(rows.options(joinedload(TeamMember.team))))


def received(member_id: int | None, community_id: int) -> bool:
    """Whether this community has received this member."""
    return bool(db.session.scalar(select(exists().where(Member.id == member_id, is_received(Member.id, community_id)))))


def receivable(community_id: int, member_ids) -> set[int]:
    """Those of these members whom the community has received."""
    rows = select(Member.id).where(Member.id.in_(member_ids), is_received(Member.id, community_id))
    return set(db.session.scalars(rows))


def to_recommend(team: Team) -> list[tuple[int, str]]:
    """Whom the community may recommend, as (id, name with unit, grid and whether in no team), by name."""
    rows = (
        select(Member.id, Member.name, Unit.name, Grid.name, is_in_any(Member.id))
        .join(Unit, Unit.id == Member.unit_id)
        .outerjoin(Grid, Grid.id == Member.grid_id)
        .where(is_received(Member.id, team.community_id), ~is_in(team.id, Member.id))
        .order_by(Member.pinyin, Member.id)
    )
    return [
        (key, f"{name}（{'，'.join(filter(None, (unit, grid, '' if placed else '未编队')))}）")
        for key, name, unit, grid, placed in db.session.execute(rows)
    ]


def offered(community_id: int | None) -> list[tuple[int, str]]:
    """The teams of a community that serve now, as (id, name), by name."""
    rows = select(Team.id, Team.name).where(Team.community_id == community_id, Team.state == TeamState.ACTIVE)
    return [(key, name) for key, name in db.session.execute(rows.order_by(Team.name, Team.id))]


def listed_communities(by: Actor) -> list[tuple[int, str]]:
    """The communities whose teams this person sees, as (id, name), by name."""
    seen = select(Team.community_id).where(_is_seen(by))
    rows = select(Community.id, Community.name).where(Community.id.in_(seen)).order_by(Community.name)
    return [(key, name) for key, name in db.session.execute(rows)]


def names_of(member_ids: list[int]) -> dict[int, str]:
    """The names of the teams to which each of these members belongs now, by the member's id."""
    rows = select(TeamMember.member_id, Team.name).join(Team).where(TeamMember.member_id.in_(member_ids), _CURRENT)
    found: dict[int, list[str]] = {}
    for member_id, name in db.session.execute(rows.order_by(TeamMember.id)):
        found.setdefault(member_id, []).append(name)
    return {member_id: "、".join(names) for member_id, names in found.items()}


def count(rows: Select) -> int:
    """How many teams a list has."""
    ids = rows.with_only_columns(Team.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
