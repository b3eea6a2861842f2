"""Who has answered a notice that asks for it, and who has not: offices by name, members a page at a time."""

from dataclasses import dataclass, field

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from portal import undo
from portal.accounts.models import Appointment
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member
from portal.publicity import audience, notices
from portal.publicity.models import Notice, NoticeAnswer


@dataclass
class Office:
    """One office to which a notice goes: its name, its people, and the answer that one of them gave."""

    role: Role
    name: str
    people: list[str] = field(default_factory=list)
    answer: NoticeAnswer | None = None


@dataclass(frozen=True)
class Receipts:
    """The answers to a notice: the offices that gave one and those that did not, and how many members did."""

    answered: list[Office]
    missing: list[Office]
    members_asked: int
    members_answered: int

    @property
    def asked(self) -> int:
        """How many answers the notice asks for."""
        return len(self.answered) + len(self.missing) + self.members_asked

    @property
    def given(self) -> int:
        """How many of them were given."""
        return len(self.answered) + self.members_answered


def of(notice: Notice) -> Receipts:
    """How far the answers to a notice have come; who holds an office is told as of today.

    An answer once given counts, whoever holds the office now and whether the member still is one of those asked.
    """
    by_key = {given.office_key: given for given in notices.answered(notice) if given.office_key}
    offices = _offices(notice, by_key)
    missing = [office for office in offices if office.answer is None]
    given, lacking = _count(members_given(notice)), _count(members_missing(notice))
    return Receipts([office for office in offices if office.answer], missing, given + lacking, given)


def _offices(notice: Notice, by_key: dict) -> list[Office]:
    rows = audience.holders(notice.addressees).where(Appointment.role != Role.MEMBER)
    shown = (Appointment.user, Appointment.supervisor, Appointment.unit, Appointment.community, Appointment.grid)
    held = db.session.scalars(rows.options(*map(joinedload, shown)).order_by(Appointment.role, Appointment.id))
    found: dict[str, Office] = {}
    for each in held:
        key = _key(each)
        office = found.setdefault(key, Office(each.role, each.office_name, answer=by_key.get(key)))
        office.people.append(each.user.name)
    found |= {key: _left(key, answer) for key, answer in by_key.items() if key not in found}
    return sorted(found.values(), key=lambda office: (office.role.label, office.name))


def _left(key: str, answer: NoticeAnswer) -> Office:
    """An office that answered and is held by nobody now, by the name under which it did."""
    return Office(Role(key.partition(":")[0]), answer.by_name.rpartition(" ")[0] or answer.by_name, answer=answer)


def _key(held: Appointment) -> str:
    scope = {name: getattr(held, name) for name in ("supervisor_id", "unit_id", "community_id", "grid_id")}
    return undo.office_of(Actor(held.role, "", **scope))


def _members(notice: Notice) -> Select:
    """The members with a login to whom a notice goes."""
    held = audience.holders(notice.addressees).where(Appointment.role == Role.MEMBER)
    ids = held.with_only_columns(Member.id, maintain_column_froms=True).order_by(None)
    return select(Member).where(Member.id.in_(ids))


def _has_answered(notice: Notice):
    return exists().where(NoticeAnswer.notice_id == notice.id, NoticeAnswer.member_id == Member.id)


def members_missing(notice: Notice) -> Select:
    """The members who have not answered, with their units; sorted and paged by who asks."""
    return _members(notice).where(~_has_answered(notice)).options(joinedload(Member.unit))


def members_given(notice: Notice) -> Select:
    """The answers that members gave, with their units; paged by who asks."""
    rows = select(NoticeAnswer).where(NoticeAnswer.notice_id == notice.id, NoticeAnswer.member_id.is_not(None))
    return rows.options(joinedload(NoticeAnswer.member).joinedload(Member.unit))


def _count(rows: Select) -> int:
    model = rows.column_descriptions[0]["entity"]
    return db.session.scalar(select(func.count()).select_from(rows.with_only_columns(model.id).subquery())) or 0
