"""A closed year is read-only: a life cycle says to which year a case belongs, and here its changes are refused.

Which years are closed the room `scheme` says, which records are open for a correction all the same the room `closing`.
A year of the calendar that is not over yet can't be closed, so that most cases ask nobody.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from portal import clock
from portal.errors import TooLate

# Why nothing of a year may be changed, "" where it may; `hold` keeps it so until the end of the transaction.
Reading = Callable[[int, bool], str]

_readings: dict[Reading, None] = {}
_exceptions: dict[Callable[[Any, bool], bool], None] = {}
_lifted: ContextVar[bool] = ContextVar("years_lifted", default=False)


def told_by(reading: Reading) -> None:
    """The room that keeps the years says which are closed."""
    _readings[reading] = None


def except_for(is_open: Callable[[Any, bool], bool]) -> None:
    """A later room says which cases of a closed year may be changed all the same: `is_open(row, hold)`."""
    _exceptions[is_open] = None


@contextmanager
def lifted() -> Iterator[None]:
    """For as long as this lasts the closing itself may end what is left of a year."""
    token = _lifted.set(True)
    try:
        yield
    finally:
        _lifted.reset(token)


def why_closed(year: int | None, row: Any = None, hold: bool = False) -> str:
    """The sentence why nothing of this year may be changed, "" where it may: an open year, or a case left open."""
    if year is None or year >= clock.today().year or _lifted.get():
        return ""
    words = next((words for reading in _readings if (words := reading(year, hold))), "")
    return "" if words and row is not None and any(is_open(row, hold) for is_open in _exceptions) else words


def check(year: int | None, row: Any = None, hold: bool = True) -> None:
    """Raise the refusal of whoever changes something of a closed year; with `hold` an open one stays open until the
    end of the transaction.
    """
    if words := why_closed(year, row, hold):
        raise TooLate(words)
