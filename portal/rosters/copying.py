"""Staged members into the roster and back: a few statements each, whatever the number of members."""

import datetime as dt

from sqlalchemy import ColumnElement, and_, case, delete, insert, literal, select, text, update

from portal.extensions import Base, db
from portal.people.models import Member, MemberStatus
from portal.rosters.models import KEPT, ImportRow, RosterImport, RowResult, staged_members

_WRITING_LOCK = 4242_2015  # PostgreSQL: two imports never write at once, so nobody gets onto two rosters
_row_of_staged = and_(
    ImportRow.roster_id == staged_members.c.roster_id, ImportRow.position == staged_members.c.position
)


def hold_writing() -> None:
    """Let no other import write until this transaction ends (SQLite's write lock does that by itself)."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITING_LOCK})


def altered(roster: RosterImport, before: bool) -> list[str]:
    """The names of those who no longer stand as they stood before this import, or as it left them."""
    members = Member.__table__
    unchanged = [members.c[name].is_not_distinct_from(staged_members.c[name]) for name in KEPT]
    return _names(
        select(staged_members.c.name)
        .join(ImportRow, _row_of_staged)
        .outerjoin(members, and_(members.c.id == ImportRow.member_id, members.c.unit_id == roster.unit_id, *unchanged))
        .where(_staged(roster, before), members.c.id.is_(None))
    )


def already_there(roster: RosterImport) -> list[str]:
    """The names of those whom this import holds for new, but whom some roster names by now."""
    return _names(
        select(Member.name)
        .join(staged_members, staged_members.c.identity_index == Member.identity_index)
        .join(ImportRow, _row_of_staged)
        .where(_staged(roster, before=False), ImportRow.result == RowResult.NEW)
        .where(Member.status != MemberStatus.MERGED)
    )


def in_use(roster: RosterImport) -> list[str]:
    """The names of this import's new members on whom something was built since: a login, a registration, a wish."""
    new = _new_members(roster)
    names: set[str] = set()
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if table is not ImportRow.__table__ and column.references(Member.__table__.c.id):
                users = select(Member.name).where(Member.id.in_(new), Member.id.in_(select(column)))
                names |= set(db.session.scalars(users))
    return sorted(names)


def enter(roster: RosterImport, since: dt.date) -> None:
    """Put the new members onto the unit's roster from this day, and note on each row who they became."""
    staged = [staged_members.c[name] for name in KEPT]
    fixed = {"unit_id": literal(roster.unit_id), "since": literal(since), "version": literal(1)}
    new = (
        select(*staged, *fixed.values())
        .join(ImportRow, _row_of_staged)
        .where(_staged(roster, before=False), ImportRow.result == RowResult.NEW)
        .order_by(staged_members.c.position)
    )
    db.session.execute(insert(Member.__table__).from_select([*KEPT, *fixed], new))
    became = (
        select(Member.id)
        .join(staged_members, and_(staged_members.c.identity_index == Member.identity_index,
                                   staged_members.c.seal_id == Member.seal_id))
        .where(_row_of_staged, ~staged_members.c.before)
        .correlate(ImportRow)
        .scalar_subquery()
    )  # fmt: skip
    rows = (ImportRow.roster_id == roster.id, ImportRow.result == RowResult.NEW)
    db.session.execute(_quietly(update(ImportRow).where(*rows).values(member_id=became)))


def copy_over(roster: RosterImport, before: bool) -> None:
    """Let the changed members stand as after the import, or as before it; a new home has no grid yet."""
    members = Member.__table__
    same_home = members.c.community_id.is_not_distinct_from(staged_members.c.community_id)
    values: dict = {name: staged_members.c[name] for name in KEPT}
    values |= {"grid_id": case((same_home, members.c.grid_id), else_=None), "version": members.c.version + 1}
    changed = (_row_of_staged, ImportRow.result == RowResult.CHANGED, members.c.id == ImportRow.member_id)
    db.session.execute(_quietly(update(members).where(_staged(roster, before), *changed).values(values)))


def take_out(roster: RosterImport) -> None:
    """Delete the members that this import brought; rows of other imports no longer lead to them."""
    ids = list(db.session.scalars(_new_members(roster)))
    db.session.execute(_quietly(update(ImportRow).where(ImportRow.member_id.in_(ids)).values(member_id=None)))
    db.session.execute(_quietly(delete(Member).where(Member.id.in_(ids))))


def forget(roster_id: int) -> None:
    """Delete the rows of an import and what was staged for it."""
    db.session.execute(delete(staged_members).where(staged_members.c.roster_id == roster_id))
    db.session.execute(_quietly(delete(ImportRow).where(ImportRow.roster_id == roster_id)))


def _staged(roster: RosterImport, before: bool) -> ColumnElement[bool]:
    return and_(staged_members.c.roster_id == roster.id, staged_members.c.before.is_(before))


def _new_members(roster: RosterImport):
    return select(ImportRow.member_id).where(
        ImportRow.roster_id == roster.id, ImportRow.result == RowResult.NEW, ImportRow.member_id.is_not(None)
    )


def _names(names) -> list[str]:
    return sorted(set(db.session.scalars(names)))


def _quietly(statement):
    # The session holds none of these rows; looking for them costs more than the statement.
    return statement.execution_options(synchronize_session=False)
