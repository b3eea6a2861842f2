"""Figures set into words: 〔已报到〕 is the total of that column of table 6, whatever it comes to when it is read.

〔附件7：编入服务队〕 names the other table, 〔儒林社区·已报到〕 a row. A year in such brackets, as document numbers
have it, is no figure.
"""

import re
from dataclasses import dataclass, field

from portal.filters import NOTHING
from portal.reports.tables import Column, Row, Table
from portal.reports.tallies import Kind

NAMED = re.compile(r"〔(?!\d{4}〕)(?:附件([67])：)?(?:([^〔〕·：]{1,60})·)?([^〔〕·：]{1,40})〕")
UNTIL, YEAR = "截至", "年度"


@dataclass(frozen=True)
class Figure:
    """One figure in a text: how it is shown, and the cell of the table that it comes from."""

    shown: str
    table: int
    row: int
    column: str
    source: str
    listed: bool


@dataclass
class Part:
    """A piece of a paragraph: words, or a figure by its place among those of the whole text (None: words)."""

    words: str
    figure: int | None = None


@dataclass
class Setting:
    """Sets figures of these tables into paragraphs and collects them; what names nothing is collected too."""

    tables: list[Table]
    figures: list[Figure] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def paragraphs(self, text: str) -> list[list[Part]]:
        """The paragraphs of a text, a line each, in pieces."""
        return [self._pieces(line.strip()) for line in text.splitlines() if line.strip()]

    def _pieces(self, line: str) -> list[Part]:
        parts, at = [], 0
        for found in NAMED.finditer(line):
            parts += [Part(line[at : found.start()]), self._figure(found)]
            at = found.end()
        return [part for part in [*parts, Part(line[at:])] if part.words]

    def _figure(self, found: re.Match) -> Part:
        number, row_name, name = found.groups()
        if name in (UNTIL, YEAR) and not (number or row_name):
            return Part(day_words(self.tables[0].until) if name == UNTIL else f"{self.tables[0].year}年")
        place = self._cell(int(number or 6), row_name, name)
        if place is None:
            self.unknown.append(found[0])
            return Part(found[0])
        table, row, column = place
        source = f"附件{table.number}“{row.name}”行“{column.name}”"
        listed = column.kind != Kind.RATE.value and bool(row.cells.get(column.key))
        figure = Figure(_shown(row, column), table.number, row.key, column.key, source, listed)
        if figure not in self.figures:
            self.figures.append(figure)
        return Part(figure.shown, self.figures.index(figure))

    def _cell(self, number: int, row_name: str | None, name: str) -> tuple[Table, Row, Column] | None:
        table = next((each for each in self.tables if each.number == number), None)
        if table is None:
            return None
        column = next((c for c in table.columns if c.name == name and c.kind != Kind.WORDS.value), None)
        rows = [row for row in table.rows if row.name == row_name] if row_name else [table.total]
        return (table, rows[0], column) if column and rows else None


def _shown(row: Row, column: Column) -> str:
    """A figure as a sentence has it: nothing counted is 0."""
    shown = row.shown(column.key)
    return "0" if shown == NOTHING else shown


def day_words(iso: str) -> str:
    """A day as official documents write it: 2026年11月30日."""
    year, month, day = (int(part) for part in iso.split("-"))
    return f"{year}年{month}月{day}日"


def offered(tables: list[Table]) -> list[tuple[str, str]]:
    """What may be named in the words and what it comes to now: the totals of the tables, each as it is written."""
    found = [(f"〔{UNTIL}〕", day_words(tables[0].until))]
    for table in tables:
        prefix = "" if table.number == 6 else f"附件{table.number}："
        columns = (column for column in table.columns if column.kind != Kind.WORDS.value)
        found += [(f"〔{prefix}{column.name}〕", _shown(table.total, column)) for column in columns]
    return found
