"""Whom a notice goes to: some roles, in the whole of the sender's scope or in some places of it.

The same rule is told from both ends: `is_for` finds a reader's notices, `holders` a notice's readers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from portal import clock
from portal.accounts.models import Appointment, User, UserState
from portal.accounts.queries import in_force
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.people.models import Community, Member, Supervisor, SupervisorKind, Unit, UnitKind
from portal.people.queries import communities_of, units_of
from portal.publicity.models import Notice, NoticeTo
from portal.registrations.models import CURRENT, Registration

# Whom each office may write to.
MAY_REACH = {
    Role.COUNTY: (
        Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.LIAISON, Role.CLERK, Role.GRID_WORKER, Role.MEMBER,
    ),
    Role.TOWN: (Role.LIAISON, Role.CLERK, Role.GRID_WORKER, Role.MEMBER),
    Role.DEPARTMENT: (Role.LIAISON, Role.MEMBER),
    Role.COMMITTEE: (Role.LIAISON, Role.MEMBER),
    Role.CLERK: (Role.GRID_WORKER, Role.MEMBER),
    Role.LIAISON: (Role.MEMBER,),
}  # fmt: skip
# In which kinds of places each of them is found.
_BODY, _UNIT, _COMMUNITY = "supervisor_id", "unit_id", "community_id"
_FOUND_IN = {
    Role.TOWN: (_BODY,), Role.DEPARTMENT: (_BODY,), Role.COMMITTEE: (_BODY,), Role.LIAISON: (_BODY, _UNIT),
    Role.CLERK: (_BODY, _COMMUNITY), Role.GRID_WORKER: (_BODY, _COMMUNITY), Role.MEMBER: (_BODY, _UNIT, _COMMUNITY),
}  # fmt: skip
_READERS = tuple(_FOUND_IN)
NAMED = 3  # places, before the rest is only counted


@dataclass(frozen=True)
class Audience:
    """What a sender chose: roles, and the places to which it is narrowed, by their ids and names; none: all of them."""

    roles: tuple[Role, ...]
    bodies: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    communities: dict[int, str] = field(default_factory=dict)

    @property
    def places(self) -> list[tuple[str, int, str]]:
        """The places as (column, id, name)."""
        kinds = ((_BODY, self.bodies), (_UNIT, self.units), (_COMMUNITY, self.communities))
        return [(column, key, name) for column, rows in kinds for key, name in rows.items()]


def rows_of(by: Actor, audience: Audience) -> list[NoticeTo]:
    """The rows of a notice that say whom it goes to. RuleBroken where a place has nobody of these roles."""
    if not audience.places:
        return [NoticeTo(role=role, **_whole(by)) for role in audience.roles]
    found = []
    for column, key, name in audience.places:
        roles = [role for role in audience.roles if column in _FOUND_IN[role]]
        if not roles:
            raise RuleBroken(f"“{name}”里没有所选的人，请改选发给谁或者范围。")
        found += [NoticeTo(role=role, **{column: key}) for role in roles]
    return found


def in_words(by: Actor, audience: Audience) -> str:
    """Whom it goes to, as people read it."""
    whom = "、".join(role.label for role in audience.roles)
    names = [name for _, _, name in audience.places]
    if len(names) > NAMED:
        return f"{'、'.join(names[:NAMED])}等 {len(names)} 处的{whom}"
    if names:
        return f"{'、'.join(names)}的{whom}"
    where = {Role.COUNTY: "全县", Role.COMMITTEE: "县级机关"}
    return f"{where.get(by.role) or by.office}{'所属' if by.is_in(Role.TOWN, Role.DEPARTMENT) else '的'}{whom}"


def _whole(by: Actor) -> dict[str, int | None]:
    place = {Role.CLERK: _COMMUNITY, Role.LIAISON: _UNIT, Role.COUNTY: ""}.get(by.role, _BODY)
    return {place: getattr(by, place)} if place else {}


def is_for(by: Actor) -> ColumnElement[bool]:
    """The condition that a notice goes to this person in the role in use."""
    return exists().where(NoticeTo.notice_id == Notice.id, NoticeTo.role == by.role, or_(*_where_they_are(by)))


def _where_they_are(by: Actor) -> Iterable[ColumnElement[bool]]:
    yield and_(NoticeTo.supervisor_id.is_(None), NoticeTo.unit_id.is_(None), NoticeTo.community_id.is_(None))
    match by.role:
        case Role.TOWN | Role.DEPARTMENT | Role.COMMITTEE:
            yield NoticeTo.supervisor_id == by.supervisor_id
        case Role.LIAISON | Role.MEMBER:
            unit = (Unit.id == by.unit_id, _is_under_body(NoticeTo.supervisor_id))
            yield from (NoticeTo.unit_id == by.unit_id, exists().where(*unit))
        case Role.CLERK | Role.GRID_WORKER:
            town = (Community.id == by.community_id, Community.town_id == NoticeTo.supervisor_id)
            yield from (NoticeTo.community_id == by.community_id, exists().where(*town))
    if by.is_in(Role.MEMBER):
        home = (Registration.member_id == by.member_id, Registration.state.in_(CURRENT))
        town = (Community.id == Registration.community_id, Community.town_id == NoticeTo.supervisor_id)
        yield exists().where(*home, Registration.community_id == NoticeTo.community_id)
        yield exists().where(*home, *town)


def _is_under_body(body) -> ColumnElement[bool]:
    """The condition that a unit is under a body of this column; under the work committee are the units 机关."""
    committee = exists().where(Supervisor.id == body, Supervisor.kind == SupervisorKind.WORK_COMMITTEE)
    committee = committee.correlate(Unit, NoticeTo)  # the row of the notice stands two queries further out
    return or_(Unit.supervisor_id == body, and_(Unit.kind == UnitKind.OFFICE, committee))


def holders(addressees: Collection[NoticeTo]) -> Select:
    """The appointments of today to which a notice with these rows goes, joined to their logins and members."""
    groups: dict[tuple[Role, str], list[int]] = defaultdict(list)
    for row in addressees:
        column = next((each for each in (_BODY, _UNIT, _COMMUNITY) if getattr(row, each)), "")
        groups[row.role, column].append(getattr(row, column) if column else 0)
    reached = (and_(Appointment.role == role, _is_in(role, column, ids)) for (role, column), ids in groups.items())
    rows = select(Appointment).join(Appointment.user).outerjoin(Member, Member.id == User.member_id)
    return rows.where(User.state == UserState.ACTIVE, in_force(clock.today()), or_(*reached))


def _is_in(role: Role, column: str, ids: list[int]) -> ColumnElement[bool]:
    """The condition that the holder of an appointment in this role is in one of these places; anywhere without."""
    if not column:
        return Appointment.role == role
    if role is Role.MEMBER:
        return _member_is_in(column, ids)
    if column != _BODY or role not in (Role.LIAISON, Role.CLERK, Role.GRID_WORKER):
        return getattr(Appointment, column).in_(ids)
    if role is Role.LIAISON:
        return or_(*(Appointment.unit_id.in_(_units_under(key)) for key in ids))
    return or_(*(Appointment.community_id.in_(communities_of(key)) for key in ids))


def _member_is_in(column: str, ids: list[int]) -> ColumnElement[bool]:
    if column == _UNIT:
        return Member.unit_id.in_(ids)
    home = (Registration.member_id == Member.id, Registration.state.in_(CURRENT))
    if column == _COMMUNITY:
        return exists().where(*home, Registration.community_id.in_(ids))
    towns = select(Community.id).where(Community.town_id.in_(ids))
    of_units = or_(*(Member.unit_id.in_(_units_under(key)) for key in ids))
    return or_(of_units, exists().where(*home, Registration.community_id.in_(towns)))


def _units_under(body: int) -> Select:
    committee = exists().where(Supervisor.id == body, Supervisor.kind == SupervisorKind.WORK_COMMITTEE)
    offices = select(Unit.id).where(Unit.kind == UnitKind.OFFICE, committee)
    return units_of(body).union(offices)  # type: ignore[return-value]


def is_reader(role: Role) -> bool:
    """Whether notices are written to people in this role at all."""
    return role in _READERS
