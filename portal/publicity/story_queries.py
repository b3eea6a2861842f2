"""Which stories one may see: everybody what is published, the offices what they wrote or are to publish."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.queries import communities_of, units_of
from portal.publicity import offices
from portal.publicity.models import Story, StoryHand, StoryState

S = StoryState
WAITS_DAYS = 7  # of what towns and departments have not published by then the county is reminded


def visible_to(by: Actor) -> Select:
    """The stories that this office wrote, and what was handed in to it by those below; all of that for the county.

    Once somebody is through with a draft it is theirs again: it is seen above from handing in until it is a draft.
    """
    shown = (
        joinedload(Story.unit), joinedload(Story.community), joinedload(Story.supervisor), joinedload(Story.wish),
        joinedload(Story.activity), joinedload(Story.about), selectinload(Story.hands),
        selectinload(Story.appearances),
    )  # fmt: skip
    return select(Story).where(_scope(by)).options(*shown)


def _scope(by: Actor) -> ColumnElement[bool]:
    if not by.is_in(*offices.WRITERS):
        return false()
    return or_(offices.is_of(Story, by), and_(_is_below(by), Story.state != S.DRAFT, Story.submitted_on.is_not(None)))


def _is_below(by: Actor) -> ColumnElement[bool]:
    """The condition that a story was written below this office, which may publish it."""
    match by.role:
        case Role.TOWN:
            units, places = units_of(by.supervisor_id), communities_of(by.supervisor_id)
            return or_(Story.unit_id.in_(units), Story.community_id.in_(places))
        case Role.DEPARTMENT:
            return Story.unit_id.in_(units_of(by.supervisor_id))
        case Role.COUNTY:
            return Story.id.is_not(None)
        case _:
            return false()


def listed(by: Actor, state: StoryState | None = None, own: bool = False) -> Select:
    """The stories of an office's list: of one state or all, only those that it wrote itself or all."""
    rows = visible_to(by)
    if state:
        rows = rows.where(Story.state == state)
    return rows.where(offices.is_of(Story, by)) if own else rows


def to_publish(by: Actor, today: dt.date) -> Select:
    """What waits to be published by this person; of what others may publish too the county has what is late only."""
    had_a_hand = exists().where(StoryHand.story_id == Story.id, StoryHand.user_id == by.user_id)
    rows = visible_to(by).where(Story.state == S.SUBMITTED, _is_below(by), ~had_a_hand)
    if by.self_member_id:
        rows = rows.where(or_(Story.about_id.is_(None), Story.about_id != by.self_member_id))
    if by.is_in(Role.COUNTY):
        late = Story.submitted_on < today - dt.timedelta(days=WAITS_DAYS)
        rows = rows.where(or_(and_(Story.unit_id.is_(None), Story.community_id.is_(None)), late))
    return rows


def returned(by: Actor) -> Select:
    """The office's own stories that were returned to it."""
    return listed(by, S.RETURNED, own=True)


def published() -> Select:
    """What everybody reads; the columns that the public may see are chosen by who asks."""
    return select(Story).where(Story.state == S.PUBLISHED)


def count(rows: Select) -> int:
    """How many stories a list has."""
    ids = rows.with_only_columns(Story.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
