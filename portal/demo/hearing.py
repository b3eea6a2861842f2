"""What the demonstration's members were told of: the messages that the moves of their cases would have written."""

from itertools import groupby

from sqlalchemy import Select, and_, select

from portal.accounts.models import Appointment, User
from portal.actors import Actor, Role
from portal.demo.county import County
from portal.extensions import db
from portal.flow import Case, flow_of
from portal.history import HistoryLine
from portal.messages.delivery import sentence
from portal.messages.models import Message, MutedTopic
from portal.pledges.models import Pledge
from portal.records.models import ServiceRecord
from portal.registrations.models import Registration
from portal.telling import News, Topic
from portal.wishes.models import Claim, Wish

HEARD = 12  # the latest of each member
UNREAD = 2


def settle(county: County) -> None:
    """The latest messages of each member with a login, the last ones unread; one member wants none of records."""
    owners = ((Registration, Registration), (Pledge, Pledge), (ServiceRecord, ServiceRecord), (Wish, Claim))
    told = [message for case, owner in owners for message in _told(case, owner)]
    told.sort(key=lambda message: (message.user_id, message.at))
    for _, own in groupby(told, key=lambda message: message.user_id):
        latest = list(own)[-HEARD:]
        for message in latest[:-UNREAD]:
            message.read_at = message.at
        db.session.add_all(latest)
    db.session.add(MutedTopic(user_id=county.users["member3"][0], topic=Topic.RECORD))


def _told(case: type[Case], owner) -> list[Message]:
    """The messages about cases of one kind, as far as their members have a login."""
    found = db.session.execute(_lines(case, owner)).unique()
    return [message for row, line, held in found if (message := _message(row, line, held))]


def _lines(case: type[Case], owner) -> Select:
    """Each case of a member with a login, a line of its history, and the member's appointment."""
    lines = and_(HistoryLine.kind == case.__tablename__, HistoryLine.row_id == case.id)
    rows = select(case, HistoryLine, Appointment)
    rows = rows if owner is case else rows.join(owner, owner.wish_id == case.id)
    as_member = and_(Appointment.user_id == User.id, Appointment.role == Role.MEMBER)
    rows = rows.join(HistoryLine, lines).join(User, User.member_id == owner.member_id).join(Appointment, as_member)
    return rows.where(HistoryLine.by_role != Role.MEMBER.value).order_by(HistoryLine.id)


def _message(row: Case, line: HistoryLine, held: Appointment) -> Message | None:
    """What this member was told when the line was written; None of what tells nobody."""
    move = flow_of(row).moves.get(line.verb)
    if move is None or move.tells is None:
        return None
    by = Actor(role=Role(line.by_role), name=line.by_name)
    adds = move.tells.adds(row) if row.state.value == line.to_state else ""
    words = sentence(News(move.tells.topic, (), row, by, line.label, line.reason or "", adds), own=True)
    return Message(
        user_id=held.user_id, appointment_id=held.id, topic=move.tells.topic, sentence=words,
        kind=row.__tablename__, row_id=row.id, at=line.at,
    )  # fmt: skip
