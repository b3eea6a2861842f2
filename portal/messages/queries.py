"""Which messages one reads, how many are unread, and which cases behind them still open."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import Appointment, User
from portal.accounts.queries import in_force
from portal.actors import Actor
from portal.extensions import db
from portal.flow import FLOWS, Case
from portal.messages.models import Message, MutedTopic
from portal.telling import Topic


def visible_to(by: Actor) -> Select:
    """One's own messages: to the login itself, and to the office in use; another office's want it switched to."""
    here = or_(Message.appointment_id.is_(None), Message.appointment_id == by.appointment_id)
    return select(Message).where(Message.user_id == by.user_id, here)


def unread(by: Actor) -> Select:
    """The ids of those not read yet."""
    return visible_to(by).where(Message.read_at.is_(None)).with_only_columns(Message.id)


def unread_of_session() -> ScalarSelect:
    """How many are unread, as a part of the query that loads a session."""
    here = or_(Message.appointment_id.is_(None), Message.appointment_id == Appointment.id)
    mine = (Message.user_id == User.id, Message.read_at.is_(None), here)
    return select(func.count()).select_from(Message).where(*mine).correlate(User, Appointment).scalar_subquery()


def unread_elsewhere(by: Actor) -> list[tuple[Appointment, int]]:
    """How many wait in each other office that this person holds today."""
    mine = (Message.user_id == by.user_id, Message.read_at.is_(None), in_force(clock.today()))
    others = (Appointment.id != by.appointment_id, Message.appointment_id == Appointment.id)
    rows = select(Appointment.id, func.count()).where(*mine, *others).group_by(Appointment.id)
    counts = dict(iter(db.session.execute(rows)))
    if not counts:
        return []
    scope = map(joinedload, (Appointment.supervisor, Appointment.unit, Appointment.community, Appointment.grid))
    held = select(Appointment).where(Appointment.id.in_(counts)).options(*scope).order_by(Appointment.id)
    return [(appointment, counts[appointment.id]) for appointment in db.session.scalars(held)]


def muted_by(by: Actor) -> set[Topic]:
    """The topics that a person turned off."""
    return set(db.session.scalars(select(MutedTopic.topic).where(MutedTopic.user_id == by.user_id)))


def cases_of(messages: Iterable[Message], by: Actor) -> dict[int, Case]:
    """By message, the case that it is about, as far as this person may still see it: one query a kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for message in messages:
        wanted[message.kind].add(message.row_id)
    seen = {(kind, row.id): row for kind, ids in wanted.items() for row in _seen(kind, ids, by)}
    return {each.id: row for each in messages if (row := seen.get((each.kind, each.row_id)))}


def _seen(kind: str, ids: set[int], by: Actor) -> list[Case]:
    flow = next((flow for flow in FLOWS.values() if flow.name == kind), None)
    if flow is None or flow.visible_to is None:
        return []
    return list(db.session.scalars(flow.visible_to(by).where(flow.model.id.in_(ids))).unique())
