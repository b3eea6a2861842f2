"""An import taken back: what it brought is deleted, what it changed stands as before, unless something hangs on it."""

from sqlalchemy import bindparam, delete, select, update

from portal.errors import RuleBroken
from portal.extensions import Base, db
from portal.firstday.cases import GRID
from portal.firstday.models import FirstdayImport, FirstdayRow, Part
from portal.firstday.plans import MODELS
from portal.firstday.writing import Line, Lines, change, lines_of
from portal.history import HistoryLine
from portal.people.models import Member
from portal.rosters.copying import hold_writing
from portal.rosters.models import RowResult

CASES = (Part.REGISTRATIONS, Part.RECORDS)
_PART_OF = {model.__tablename__: part for part, model in MODELS.items()}


def undo(firstday: FirstdayImport) -> None:
    """Take the whole import back in this transaction; RuleBroken when something was built on it."""
    hold_writing()
    lines = lines_of(firstday.id)
    lines.became = {line.position: line.row_id for part in lines.by_part.values() for line in part if line.row_id}
    _check(firstday)
    for part in reversed(Part):
        if part in CASES:
            history = HistoryLine.kind == MODELS[part].__tablename__
            db.session.execute(
                _quietly(delete(HistoryLine).where(history, HistoryLine.row_id.in_(_new(firstday, part))))
            )
        if part is Part.REGISTRATIONS:
            _take_grids_back(lines.of(part, RowResult.NEW), lines)
        table = MODELS[part].__table__
        db.session.execute(delete(table).where(table.c.id.in_(_new(firstday, part))))
        change(part, [(line.row_id or 0, line.after, line.before) for line in lines.of(part, RowResult.CHANGED)], lines)


def _check(firstday: FirstdayImport) -> None:
    """Nothing else refers to what the import brought, and no case of it has moved on."""
    for table in Base.metadata.sorted_tables:
        if table is FirstdayRow.__table__:
            continue
        own = table.c.id.in_(_new(firstday, _PART_OF[table.name])) if table.name in _PART_OF else None
        for column in table.c:
            for part in (_PART_OF.get(key.column.table.name) for key in column.foreign_keys):
                if part is None:
                    continue
                users = select(column).where(column.in_(_new(firstday, part)))
                if own is not None:
                    users = users.where(~own)
                _refuse(part, list(db.session.scalars(users.limit(1))))
    for part in CASES:
        table = MODELS[part].__table__
        moved = select(table.c.id).where(table.c.id.in_(_new(firstday, part)), table.c.version > 1)
        _refuse(part, list(db.session.scalars(moved.limit(1))))


def _refuse(part: Part, used: list[int]) -> None:
    if not used:
        return
    table = MODELS[part].__table__
    if "member_id" in table.c:
        name = select(Member.name).join(table, Member.id == table.c.member_id).where(table.c.id == used[0])
    else:
        name = select(table.c.name).where(table.c.id == used[0])
    what = {Part.REGISTRATIONS: "的报到", Part.RECORDS: "的服务记录"}.get(part, "")
    raise RuleBroken(f"{db.session.scalar(name)}{what}已有后续办理（如账号、名册、服务记录），不能整批撤销。")


def _take_grids_back(new: list[Line], lines: Lines) -> None:
    part, table = Part.REGISTRATIONS, Member.__table__
    values = [
        {"of": lines.resolved(part, line.after)["member_id"], "grid": lines.resolved(part, line.before)[GRID]}
        for line in new
        if line.before
    ]
    if values:
        same = (table.c.id == bindparam("of"), table.c.grid_id == bindparam("grid"))
        db.session.execute(update(table).where(*same).values(grid_id=None), values)


def _new(firstday: FirstdayImport, part: Part):
    """The ids of the rows that the import brought into this part's table."""
    return select(FirstdayRow.row_id).where(
        FirstdayRow.firstday_id == firstday.id, FirstdayRow.part == part, FirstdayRow.result == RowResult.NEW
    )


def _quietly(statement):
    return statement.execution_options(synchronize_session=False)
