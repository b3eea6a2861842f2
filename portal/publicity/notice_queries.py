"""Which notices one may see: those that go to one, those that the own office sent; all for the county."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import selectinload

from portal import undo
from portal.actors import Actor, Role
from portal.extensions import db
from portal.publicity import audience, offices
from portal.publicity.models import Notice, NoticeAnswer, NoticeSeen, NoticeState


def visible_to(by: Actor) -> Select:
    """The notices that go to this person, and those of the own office, whatever became of them; all for the county."""
    rows = select(Notice).options(selectinload(Notice.addressees))
    return rows.where(true() if by.is_in(Role.COUNTY) else or_(_is_for(by), _is_own(by)))


def _is_for(by: Actor) -> ColumnElement[bool]:
    return audience.is_for(by) if audience.is_reader(by.role) else false()


def _is_own(by: Actor) -> ColumnElement[bool]:
    return offices.is_of(Notice, by) if by.is_in(*offices.WRITERS) else false()


def sent(by: Actor) -> Select:
    """The notices of the own office; for the county all, since it answers for each."""
    return visible_to(by).where(true() if by.is_in(Role.COUNTY) else _is_own(by))


def listed(by: Actor, today: dt.date, own: bool = False, past: bool = False) -> Select:
    """The notices of a list: those of the own office or all; with `past` also those that are no longer in force."""
    rows = visible_to(by)
    if own:
        rows = rows.where(_is_own(by))
    return rows if past else rows.where(*_in_force(today))


def _in_force(today: dt.date) -> tuple[ColumnElement[bool], ...]:
    return (Notice.state == NoticeState.PUBLISHED, Notice.until >= today)


def arrived(by: Actor, today: dt.date) -> Select:
    """The notices in force that go to this person and were not sent by the own office."""
    return select(Notice).where(_is_for(by), ~_is_own(by), *_in_force(today))


def unseen(by: Actor, today: dt.date) -> Select:
    """Those of them that ask for nothing and of which this person has not taken note."""
    return arrived(by, today).where(Notice.asks_answer.is_(False), ~_is_seen(by))


def unanswered(by: Actor, today: dt.date, urged: bool) -> Select:
    """Those of them that ask for an answer which this office, or this member, has not given; urged already or not."""
    was_urged = Notice.urged_at.is_not(None) if urged else Notice.urged_at.is_(None)
    return arrived(by, today).where(Notice.asks_answer.is_(True), was_urged, ~exists().where(*_answered(by)))


def _is_seen(by: Actor) -> ColumnElement[bool]:
    return exists().where(NoticeSeen.notice_id == Notice.id, NoticeSeen.user_id == by.user_id)


def _answered(by: Actor) -> tuple[ColumnElement[bool], ...]:
    return (NoticeAnswer.notice_id == Notice.id, _answers_of(by))


def _answers_of(by: Actor) -> ColumnElement[bool]:
    if by.is_in(Role.MEMBER):
        return NoticeAnswer.member_id == by.member_id
    return NoticeAnswer.office_key == undo.office_of(by)


def answer_of(notice: Notice, by: Actor) -> NoticeAnswer | None:
    """The answer that this office, or this member, has given, or None."""
    return db.session.scalar(select(NoticeAnswer).where(NoticeAnswer.notice_id == notice.id, _answers_of(by)))


def is_seen(notice: Notice, by: Actor) -> bool:
    """Whether this person has taken note of a notice."""
    same = and_(NoticeSeen.notice_id == notice.id, NoticeSeen.user_id == by.user_id)
    return db.session.scalar(select(NoticeSeen.id).where(same)) is not None


def goes_to(notice: Notice, by: Actor) -> bool:
    """Whether a notice goes to this person, and does not come from the own office."""
    rows = select(Notice.id).where(Notice.id == notice.id, _is_for(by), ~_is_own(by))
    return db.session.scalar(rows) is not None


def states_for(notices: list[Notice], by: Actor) -> tuple[set[int], set[int]]:
    """Of these notices the ids that this person has taken note of, and of those that the office has answered."""
    ids = [notice.id for notice in notices]
    seen = select(NoticeSeen.notice_id).where(NoticeSeen.notice_id.in_(ids), NoticeSeen.user_id == by.user_id)
    answered = select(NoticeAnswer.notice_id).where(NoticeAnswer.notice_id.in_(ids), _answers_of(by))
    return set(db.session.scalars(seen)), set(db.session.scalars(answered))


def count(rows: Select) -> int:
    """How many notices a list has."""
    ids = rows.with_only_columns(Notice.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
