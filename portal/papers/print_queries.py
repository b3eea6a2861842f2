"""Whose print jobs one finds again, and of which offices one may print many papers at once."""

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.papers.models import PrintJob
from portal.people import queries as people
from portal.people.models import Community, Unit


def jobs_of(by: Actor) -> Select:
    """The print jobs that this person asked for in the appointment in use, newest first."""
    mine = (
        PrintJob.asked_by_user_id == by.user_id,
        PrintJob.asked_by_appointment_id == by.appointment_id,
    )
    return select(PrintJob).where(*mine).order_by(PrintJob.id.desc()).options(selectinload(PrintJob.failures))


def units_for(by: Actor) -> list[tuple[int, str]]:
    """The units whose papers this person may print in bulk, as (id, name): those below the own body, or all."""
    return _offered(people.units(by), Unit) if by.is_in(Role.DEPARTMENT, Role.TOWN, Role.COUNTY) else []


def communities_for(by: Actor) -> list[tuple[int, str]]:
    """The communities whose papers this person may print in bulk, as (id, name): those below the own town, or all."""
    return _offered(people.communities(by), Community) if by.is_in(Role.TOWN, Role.COUNTY) else []


def _offered(rows: Select, model: type[Unit | Community]) -> list[tuple[int, str]]:
    found = db.session.execute(rows.with_only_columns(model.id, model.name).order_by(model.code))
    return [(key, name) for key, name in found]
