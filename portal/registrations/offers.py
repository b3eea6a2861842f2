"""What forms offer to choose from: grids, teams, communities, and the units and communities of one's own list."""

from sqlalchemy import exists, select

from portal.actors import Actor
from portal.extensions import db
from portal.people.models import Community, Grid, Unit
from portal.registrations.models import Registration
from portal.registrations.queries import scope_of
from portal.teams import queries

Choices = list[tuple[int, str]]


def grids(community_id: int | None) -> Choices:
    """The grids of a community."""
    return _pairs(select(Grid.id, Grid.name).where(Grid.community_id == community_id).order_by(Grid.code))


def teams(community_id: int | None) -> Choices:
    """The teams of a community that serve now."""
    return queries.offered(community_id)


def communities(but: int | None = None) -> Choices:
    """The communities of the county, without one of them where it makes no sense."""
    others = select(Community.id, Community.name).where(Community.id.is_distinct_from(but))
    return _pairs(others.order_by(Community.name))


def listed_communities(by: Actor) -> Choices:
    """The communities that occur in this person's list of registrations."""
    occurs = exists().where(Registration.community_id == Community.id, scope_of(by))
    return _pairs(select(Community.id, Community.name).where(occurs).order_by(Community.name))


def listed_units(by: Actor) -> Choices:
    """The units that occur in this person's list of registrations."""
    occurs = exists().where(Registration.unit_id == Unit.id, scope_of(by))
    return _pairs(select(Unit.id, Unit.name).where(occurs).order_by(Unit.name))


def _pairs(rows) -> Choices:
    return [(row.id, row.name) for row in db.session.execute(rows)]
