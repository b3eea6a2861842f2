"""How news of a case reaches people: a sentence to each whom it concerns, once, and never to who did it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, select

from portal import clock, undo, wording
from portal.accounts.models import Appointment, User, UserState
from portal.accounts.queries import in_force
from portal.actors import Actor, Role
from portal.extensions import db
from portal.flow import flow_of
from portal.history import HistoryLine
from portal.messages.models import LONGEST, Message, MutedTopic
from portal.telling import Addressee, News

OWN = "您的"


def deliver(news: News) -> None:
    """Write a message for everybody whom the news concerns, in the transaction of what it tells."""
    case, now = flow_of(news.row).shown_on(news.row), clock.now()
    words = {own: sentence(news, own) for own in (True, False)}
    db.session.add_all(
        Message(
            user_id=user_id, appointment_id=held.appointment_id, topic=news.topic, sentence=words[held.own],
            kind=case.__tablename__, row_id=case.id, at=now,
        )
        for user_id, held in _recipients(news, case, words.values()).items()
    )  # fmt: skip


def recall(message: Message, by: Actor, undone: HistoryLine) -> None:
    """Of the act of this line, which was undone: what nobody has read is gone, and who has read it is told so."""
    if message.read_at is None:
        db.session.delete(message)
    elif message.user_id != by.user_id:
        case = db.session.get_one(undo.model_of(message.kind), message.row_id)
        news = News(message.topic, (), case, by, f"撤销“{undone.label}”")
        db.session.add(
            Message(
                user_id=message.user_id, appointment_id=message.appointment_id, topic=message.topic, kind=message.kind,
                row_id=message.row_id, at=clock.now(), sentence=sentence(news, message.sentence.startswith(OWN)),
            )
        )  # fmt: skip


def sentence(news: News, own: bool) -> str:
    """What was done with which case, by whom and why; `own` to the member whose case it is.

    What people typed stands in it only where it names no phone, number or address: a message is kept longer than
    such things may be.
    """
    said = f"{_whose(news.row, own)}{flow_of(news.row).named(news.row)}：{news.act}（{_who(news.by)}）。"
    if news.adds and not wording.pieces(news.adds):
        said += news.adds
    if news.reason:
        said += "原因见办理过程。" if wording.pieces(news.reason) else f"原因：{news.reason}"
    return said[:LONGEST]


def _whose(row, own: bool) -> str:
    subject = getattr(row, "member", None)
    return "" if subject is None else OWN if own else f"{subject.name}的"


def _who(by: Actor) -> str:
    """The acting person as a history line shows them; county and administrator, who have no office, by their role."""
    says_who = by.office or by.is_in(Role.SYSTEM, Role.RESIDENT)
    return by.shown if says_who else f"{by.role.label} {by.name}"


@dataclass(frozen=True)
class _Held:
    """As what somebody is told: in an office, or as a login; and whether the case is their own."""

    appointment_id: int | None
    own: bool


def _recipients(news: News, case, words: Iterable[str]) -> dict[int, _Held]:
    """The logins to be told; who is told as a member is not told again."""
    found: dict[int, _Held] = {}
    subject = getattr(news.row, "member", None)
    for scope, role, ids in _grouped(each for each in news.to if not each.is_office_of(news.by)):
        rows = _holders(scope, role, ids).where(_wants(news), ~_is_told(case, words))
        for user_id, member_id, appointment_id in db.session.execute(rows.order_by(Appointment.id)):
            if user_id != news.by.user_id:
                own = subject is not None and subject.id == member_id
                found.setdefault(user_id, _Held(appointment_id if role else None, own))
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
    held = select(User.id, User.member_id, Appointment.id).join(User.appointments)
    held = held.where(User.state == UserState.ACTIVE, in_force(clock.today()))
    if role:
        held = held.where(Appointment.role == role)
    return held.where(_place(scope).in_(ids)) if scope else held


def _place(scope: str):
    return {"user_id": User.id, "member_id": User.member_id}.get(scope) or getattr(Appointment, scope)


def _wants(news: News) -> ColumnElement[bool]:
    """The condition that a person did not turn the topic off."""
    return ~exists().where(MutedTopic.user_id == User.id, MutedTopic.topic == news.topic)


def _is_told(case, words: Iterable[str]) -> ColumnElement[bool]:
    """The condition that the very same words about the case wait to be read."""
    same = (Message.kind == case.__tablename__, Message.row_id == case.id, Message.sentence.in_(list(words)))
    return exists().where(Message.user_id == User.id, Message.read_at.is_(None), *same)
