"""A row of the workbook and what becomes of it; its columns as JSON keeps them."""

import base64
import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Table

from portal.extensions import Base
from portal.firstday.models import Part
from portal.labels import Labelled
from portal.people.models import Community, Estate, Grid, Member, Supervisor, Unit
from portal.records.models import ServiceRecord
from portal.registrations.models import Registration
from portal.rosters.models import RowResult

MODELS: dict[Part, type[Base]] = {
    Part.SUPERVISORS: Supervisor,
    Part.UNITS: Unit,
    Part.COMMUNITIES: Community,
    Part.GRIDS: Grid,
    Part.ESTATES: Estate,
    Part.MEMBERS: Member,
    Part.REGISTRATIONS: Registration,
    Part.RECORDS: ServiceRecord,
}


@dataclass
class Plan:
    """One row and what becomes of it; `after` and `before` are columns of its table.

    Until it is written, other rows refer to it by `-position`.
    """

    part: Part
    position: int
    sheet: str
    line: int
    name: str
    result: RowResult = RowResult.BAD
    problems: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    note: str = ""
    row_id: int | None = None
    after: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    def refuse(self, label: str, reason: str) -> None:
        """Say what is wrong with the row; it will not be written."""
        self.result = RowResult.BAD
        self.problems.append((label, reason))


def packed(values: dict[str, Any]) -> dict[str, Any]:
    """Columns as JSON holds them."""
    return {name: _packed(value) for name, value in values.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, Labelled):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def unpacked(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Columns as the table takes them."""
    return {name: _unpacked(table.c[name].type, value) for name, value in values.items()}


def _unpacked(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if (labelled := getattr(kind, "enum_class", None)) is not None:
        return labelled(value)
    if kind.python_type is dt.date:
        return dt.date.fromisoformat(value)
    return base64.b64decode(value) if kind.python_type is bytes else value


@cache
def references(part: Part) -> list[str]:
    """The columns of this part's table that may refer to rows of the same import."""
    tables = {model.__tablename__ for model in MODELS.values()}
    return [
        column.name
        for column in MODELS[part].__table__.c
        if any(key.column.table.name in tables for key in column.foreign_keys)
    ]
