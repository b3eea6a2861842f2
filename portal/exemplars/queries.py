"""Which model volunteers one may see, and which were confirmed in a year."""

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.actors import Actor, Role
from portal.exemplars.models import STANDING, Exemplar, ExemplarState, Lead
from portal.exemplars.models import ExemplarLead as Line
from portal.extensions import db
from portal.history import HistoryLine
from portal.people.models import Member, Unit
from portal.people.queries import communities_of, in_unit_scope
from portal.registrations.queries import is_received
from portal.scheme.models import SchemeYear

S = ExemplarState
READERS = (
    Role.MEMBER, Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip


def visible_to(by: Actor) -> Select:
    """Whom the county has confirmed, for everybody inside; nominations of the own scope, but none on oneself."""
    shown = (
        contains_eager(Exemplar.member), joinedload(Exemplar.unit), joinedload(Exemplar.community),
        joinedload(Exemplar.supervisor), selectinload(Exemplar.lines),
    )  # fmt: skip
    return select(Exemplar).join(Exemplar.member).where(_seen(by)).options(*shown)


def _seen(by: Actor) -> ColumnElement[bool]:
    if not by.is_in(*READERS):
        return false()
    return or_(Exemplar.state == S.CONFIRMED, _scope(by))


def _scope(by: Actor) -> ColumnElement[bool]:
    """The nominations that are this person's business, whatever their state."""
    not_own = Exemplar.member_id != by.self_member_id if by.self_member_id else true()
    match by.role:
        case Role.MEMBER:
            return and_(Exemplar.member_id == by.member_id, Exemplar.state == S.REVOKED)
        case Role.CLERK:
            return and_(Exemplar.community_id == by.community_id, not_own)
        case Role.TOWN:
            below = Exemplar.community_id.in_(communities_of(by.supervisor_id))
            return and_(or_(below, Exemplar.supervisor_id == by.supervisor_id), not_own)
        case Role.DEPARTMENT:
            return and_(Exemplar.supervisor_id == by.supervisor_id, not_own)
        case Role.LIAISON | Role.COMMITTEE | Role.COUNTY:
            return and_(in_unit_scope(by, Exemplar.unit_id), not_own)
        case _:
            return false()


def reads_evidence(row: Exemplar, by: Actor) -> bool:
    """Whether the records of this member's year are this person's to read: not of whoever reads only who it became."""
    if by.is_in(Role.MEMBER):
        return by.is_self(row.member_id)
    ids = select(Exemplar.id).where(Exemplar.id == row.id, _scope(by))
    return db.session.scalar(ids) is not None


def listed(
    by: Actor, year: int | None = None, state: ExemplarState | None = None, lead: Lead | None = None,
    community_id: int | None = None,
) -> Select:  # fmt: skip
    """The list of a year, narrowed."""
    rows = visible_to(by)
    if year:
        rows = rows.where(Exemplar.year == year)
    if state:
        rows = rows.where(Exemplar.state == state)
    if lead:
        rows = rows.where(Exemplar.id.in_(select(Line.exemplar_id).where(Line.lead == lead)))
    if community_id:
        rows = rows.where(Exemplar.community_id == community_id)
    return rows


def confirmed_in(year: int) -> Select:
    """The model volunteers of a year as the county confirmed them; unit, body and community stand on the row."""
    return select(Exemplar).where(Exemplar.year == year, Exemplar.state == S.CONFIRMED)


def confirmed_years(member_id: int | None) -> list[tuple[int, str]]:
    """The years of which a member is a confirmed model volunteer, as (year, number), the latest first."""
    rows = select(Exemplar.year, Exemplar.number)
    rows = rows.where(Exemplar.member_id == member_id, Exemplar.state == S.CONFIRMED)
    return [(year, number) for year, number in db.session.execute(rows.order_by(Exemplar.year.desc()))]


def standing(member_id: int, year: int) -> Exemplar | None:
    """The nomination of a member that stands in a year, or None."""
    rows = select(Exemplar).where(Exemplar.member_id == member_id, Exemplar.year == year, Exemplar.state.in_(STANDING))
    return db.session.scalar(rows)


def to_nominate(by: Actor) -> list[tuple[int, str]]:
    """The members whom a clerk may nominate, as (id, name with unit), by name: received there, not oneself."""
    rows = select(Member.id, Member.name, Unit.name).join(Unit, Unit.id == Member.unit_id)
    rows = rows.where(is_received(Member.id, by.community_id), Member.id.is_distinct_from(by.self_member_id))
    found = db.session.execute(rows.order_by(Member.pinyin, Member.id))
    return [(key, f"{name}（{unit}）") for key, name, unit in found]


def to_decide(by: Actor) -> Select:
    """The nominations that wait for the county: none that one wrote, nor a part of it."""
    return visible_to(by).where(Exemplar.state == S.NOMINATED, _scope(by), ~_written_by(by))


def has_written(row: Exemplar, by: Actor) -> bool:
    """Whether this person nominated, or amended what was nominated, in whatever office."""
    ids = select(Exemplar.id).where(Exemplar.id == row.id, _written_by(by))
    return db.session.scalar(ids) is not None


def _written_by(by: Actor) -> ColumnElement[bool]:
    if by.user_id is None:
        return false()
    amended = exists().where(
        HistoryLine.kind == Exemplar.__tablename__, HistoryLine.row_id == Exemplar.id, HistoryLine.verb == "amend",
        HistoryLine.by_user_id == by.user_id,
    )  # fmt: skip
    return or_(Exemplar.nominated_by_user_id.is_not_distinct_from(by.user_id), amended)


def to_amend(by: Actor) -> Select:
    """The nominations that the county returned to this community."""
    return visible_to(by).where(Exemplar.state == S.RETURNED, _scope(by))


def nominated_by(by: Actor) -> Select:
    """The nominations of this community that the county has not decided, or returned."""
    return visible_to(by).where(_scope(by), Exemplar.state.in_((S.NOMINATED, S.RETURNED)))


def years() -> list[int]:
    """The years of which anybody was nominated, the latest first."""
    return list(db.session.scalars(select(Exemplar.year).distinct().order_by(Exemplar.year.desc())))


def is_closed(year: int) -> bool:
    """Whether the county has closed a year."""
    rows = select(SchemeYear.id).where(SchemeYear.year == year, SchemeYear.closed_at.is_not(None))
    return db.session.scalar(rows) is not None


def count(rows: Select) -> int:
    """How many a list has."""
    ids = rows.with_only_columns(Exemplar.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
