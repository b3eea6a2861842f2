"""Which remarks one may see, whom one may be about, and what waits."""

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member, Unit
from portal.people.queries import communities_of
from portal.remarks.models import Remark, RemarkState
from portal.teams.reception import is_received
from portal.wishes.models import Claim, ClaimPerson

S = RemarkState
# A member reads what was put or passed on to them, never what was declined.
TOLD = (S.PUT, S.ANSWERED, S.SETTLED)


def visible_to(by: Actor) -> Select:
    """The remarks to one's community, to those of one's town, or passed on to oneself; nobody reads one on themselves
    in an office.
    """
    shown = (joinedload(Remark.community), joinedload(Remark.member).joinedload(Member.unit), joinedload(Remark.wish))
    return select(Remark).where(_scope(by)).options(*shown)


def _scope(by: Actor) -> ColumnElement[bool]:
    match by.role:
        case Role.MEMBER:
            return and_(Remark.member_id == by.member_id, Remark.state.in_(TOLD))
        case Role.CLERK:
            return and_(Remark.community_id == by.community_id, _of_others(by))
        case Role.TOWN:
            return and_(Remark.community_id.in_(communities_of(by.supervisor_id)), _of_others(by))
        case _:
            return false()


def _of_others(by: Actor) -> ColumnElement[bool]:
    own = Remark.member_id == by.self_member_id
    return true() if by.self_member_id is None else or_(Remark.member_id.is_(None), ~own)


def in_state(by: Actor, state: RemarkState | None) -> Select:
    """The remarks of a list, of one state or all."""
    rows = visible_to(by)
    return rows.where(Remark.state == state) if state else rows


def may_be_about(remark: Remark) -> list[tuple[int, str]]:
    """The members whom a remark may be about, as (id, name with unit): received by the community, or who helped with
    the wish that it names.
    """
    about = is_received(Member.id, remark.community_id)
    if remark.wish_id is not None:
        mine = (Claim.wish_id == remark.wish_id,)
        alone = exists().where(*mine, Claim.member_id == Member.id)
        sent = exists().where(*mine, ClaimPerson.claim_id == Claim.id, ClaimPerson.member_id == Member.id)
        about = or_(about, alone, sent)
    rows = select(Member.id, Member.name, Unit.name).join(Unit, Unit.id == Member.unit_id).where(about)
    found = db.session.execute(rows.order_by(Member.pinyin, Member.id))
    return [(key, f"{name}（{unit}）") for key, name, unit in found]


def count(rows: Select) -> int:
    """How many remarks a list has."""
    ids = rows.with_only_columns(Remark.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
