"""What a year's closing finds: for each kind of thing that is left of the year what becomes of it, and the list.

`ends` says what of it is closed with the year, `in the way` what somebody has to finish before; the rest goes on.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from portal.labels import Labelled


class Fate(Labelled):
    """What becomes of a thing when its year is closed."""

    IN_THE_WAY = "in_the_way", "先要办完"
    ENDS = "ends", "随结账终止"
    MOVES = "moves", "结转下一年"
    STANDS = "stands", "照常延续"


@dataclass(frozen=True)
class Line:
    """One thing of a list in words: what it is, with whom it lies, since when, and its page if one may open it."""

    what: str
    waits_for: str
    since: dt.date | None = None
    endpoint: str = ""
    key: int | str | None = None
    noun: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of thing: key, label, what becomes of it and how that is told, its rows of a year, a row as a line."""

    key: str
    label: str
    fate: Fate
    told: str
    rows: Callable[[int], Select]
    line: Callable[[Any], Line]


KINDS: dict[str, Kind] = {}


def kind(key: str, label: str, fate: Fate, told: str, rows: Callable[[int], Select]) -> Callable:
    """Enter a kind of thing: the decorated function tells one of its rows as a line."""

    def enter(line: Callable[[Any], Line]) -> Callable[[Any], Line]:
        KINDS[key] = Kind(key, label, fate, told, rows, line)
        return line

    return enter


def span(year: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)
