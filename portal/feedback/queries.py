"""Which bulletins one may see, what stands in one, and in which quarters there are some."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from portal.actors import Actor, Role
from portal.extensions import db
from portal.feedback.models import Bulletin, BulletinLine, BulletinRecord, BulletinState, Part
from portal.feedback.quarters import QuarterOf
from portal.people.models import Community, Member, Unit
from portal.people.queries import communities_of, in_unit_scope
from portal.records.models import ServiceRecord
from portal.scheme import queries as scheme

S = BulletinState
TOLD = (S.SENT, S.ACKNOWLEDGED)
SUMMED = (
    "times", "half_hours", "activities", "wishes", "visits", "suggestions", "late_times", "late_half_hours",
    "back_times", "back_half_hours",
)  # fmt: skip
READERS = (Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)


def visible_to(by: Actor) -> Select:
    """The bulletins of the own community, sent to the own unit or to one below, of the own town's communities, all."""
    shown = (joinedload(Bulletin.unit), joinedload(Bulletin.community).joinedload(Community.town))
    return select(Bulletin).where(scope_of(by)).options(*shown)


def scope_of(by: Actor) -> ColumnElement[bool]:
    """The condition that a bulletin is this person's to read; a unit's side reads what was sent to it."""
    match by.role:
        case Role.CLERK:
            return Bulletin.community_id == by.community_id if by.community_id else false()
        case Role.TOWN:
            return or_(Bulletin.community_id.in_(communities_of(by.supervisor_id)), _told(by))
        case Role.LIAISON | Role.DEPARTMENT | Role.COMMITTEE:
            return _told(by)
        case Role.COUNTY:
            return true()
        case _:
            return false()


def _told(by: Actor) -> ColumnElement[bool]:
    return and_(in_unit_scope(by, Bulletin.unit_id), Bulletin.state.in_(TOLD))


def listed(
    by: Actor, of: QuarterOf | None = None, state: BulletinState | None = None, unit_id: int | None = None,
    community_id: int | None = None,
) -> Select:  # fmt: skip
    """The list, narrowed to a quarter, a state, a unit, a community."""
    rows = visible_to(by)
    if of:
        rows = rows.where(Bulletin.year == of.year, Bulletin.quarter == of.quarter)
    if state:
        rows = rows.where(Bulletin.state == state)
    if unit_id:
        rows = rows.where(Bulletin.unit_id == unit_id)
    return rows.where(Bulletin.community_id == community_id) if community_id else rows


def to_send(by: Actor) -> Select:
    """The bulletins that wait for this clerk to be sent."""
    rows = listed(by, state=S.COMPILED).where(scheme.is_of_open_year(Bulletin.year))
    return rows if by.is_in(Role.CLERK) else visible_to(by).where(false())


def to_acknowledge(by: Actor) -> Select:
    """The bulletins that wait for this liaison to be acknowledged."""
    rows = listed(by, state=S.SENT).where(scheme.is_of_open_year(Bulletin.year))
    return rows if by.is_in(Role.LIAISON) else visible_to(by).where(false())


def quarters(by: Actor) -> list[QuarterOf]:
    """The quarters of which this person may see bulletins, the latest first."""
    seen = select(Bulletin.year, Bulletin.quarter).where(scope_of(by)).distinct()
    rows = db.session.execute(seen.order_by(Bulletin.year.desc(), Bulletin.quarter.desc()))
    return [QuarterOf(year, quarter) for year, quarter in rows]


def counts_by_state(by: Actor, of: QuarterOf | None) -> dict[BulletinState, int]:
    """How many bulletins of each state this person may see, of a quarter or of all."""
    rows = listed(by, of).with_only_columns(Bulletin.state, func.count()).order_by(None)
    return dict(iter(db.session.execute(rows.group_by(Bulletin.state))))


def units_told(by: Actor) -> list[tuple[int, str]]:
    """The units of which this person may see bulletins, as (id, name), by name."""
    seen = exists().where(Bulletin.unit_id == Unit.id, scope_of(by))
    return [(key, name) for key, name in db.session.execute(select(Unit.id, Unit.name).where(seen).order_by(Unit.name))]


def communities_telling(by: Actor) -> list[tuple[int, str]]:
    """The communities whose bulletins this person may see, as (id, name), by name."""
    seen = exists().where(Bulletin.community_id == Community.id, scope_of(by))
    rows = select(Community.id, Community.name).where(seen).order_by(Community.name)
    return [(key, name) for key, name in db.session.execute(rows)]


def lines_of(bulletin_ids: Sequence[int]) -> Select:
    """The lines of these bulletins, by member's name."""
    rows = select(BulletinLine).join(BulletinLine.member).where(BulletinLine.bulletin_id.in_(bulletin_ids))
    return rows.order_by(Member.pinyin, BulletinLine.id).options(contains_eager(BulletinLine.member))


def records_of(bulletin: Bulletin, part: Part, most: int) -> list[ServiceRecord]:
    """The records that stand in a bulletin as this, the earliest first, `most` of them."""
    rows = (
        select(ServiceRecord)
        .join(BulletinRecord, BulletinRecord.record_id == ServiceRecord.id)
        .where(BulletinRecord.bulletin_id == bulletin.id, BulletinRecord.part == part)
        .options(joinedload(ServiceRecord.member))
    )
    return list(db.session.scalars(rows.order_by(ServiceRecord.day, ServiceRecord.id).limit(most)))


def is_told(record_id: int) -> bool:
    """Whether a unit was told of a record: it stands in a bulletin that was sent."""
    told = select(BulletinRecord.id).join(BulletinRecord.bulletin).where(BulletinRecord.record_id == record_id)
    return db.session.scalar(told.where(Bulletin.state.in_(TOLD)).limit(1)) is not None


def is_taken_back(record_id: int) -> bool:
    """Whether a bulletin has said that a record no longer counts."""
    rows = select(BulletinRecord.id).where(BulletinRecord.record_id == record_id)
    return db.session.scalar(rows.where(BulletinRecord.part == Part.TAKEN_BACK).limit(1)) is not None


def count(rows: Select) -> int:
    """How many a list has."""
    model = rows.column_descriptions[0]["entity"]
    ids = rows.with_only_columns(model.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def sums_of(bulletin: Bulletin) -> dict[str, int]:
    """The sums of a bulletin's lines by column, and how many members served (`served`)."""
    sums = [func.coalesce(func.sum(getattr(BulletinLine, name)), 0).label(name) for name in SUMMED]
    served = func.count(case((BulletinLine.times > 0, 1))).label("served")
    row = db.session.execute(select(*sums, served).where(BulletinLine.bulletin_id == bulletin.id)).one()
    return dict(row._mapping)
