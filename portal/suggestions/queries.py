"""Which suggestions one may see, where one may be forwarded to, and which were adopted."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.accounts.queries import able_members
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community, Member, Supervisor, SupervisorKind, Unit
from portal.people.queries import communities_of
from portal.registrations.queries import is_received
from portal.suggestions.models import OPEN, Addressed, Suggestion, SuggestionState

S = SuggestionState
# The work committee owns no unit's business and answers nothing.
BODIES = (SupervisorKind.TOWN, SupervisorKind.DEPARTMENT, SupervisorKind.PARK)


def visible_to(by: Actor) -> Select:
    """The suggestions that are one's own, of one's unit, made or forwarded to one's office, or all (county).

    What is made to the town is not the community's to read, unless the community wrote it down.
    """
    shown = (
        joinedload(Suggestion.member), joinedload(Suggestion.unit), joinedload(Suggestion.forwarded_to),
        joinedload(Suggestion.community).joinedload(Community.town),
    )  # fmt: skip
    return select(Suggestion).where(_scope(by)).options(*shown)


def _scope(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.MEMBER:
            return Suggestion.member_id == by.member_id
        case Role.CLERK:
            read = or_(Suggestion.addressed_to == Addressed.COMMUNITY, Suggestion.stand_in.is_(True))
            return and_(Suggestion.community_id == by.community_id, read)
        case Role.LIAISON:
            return Suggestion.unit_id == by.unit_id
        case Role.TOWN:
            return or_(_made_to(by), _forwarded_to(by))
        case Role.DEPARTMENT:
            return _forwarded_to(by)
        case Role.COUNTY:
            return true()
        case _:
            return false()


def _made_to(by: Actor) -> ColumnElement[bool]:
    """Made to the acting office: the community, or the town above it."""
    if by.is_in(Role.TOWN):
        below = Suggestion.community_id.in_(communities_of(by.supervisor_id))
        return and_(Suggestion.addressed_to == Addressed.TOWN, below)
    return and_(Suggestion.addressed_to == Addressed.COMMUNITY, Suggestion.community_id == by.community_id)


def _forwarded_to(by: Actor) -> ColumnElement[bool]:
    return Suggestion.forwarded_to_id == by.supervisor_id if by.supervisor_id else false()


def listed(by: Actor, state: SuggestionState | None = None, late_on: dt.date | None = None) -> Select:
    """The suggestions of a list: of one state or all; `late_on` a day, only those whose answer was due before it."""
    rows = visible_to(by)
    if state:
        rows = rows.where(Suggestion.state == state)
    if late_on:
        rows = rows.where(Suggestion.state.in_(OPEN), Suggestion.answer_by < late_on)
    return rows


def to_handle(by: Actor, state: SuggestionState) -> Select:
    """The suggestions of a state that wait for this person: made to their office, not their own, not written down by
    them.
    """
    return listed(by, state).where(_made_to(by), *_apart(by))


def to_answer_for_others(by: Actor) -> Select:
    """The suggestions that were forwarded to this person's office and wait there."""
    return listed(by, S.FORWARDED).where(_forwarded_to(by), *_apart(by))


def _apart(by: Actor) -> list[ColumnElement[bool]]:
    return [
        Suggestion.member_id.is_distinct_from(by.self_member_id),
        Suggestion.entered_by_user_id.is_distinct_from(by.user_id),
    ]


def adopted(community_id: int | None = None) -> Select:
    """The suggestions that were adopted, for everybody who is signed in: what was proposed and what came of it."""
    rows = select(Suggestion).where(Suggestion.state == S.ANSWERED, Suggestion.adopted.is_(True))
    if community_id:
        rows = rows.where(Suggestion.community_id == community_id)
    return rows.options(joinedload(Suggestion.community), joinedload(Suggestion.forwarded_to))


def made_in(member_id, year: int) -> Select:
    """The ids of the suggestions that the member of this column made in a year and did not withdraw.  [二(一)2]"""
    of_year = Suggestion.submitted_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31))
    return select(Suggestion.id).where(Suggestion.member_id == member_id, of_year, Suggestion.state != S.WITHDRAWN)


def bodies_for(row: Suggestion) -> list[tuple[int, str]]:
    """The bodies to which a suggestion may be forwarded, as (id, name): all but the one to which it was made."""
    town = row.community.town_id if row.addressed_to is Addressed.TOWN else 0
    rows = select(Supervisor.id, Supervisor.name).where(Supervisor.kind.in_(BODIES), Supervisor.id != town)
    return [(key, name) for key, name in db.session.execute(rows.order_by(Supervisor.kind, Supervisor.name))]


def without_login(community_id: int | None) -> list[tuple[int, str]]:
    """The members received by a community who can't act for themselves, as (id, name with unit), by name."""
    rows = select(Member.id, Member.name, Unit.name).join(Unit, Unit.id == Member.unit_id)
    rows = rows.where(is_received(Member.id, community_id), Member.id.not_in(able_members()))
    found = db.session.execute(rows.order_by(Member.pinyin, Member.id))
    return [(key, f"{name}（{unit}）") for key, name, unit in found]


def count(rows: Select) -> int:
    """How many suggestions a list has."""
    ids = rows.with_only_columns(Suggestion.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
