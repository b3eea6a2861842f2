"""The rows of an import into their tables: read and unsealed before anything is locked, then a few statements."""

import json
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from portal import audit, clock, vault
from portal.actors import Actor, Role
from portal.errors import RuleBroken
from portal.extensions import db
from portal.firstday.cases import GRID
from portal.firstday.models import FirstdayImport, FirstdayRow, Part
from portal.firstday.plans import MODELS, references, unpacked
from portal.inserting import insert_many
from portal.people.models import Member, MemberStatus, Unit
from portal.records.opening import open_records
from portal.registrations.opening import open_filed, taken_since
from portal.rosters.copying import hold_writing
from portal.rosters.models import RowResult

NAMED = 5  # rows that a refusal names
MOVED = "在预览之后有了变动，请放弃这次导入，重新上传核对。"
_AT_ONCE = 500  # values in one IN


@dataclass(frozen=True)
class Line:
    """One row to be written: the columns after it and, for a change, before it."""

    id: int
    position: int
    part: Part
    result: RowResult
    row_id: int | None
    after: dict[str, Any]
    before: dict[str, Any]


@dataclass
class Lines:
    """What is to be written, by part, and what rows of this import have become."""

    by_part: dict[Part, list[Line]]
    became: dict[int, int] = field(default_factory=dict)

    def of(self, part: Part, result: RowResult) -> list[Line]:
        """The lines of a part with this result, in the order of the workbook."""
        return [line for line in self.by_part.get(part, []) if line.result is result]

    def resolved(self, part: Part, values: dict[str, Any]) -> dict[str, Any]:
        """The columns with each reference to a row of this import replaced by the id that it has now."""
        names = [name for name in references(part) if name in values and (values[name] or 0) < 0]
        return values | {name: self.became[-values[name]] for name in names}


def lines_of(firstday_id: int) -> Lines:
    """The rows of an import that write something, unsealed."""
    table = FirstdayRow.__table__.c
    columns = (table.id, table.position, table.part, table.result, table.row_id, table.seal_id, table.facts_sealed)
    rows = select(*columns).where(table.firstday_id == firstday_id, table.facts_sealed.is_not(None))
    found = [_line(*row) for row in db.session.execute(rows.order_by(table.position))]
    return Lines({part: list(lines) for part, lines in groupby(found, key=lambda line: line.part)})


def _line(row: int, position: int, part: Part, result: RowResult, row_id: int | None, seal: str, facts: bytes) -> Line:
    kept = json.loads(vault.unseal(facts, f"{FirstdayRow.__tablename__}.facts:{seal}"))
    after, before = (unpacked(MODELS[part].__table__, kept[name]) for name in ("after", "before"))
    return Line(row, position, part, result, row_id, after, before)


def write(firstday: FirstdayImport, by: Actor, lines: Lines) -> None:
    """Write all rows in this transaction, or RuleBroken when something changed since they were looked at."""
    hold_writing()
    role = Role(firstday.by_role)  # type: ignore[call-arg]
    importer = Actor(role, firstday.by_name, firstday.by_user_id, firstday.by_appointment_id)
    for part in Part:
        change(part, [(line.row_id or 0, line.before, line.after) for line in lines.of(part, RowResult.CHANGED)], lines)
        new = lines.of(part, RowResult.NEW)
        ids = _insert(part, [lines.resolved(part, line.after) for line in new], importer, by)
        lines.became |= dict(zip((line.position for line in new), ids, strict=True))
    _grids(lines)
    _note_what_became(lines)


def _insert(part: Part, rows: list[dict], importer: Actor, by: Actor) -> list[int]:
    match part:
        case Part.MEMBERS:
            return _members(rows)
        case Part.REGISTRATIONS:
            if taken := taken_since([row["member_id"] for row in rows]):
                raise RuleBroken(f"{_named(taken)}的报到{MOVED}")
            return open_filed(rows, importer, by)
        case Part.RECORDS:
            return open_records(_with_supervisors(rows), importer, by)
        case _:
            ids = _places(part, rows)
            audit.write_many(by, f"{part.value}.add", part.value, ids)
            return ids


def change(part: Part, changes: list[tuple[int, dict, dict]], lines: Lines | None = None) -> None:
    """Let rows stand as `after`, given as (id, before, after); RuleBroken when one does not stand as `before`."""
    table = MODELS[part].__table__
    for row_id, before, after in changes:
        if lines is not None:
            before, after = lines.resolved(part, before), lines.resolved(part, after)
        unchanged = [table.c[name].is_not_distinct_from(value) for name, value in before.items()]
        values: dict[str, Any] = dict(after)
        if "version" in table.c:
            values["version"] = table.c.version + 1
        done = db.session.execute(update(table).where(table.c.id == row_id, *unchanged).values(values))
        if done.rowcount != 1:  # type: ignore[attr-defined]
            name = db.session.scalar(select(table.c.name).where(table.c.id == row_id)) or "有一行"
            raise RuleBroken(f"{name}的资料{MOVED}")


def _places(part: Part, rows: list[dict]) -> list[int]:
    table = MODELS[part].__table__
    within = "community_id" in table.c and part is not Part.COMMUNITIES
    ids = []
    for row in rows:
        same = table.c.name == row["name"]
        if "code" in table.c and not within:
            same |= table.c.code == row["code"]
        elif "code" in table.c:
            same = table.c.code == row["code"]
        if within:
            same &= table.c.community_id == row["community_id"]
        if db.session.scalar(select(table.c.id).where(same).limit(1)):
            raise RuleBroken(f"{part.label}“{row['name']}”{MOVED}")
        ids.append(db.session.execute(insert(table).values(row).returning(table.c.id)).scalar_one())
    return ids


def _members(rows: list[dict]) -> list[int]:
    table = Member.__table__
    identities = [row["identity_index"] for row in rows]
    for start in range(0, len(identities), _AT_ONCE):
        there = table.c.identity_index.in_(identities[start : start + _AT_ONCE])
        some = select(table.c.name).where(there, table.c.status != MemberStatus.MERGED)
        if names := list(db.session.scalars(some)):
            raise RuleBroken(f"{_named(names)}{MOVED}")
    given = {"since": clock.today(), "status": MemberStatus.ACTIVE}
    return insert_many(table, [row | given for row in rows], "seal_id")


def _grids(lines: Lines) -> None:
    """Let members without a grid have that of their registration."""
    part, table = Part.REGISTRATIONS, Member.__table__
    values = [
        {"of": lines.resolved(part, line.after)["member_id"], "grid": lines.resolved(part, line.before)[GRID]}
        for line in lines.of(part, RowResult.NEW)
        if line.before
    ]
    if values:
        where = (table.c.id == bindparam("of"), table.c.grid_id.is_(None))
        db.session.execute(update(table).where(*where).values(grid_id=bindparam("grid")), values)


def _with_supervisors(rows: list[dict]) -> list[dict]:
    of_unit = dict(iter(db.session.execute(select(Unit.id, Unit.supervisor_id)))) if rows else {}
    return [row | {"supervisor_id": of_unit[row["unit_id"]]} for row in rows]


def _note_what_became(lines: Lines) -> None:
    """Keep on each row which row it is now, so that all can be undone; all of them are new or just changed."""
    table = FirstdayRow.__table__
    values = [
        {"of": line.id, "became": lines.became.get(line.position, line.row_id)}
        for part in lines.by_part.values()
        for line in part
    ]
    if values:
        where = table.c.id == bindparam("of")
        db.session.execute(update(table).where(where).values(row_id=bindparam("became")), values)


def _named(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等{len(names)}人" if len(names) > NAMED else "")
