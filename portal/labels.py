"""Enums that carry their Chinese label: stored by value, checked by the database, shown by label."""

import enum

import sqlalchemy as sa
from sqlalchemy.orm import MappedColumn, mapped_column
from wtforms import SelectChoice


class Labelled(enum.Enum):
    """An enum whose members are written `NAME = "value", "中文"`."""

    label: str

    def __new__(cls, value: str, label: str = ""):
        """A member whose value is the stored word and whose label is what people read."""
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[SelectChoice]:
        """The members as choices for a form's select or checkboxes."""
        return [SelectChoice(member.value, member.label) for member in cls]

    @classmethod
    def of(cls, value: object):
        """The member of this value, or None when there is none (a query string may hold anything)."""
        try:
            return cls(value)  # type: ignore[call-arg, arg-type]
        except ValueError:
            return None

    @classmethod
    def by_label(cls, label: str):
        """The member of this Chinese label, or None."""
        return next((member for member in cls if member.label == label), None)


def stored(kind: type[Labelled]) -> sa.Enum:
    """The column type of a Labelled enum: text with a CHECK, the same on SQLite and PostgreSQL."""
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
    return sa.Enum(
        kind,
        name=name,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
    )


def labelled(kind: type[Labelled], **options) -> MappedColumn:
    """A mapped column that holds a member of this enum."""
    return mapped_column(stored(kind), **options)


class Category(Labelled):
    """The eight categories of posts, activities, wishes and intentions alike.  [二(二)2]"""

    POLICY = "policy", "政策宣传"
    LEGAL = "legal", "法律援助"
    MEDICAL = "medical", "医疗保健"
    POVERTY = "poverty", "扶贫帮困"
    CONVENIENCE = "convenience", "便民利民"
    CULTURE = "culture", "文化娱乐"
    ORDER = "order", "治安调解"
    ENVIRONMENT = "environment", "环境保护"
