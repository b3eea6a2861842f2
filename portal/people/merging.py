"""Two rows of one person become one row: what names a member, and what each room says of its own rows.

Every foreign key to a member is found in the metadata, so that no room is forgotten: its rows go over to the row
that stays. A room whose rows can't simply go over (a member has one of them, or one a year) says which of them stay
behind and what becomes of these, by `when_merged`. The tests let no column pass that is unique and has no such rule.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.actors import Actor
from portal.extensions import Base, db
from portal.people.models import Member

Names = Any  # a mapped column that names a member


@dataclass(frozen=True)
class Merging:
    """What is merged by whom: the row `gone` becomes one with the row `kept`."""

    kept: Member
    gone: Member
    by: Actor

    @property
    def words(self) -> str:
        """Why something follows, for the history of what it happens to."""
        return f"重复记录已合并，保留{self.kept.unit.name}名册上的一条"

    @property
    def changes_unit(self) -> bool:
        """Whether the two rows stand on the rosters of two units."""
        return self.kept.unit_id != self.gone.unit_id


@dataclass(frozen=True)
class Rule:
    """What a room says of one of its columns: how its rows are called, which stay behind, what happens to them.

    `stays(kept, gone)` are the rows that keep naming the row that goes; `settle(merging)` is called before the
    others go over; `foreseen(kept, gone)` says beforehand, a line each, what `settle` would do.
    """

    noun: str
    stays: Callable[[Member, Member], Collection] | None = None
    settle: Callable[[Merging], None] | None = None
    foreseen: Callable[[Member, Member], list[str]] | None = None


_rules: dict[Column, Rule] = {}
_also: dict[Column, Names] = {}
OTHER = Rule("其他事项")


def when_merged(
    column: Names,
    noun: str,
    stays: Callable[[Member, Member], Collection] | None = None,
    settle: Callable[[Merging], None] | None = None,
    foreseen: Callable[[Member, Member], list[str]] | None = None,
) -> None:
    """A room says what becomes of its rows that name a member in this column, see Rule."""
    _rules[_of(column)] = Rule(noun, stays, settle, foreseen)


def also_names(column: Names, noun: str) -> None:
    """A room names a column that holds a member's id without being a foreign key."""
    _also[_of(column)] = column
    _rules[_of(column)] = Rule(noun)


def none_stay(kept: Member, gone: Member) -> Collection:
    """Every row goes over: `settle` sees to it that none clashes."""
    return ()


def rule_of(column: Names) -> Rule:
    """What its room says of a column, or that its rows simply go over."""
    return _rules.get(_of(column), OTHER)


def has_rule(column: Names) -> bool:
    """Whether a room has said which rows of this column stay behind."""
    return rule_of(column).stays is not None


def names_of_members() -> list[InstrumentedAttribute]:
    """All columns that name a member: first those of which rooms said something, in the order of the rooms."""
    found: dict[Column, Names] = dict(_also)
    for mapper in Base.registry.mappers:
        for column in mapper.local_table.c:
            if isinstance(column, Column) and column.references(Member.__table__.c.id):
                found[column] = mapper.get_property_by_column(column).class_attribute
    order = {column: place for place, column in enumerate(_rules)}
    return sorted(found.values(), key=lambda each: (order.get(_of(each), len(order)), str(each)))


def rows_naming(column: Names, member: Member) -> list:
    """The rows that name this member in this column, the oldest first."""
    model = column.class_
    return list(db.session.scalars(select(model).where(column == member.id).order_by(model.id)))


def going_over(column: Names, kept: Member, gone: Member) -> list:
    """The rows of a column that will name the row that stays."""
    stays = rule_of(column).stays
    left = {row.id for row in stays(kept, gone)} if stays else set()
    return [row for row in rows_naming(column, gone) if row.id not in left]


def _of(column: Names) -> Column:
    return column.property.columns[0]
