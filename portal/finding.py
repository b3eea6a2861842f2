"""Finding people and things by one box: what was typed, and how each room says what it may be found by.

A room's `finding.py` holds a `Kind` for each kind of thing; the desks list all kinds. What is found is what the room's
own `visible_to` lets the person see, never more: not as a line, nor in a count. One query a kind.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, false, func, or_

from portal.actors import Actor
from portal.extensions import db
from portal.labels import Labelled
from portal.numbers import SIGNS, address_number
from portal.paging import Page, page_of
from portal.text import clean, half_width

MOST_LETTERS = 40
CALLED = ("name", "title", "number", "code")
SHOWN = 8  # of each kind, before one asks for all
_SIGN = "".join(SIGNS.values())
_WHOLE = re.compile(
    rf"(?:[^\d\s]{{0,8}}?(?P<sign>[{_SIGN}])?\s*[〔(\[（【]\s*)?(?P<year>20\d\d)\s*[〕)\]）】年\-—–/.]+\s*"
    r"(?P<serial>\d{1,7})\s*号?",
    re.ASCII,
)
_SERIAL = re.compile(r"(?:第\s*)?(?P<serial>\d{1,7})\s*号?", re.ASCII)


@dataclass(frozen=True)
class Sought:
    """What was typed: its words, and the numbers and telephone that it may be.

    `numbers` are in the form of addresses (2026-0012): one where the year was typed (`whole`), that of this year and
    the last where not. `paper` is the kind of paper whose printed number it is (凤进社信〔2026〕0012号).
    """

    words: str
    numbers: tuple[str, ...] = ()
    whole: bool = False
    paper: str = ""

    @property
    def tail(self) -> str:
        """The last four digits of a telephone that this may be, or ''."""
        return self.words if self.words.isascii() and self.words.isdigit() and len(self.words) == 4 else ""

    @property
    def is_text(self) -> bool:
        """Whether it may be a name or a title; a whole number is neither."""
        return not self.whole

    def numbers_of(self, *papers: str) -> tuple[str, ...]:
        """The numbers that it may be of a case with these papers: all, unless it is printed on another paper."""
        return self.numbers if not self.paper or self.paper in papers else ()


def read(typed: str, year: int) -> Sought:
    """What this may mean when it is typed in this year; nothing of nothing."""
    words = half_width(clean(typed))[:MOST_LETTERS].strip()
    if whole := _WHOLE.fullmatch(words):
        number = address_number(int(whole["year"]), int(whole["serial"]))
        papers = [kind for kind, sign in SIGNS.items() if sign == whole["sign"]]
        return Sought(words, (number,), True, papers[0] if papers else "")
    if serial := _SERIAL.fullmatch(words):
        return Sought(words, tuple(address_number(each, int(serial["serial"])) for each in (year, year - 1)))
    return Sought(words)


@dataclass(frozen=True)
class Line:
    """One thing found: what it is called, where its page is, what tells it from others, and its state."""

    label: str
    address: str
    note: str = ""
    state: Labelled | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of thing that can be found.

    `seek(by, sought)` → the rows of one model that this person sees and that fit, or None where nothing of this kind
    is looked for; `line(id, *columns)` makes a line of a row; `keys` sort, before the id; `endpoint` is the page that
    the lines lead to: whoever may not open it finds nothing of this kind. On top stands what is called or numbered
    exactly so, then those for which `best(by, sought)` holds.
    """

    key: str
    title: str
    endpoint: str
    seek: Callable[[Actor, Sought], Select | None]
    columns: tuple
    line: Callable[..., Line]
    keys: tuple = ()
    newest_first: bool = False
    best: Callable[[Actor, Sought], ColumnElement[bool]] | None = None

    def some(self, by: Actor, sought: Sought) -> "Found | None":
        """The first few of what this person finds of this kind, and how many there are; None of nothing."""
        rows = self.seek(by, sought)
        if rows is None:
            return None
        model = rows.column_descriptions[0]["entity"]
        whole = rows.with_only_columns(func.count().over(), model.id, *self.columns, maintain_column_froms=True)
        order = (self._fit(model, by, sought), *self.keys, model.id)
        first = whole.order_by(None).order_by(*(key.desc() if self.newest_first else key for key in order))
        found = db.session.execute(first.limit(SHOWN)).all()
        return Found(self, [self.line(*row[1:]) for row in found], found[0][0]) if found else None

    def page(self, by: Actor, sought: Sought, after: str | None) -> Page:
        """A page of all that this person finds of this kind, as lines."""
        rows = self.seek(by, sought)
        if rows is None:
            return Page([], None)
        keys = (self._fit(rows.column_descriptions[0]["entity"], by, sought), *self.keys)
        found = page_of(rows, after, *keys, newest_first=self.newest_first, columns=self.columns)
        return Page([self.line(*row) for row in found.rows], found.next)

    def _fit(self, model, by: Actor, sought: Sought) -> ColumnElement[int]:
        # How well a row fits what was typed: the first key of the order, which runs backwards when the newest is first.
        named = [column for column in self.columns if column.class_ is model and column.key in CALLED]
        exactly = [column.in_((sought.words, *sought.numbers)) for column in named]
        steps = [or_(false(), *exactly), self.best(by, sought) if self.best else false()]
        marks = (2, 1, 0) if self.newest_first else (0, 1, 2)
        return case(*zip(steps, marks, strict=False), else_=marks[2])


@dataclass(frozen=True)
class Found:
    """What was found of one kind: the first few, and how many in all."""

    kind: Kind
    lines: list[Line]
    total: int


def joined(*parts: str | None) -> str:
    """The words of a line's note, with a dot between; without those that are empty."""
    return " · ".join(part for part in parts if part)
