"""What is shown as a picture, as plain values: a picture draws what stands in the table beside it, and nothing else."""

import datetime as dt
from dataclasses import dataclass, field, replace

from portal.labels import Labelled

Value = int | float | None
PICTURED = 24  # lines that one picture holds; more make a further picture


class Shape(Labelled):
    """How a figure is drawn."""

    BARS = "bars", "横条"
    STACK = "stack", "堆叠横条"
    COLUMNS = "columns", "竖条"
    HEAT = "heat", "日历热图"


@dataclass(frozen=True)
class Line:
    """One line of the table: what it is called, its values, and the page of the list behind it, '' where none is."""

    name: str
    values: tuple[Value, ...]
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure: `heads` name the values of the lines, `drawn` are those of them that the picture shows.

    `first` is the heading over the lines' names, `unit` what the drawn values count in. `days` are the services of
    each day and `marked` the service days, of a heat of the year alone.
    """

    key: str
    title: str
    note: str
    shape: Shape
    first: str
    unit: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    drawn: tuple[int, ...]
    days: dict[dt.date, int] = field(default_factory=dict)
    marked: frozenset[dt.date] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(line.values[place] for line in self.lines for place in self.drawn)

    @property
    def pictures(self) -> int:
        """How many pictures it takes."""
        return max(1, -(-len(self.lines) // PICTURED)) if self.shape is not Shape.HEAT else 1

    def part(self, number: int) -> "Figure":
        """What the picture of this number (from 0) shows."""
        if self.shape is Shape.HEAT:
            return self
        return replace(self, lines=self.lines[number * PICTURED : (number + 1) * PICTURED])
