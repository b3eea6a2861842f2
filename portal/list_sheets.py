"""Any list that a page shows, as a spreadsheet (导出表格) under the filters of the page; each export is audited.

A room says in its `exports` what its lists are: `offer(ListSheet(…))`. The button is a line of the page
(`export.sheet("suggestions")`, templates/macros/export.html), the address one for all, and its door is the page's own.
Rows come in parts, so that ten thousand need no more memory and no query each; no writer waits meanwhile.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import Select, func, select

from portal import audit, clock, edits, paging, web
from portal.actors import Actor
from portal.doors import may_open
from portal.errors import NotYours, RuleBroken
from portal.extensions import db, one_reading, reading
from portal.forms import FilterForm
from portal.labels import Labelled
from portal.sheet_writing import new_book

MOST_ROWS = 50_000
PART = 500
Heads = Sequence[tuple[str, int]]
# A column: its label, its width, and what stands in it: a path (`member.name`) or a function of the row; where the
# sheet gathers facts for many rows at once, a function of the row and these.
Column = tuple[str, int, str | Callable[..., Any]]


@dataclass(frozen=True)
class ListSheet:
    """One list: its word in addresses, its title, the page that shows it, and what the columns hold.

    `shown(by)` are the rows as the page shows them to this person, and its filters (a form, or words); `keys` and
    `newest_first` are the page's order. `gather(rows)` fetches facts for a part of the rows at once; `fields` names
    the personal data.
    """

    name: str
    title: str
    page: str
    shown: Callable[[Actor], tuple[Select, FilterForm | str]]
    columns: Sequence[Column]
    keys: tuple = ()
    newest_first: bool = False
    gather: Callable[[list], Any] | None = None
    fields: tuple[str, ...] = ()

    @property
    def heads(self) -> Heads:
        """The labels and widths of the columns."""
        return [(label, width) for label, width, _ in self.columns]

    def lines(self, rows: Select, let_go: Callable[[], None] = lambda: None) -> Iterator[list]:
        """The cells of these rows, part by part; nothing holds on to a part once it is written.

        `let_go` is called once a part is read (see `extensions.one_reading`).
        """
        after: str | None = None
        while True:
            part = paging.page_of(rows, after, *self.keys, newest_first=self.newest_first, size=PART)
            beside = () if self.gather is None else (self.gather(part.rows),)
            cells = [[_cell(row, what, beside) for _, _, what in self.columns] for row in part.rows]
            let_go()
            yield from cells
            if part.next is None:
                return
            after = str(part.next)


LISTS: dict[str, ListSheet] = {}


def offer(*sheets: ListSheet) -> None:
    """A room says which lists of its pages can be had as a spreadsheet."""
    LISTS.update((sheet.name, sheet) for sheet in sheets)


def may_export(name: str) -> bool:
    """Whether the present person may have this list: of the offices that take lists, who may open its page."""
    return may_open("lists.export") and may_open(LISTS[name].page)


def export_url(name: str) -> str:
    """The address that sends this list under the filters of the present page."""
    filters = request.args.to_dict(flat=False)
    filters.pop("after", None)
    return url_for("lists.export", name=name, **filters)  # type: ignore[arg-type]


def answer(sheet: ListSheet):
    """This list as .xlsx, under the filters of the address; NotYours, or RuleBroken where it is too long."""
    if not may_export(sheet.name):
        raise NotYours(f"“{sheet.title}”不由您现在的身份导出。")
    by = web.me()
    with reading(), one_reading() as let_go:
        rows, narrowed, count = chosen(sheet, by)
        data = new_book(sheet.title, sheet.heads, sheet.lines(rows, let_go), _title(sheet.title, by, narrowed))
    return _sent(sheet.title, data, by, f"{sheet.page.partition('.')[0]}.export", sheet.fields, count)


def chosen(sheet: ListSheet, by: Actor) -> tuple[Select, str, int]:
    """The rows, the filters in words, and how many rows there are; RuleBroken where they are too many for one file."""
    rows, form = sheet.shown(by)
    count = _count(rows)
    if count > MOST_ROWS:
        raise RuleBroken(f"共 {count} 行，一次最多导出 {MOST_ROWS} 行，请先筛选再导出。")
    return rows, _words(form), count


def table(title: str, heads: Heads, lines_of: Callable[[], Iterable[Sequence]], act: str, fields: tuple[str, ...] = ()):
    """A table that is computed as a whole, as .xlsx: the same title, file and trail as a list has."""
    by = web.me()
    with reading(), one_reading() as let_go:
        lines = list(lines_of())
        let_go()
        data = new_book(title, heads, lines, _title(title, by))
    return _sent(title, data, by, act, fields, len(lines))


def _sent(title: str, data: bytes, by: Actor, act: str, fields: tuple[str, ...], count: int):
    audit.write(by, act, fields=fields, reason=f"导出{title} {count} 行")
    web.keep()
    return web.download(data, f"{title}{clock.today():%Y%m%d}.xlsx")


def _title(title: str, by: Actor, narrowed: str = "") -> str:
    today = clock.today()
    return f"{by.office or by.role.label} {title}（截至{today:%Y年%-m月%-d日}{narrowed}）"


def _words(form: FilterForm | str) -> str:
    """The filters in use, as people read them."""
    if isinstance(form, str):
        return f"；{form}" if form else ""
    chosen = [form[name] for name in form.chosen if name in form]
    return "".join(f"；{field.label.text}：{edits.words(field)}" for field in chosen)


def _count(rows: Select) -> int:
    model = rows.column_descriptions[0]["entity"]
    ids = rows.with_only_columns(model.id, maintain_column_froms=True).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def _cell(row: Any, what: str | Callable[..., Any], beside: tuple) -> Any:
    """What stands in a cell: a text, a number, a day, a moment; an enum by its label."""
    value = what(row, *beside) if callable(what) else _follow(row, what)
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, dt.datetime):
        return clock.local(value).replace(tzinfo=None)
    return f"{value:%H:%M}" if isinstance(value, dt.time) else value


def _follow(row: Any, path: str) -> Any:
    """The value at the end of a path of names; None where it breaks off."""
    for name in path.split("."):
        row = None if row is None else getattr(row, name)
    return row
