"""How news of a case reaches people: a sentence to each whom it concerns, once, and never to who did it."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, exists, select

from portal import clock, wording
from portal.accounts.models import Appointment, User, UserState
from portal.accounts.queries import in_force
from portal.actors import Role
from portal.extensions import db
from portal.flow import flow_of
from portal.messages.models import LONGEST, Message, MutedTopic
from portal.telling import Addressee, News


def deliver(news: News) -> None:
    """Write a message for everybody whom the news concerns, in the transaction of what it tells."""
    case, words, now = flow_of(news.row).shown_on(news.row), sentence(news), clock.now()
    db.session.add_all(
        Message(
            user_id=user_id, appointment_id=appointment_id, topic=news.topic, sentence=words,
            kind=case.__tablename__, row_id=case.id, at=now,
        )
        for user_id, appointment_id in _recipients(news, case, words).items()
    )  # fmt: skip


def sentence(news: News) -> str:
    """What was done with which case, by whom and why.

    What people typed stands in it only where it names no phone, number or address: a message is kept longer than
    such things may be.
    """
    said = f"{flow_of(news.row).named(news.row)}：{news.act}（{news.by.shown}）。"
    if news.adds and not wording.pieces(news.adds):
        said += news.adds
    if news.reason and not wording.pieces(news.reason):
        said += f"原因：{news.reason}"
    return said[:LONGEST]


def _recipients(news: News, case, words: str) -> dict[int, int | None]:
    """The logins to be told, each with the office in which it is; who is told as a member is not told again."""
    found: dict[int, int | None] = {}
    for scope, role, ids in _grouped(each for each in news.to if not each.is_office_of(news.by)):
        rows = _holders(scope, role, ids).where(_wants(news), ~_is_told(case, words))
        for user_id, appointment_id in db.session.execute(rows.order_by(Appointment.id)):
            if user_id != news.by.user_id:
                found.setdefault(user_id, appointment_id if role else None)
    return found


def _grouped(addressees: Iterable[Addressee]) -> list[tuple[str, Role | None, set[int]]]:
    """The addressees of one sort together, so that one query finds twenty helpers; nobody's id is left out."""
    groups: dict[tuple[str, Role | None], set[int]] = defaultdict(set)
    for each in addressees:
        if not each.scope or each.id is not None:
            groups[each.scope, each.role].add(each.id or 0)
    return [(scope, role, ids) for (scope, role), ids in groups.items()]


def _holders(scope: str, role: Role | None, ids: set[int]) -> Select:
    """The logins in use that hold this office today, with the appointment."""
    held = select(User.id, Appointment.id).join(User.appointments)
    held = held.where(User.state == UserState.ACTIVE, in_force(clock.today()))
    if role:
        held = held.where(Appointment.role == role)
    return held.where(_place(scope).in_(ids)) if scope else held


def _place(scope: str):
    return {"user_id": User.id, "member_id": User.member_id}.get(scope) or getattr(Appointment, scope)


def _wants(news: News) -> ColumnElement[bool]:
    """The condition that a person did not turn the topic off."""
    return ~exists().where(MutedTopic.user_id == User.id, MutedTopic.topic == news.topic)


def _is_told(case, words: str) -> ColumnElement[bool]:
    """The condition that the very same words about the case wait to be read."""
    same = (Message.kind == case.__tablename__, Message.row_id == case.id, Message.sentence == words)
    return exists().where(Message.user_id == User.id, Message.read_at.is_(None), *same)
