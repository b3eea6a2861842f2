"""Which pairings, projects, joint actions and contact points one may see, and which stand between two places."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.pairings.models import (
    LIVE,
    LIVE_POINTS,
    OPEN_PROJECTS,
    ActionState,
    ContactPoint,
    ContactPointState,
    JointAction,
    Pairing,
    PairingProject,
    PairingState,
    Side,
)
from portal.people.models import Community, Member, Unit
from portal.people.queries import communities_of, in_scope, in_unit_scope


def visible_to(by: Actor) -> Select:
    """The pairings of one's own unit or community, of those in the scope above, or all (county); members see none."""
    shown = (joinedload(Pairing.unit), joinedload(Pairing.community))
    return select(Pairing).where(scope_of(by)).options(*shown)


def scope_of(by: Actor) -> ColumnElement[bool]:
    """The condition that a pairing lies in this person's scope."""
    if by.is_in(Role.CLERK):
        return Pairing.community_id == by.community_id
    own = in_unit_scope(by, Pairing.unit_id)
    return or_(own, Pairing.community_id.in_(communities_of(by.supervisor_id))) if by.is_in(Role.TOWN) else own


def with_tallies(rows: Select) -> Select:
    """The same pairings, with the projects and joint actions that a list counts."""
    return rows.options(selectinload(Pairing.projects), selectinload(Pairing.actions))


def projects(by: Actor) -> Select:
    """The projects of the pairings that this person may see."""
    return _of_pairings(PairingProject, by)


def actions(by: Actor) -> Select:
    """The joint actions of the pairings that this person may see."""
    return _of_pairings(JointAction, by)


def contact_points(by: Actor) -> Select:
    """The contact points of oneself, of own unit's members, in own community, of the scope above."""
    scope = in_scope(by, ContactPoint.member_id, Member.unit_id, ContactPoint.community_id)
    rows = select(ContactPoint).join(ContactPoint.member).where(scope)
    return rows.options(contains_eager(ContactPoint.member).joinedload(Member.unit), joinedload(ContactPoint.community))


def waiting(by: Actor) -> Select:
    """The pairings that wait for this person's agreement."""
    asked = (Pairing.state == PairingState.PROPOSED, Pairing.side == _other_side(by))
    return visible_to(by).where(*asked, Pairing.proposed_by_user_id.is_distinct_from(by.user_id))


def points_waiting(by: Actor) -> Select:
    """The contact points that wait for this clerk's agreement."""
    asked = (ContactPoint.state == ContactPointState.PROPOSED, _not_oneself(by))
    return contact_points(by).where(*asked, ContactPoint.proposed_by_user_id.is_distinct_from(by.user_id))


def actions_waiting(by: Actor) -> Select:
    """The joint actions that wait for this person's confirmation."""
    asked = (JointAction.state == ActionState.RECORDED, JointAction.side == _other_side(by))
    return actions(by).where(*asked, JointAction.recorded_by_user_id.is_distinct_from(by.user_id))


def overdue(by: Actor, today: dt.date) -> Select:
    """The projects in this person's scope whose day has passed."""
    return projects(by).where(PairingProject.state.in_(OPEN_PROJECTS), PairingProject.due_on < today)


def live_of(unit_id: int, community_id: int) -> Pairing | None:
    """The live pairing of these two, or None."""
    two = (Pairing.unit_id == unit_id, Pairing.community_id == community_id)
    return db.session.scalar(select(Pairing).where(*two, Pairing.state.in_(LIVE)))


def live_at(place: Unit | Community, by: Actor) -> list[Pairing]:
    """The live pairings of a unit or community that this person may see, as the place's page lists them."""
    column = Pairing.unit_id if isinstance(place, Unit) else Pairing.community_id
    rows = with_tallies(visible_to(by)).where(column == place.id, Pairing.state.in_(LIVE))
    return list(db.session.scalars(rows.order_by(Pairing.id)))


def points_at(community: Community, by: Actor) -> list[ContactPoint]:
    """The live contact points in a community that this person may see."""
    rows = contact_points(by).where(ContactPoint.community_id == community.id, ContactPoint.state.in_(LIVE_POINTS))
    return list(db.session.scalars(rows.order_by(ContactPoint.id)))


def points_of(member: Member, by: Actor) -> list[ContactPoint]:
    """The live contact points of a member that this person may see."""
    rows = contact_points(by).where(ContactPoint.member_id == member.id, ContactPoint.state.in_(LIVE_POINTS))
    return list(db.session.scalars(rows.order_by(ContactPoint.id)))


def live_point_of(member_id: int, community_id: int) -> ContactPoint | None:
    """The live contact point of this member in this community, or None."""
    two = (ContactPoint.member_id == member_id, ContactPoint.community_id == community_id)
    return db.session.scalar(select(ContactPoint).where(*two, ContactPoint.state.in_(LIVE_POINTS)))


def unpaired(by: Actor) -> list[tuple[int, str]]:
    """The communities (for a liaison) or units (for a clerk) with which there is no live pairing yet, by name."""
    if by.is_in(Role.LIAISON):
        taken = select(Pairing.community_id).where(Pairing.unit_id == by.unit_id, Pairing.state.in_(LIVE))
        rows = select(Community.id, Community.name).where(Community.id.not_in(taken)).order_by(Community.name)
    else:
        taken = select(Pairing.unit_id).where(Pairing.community_id == by.community_id, Pairing.state.in_(LIVE))
        rows = select(Unit.id, Unit.name).where(Unit.id.not_in(taken)).order_by(Unit.name)
    return [(key, name) for key, name in db.session.execute(rows)]


def paired(unit_ids: Collection[int]) -> set[tuple[int, int]]:
    """The pairs of unit and community that build together now, of these units."""
    rows = select(Pairing.unit_id, Pairing.community_id)
    rows = rows.where(Pairing.unit_id.in_(unit_ids), Pairing.state == PairingState.ACTIVE)
    return {(unit, community) for unit, community in db.session.execute(rows)}


def adopted(member_ids: Collection[int]) -> set[tuple[int, int]]:
    """The pairs of member and community between which a contact point stands now, of these members."""
    rows = select(ContactPoint.member_id, ContactPoint.community_id)
    rows = rows.where(ContactPoint.member_id.in_(member_ids), ContactPoint.state == ContactPointState.ACTIVE)
    return {(member, community) for member, community in db.session.execute(rows)}


def _of_pairings(model: type[PairingProject] | type[JointAction], by: Actor) -> Select:
    pairing = contains_eager(model.pairing)
    rows = select(model).join(model.pairing).where(scope_of(by))
    return rows.options(pairing.joinedload(Pairing.unit), pairing.joinedload(Pairing.community))


def _other_side(by: Actor) -> Side:
    return Side.COMMUNITY if by.is_in(Role.LIAISON) else Side.UNIT


def _not_oneself(by: Actor) -> ColumnElement[bool]:
    return ContactPoint.member_id.is_distinct_from(by.self_member_id)
