"""Long lists in pages, by keyset: a page begins after a row, whatever was added before it in the meantime."""

from dataclasses import dataclass

from sqlalchemy import Select, select, tuple_

from portal.extensions import db
from portal.text import MAX_INT

ROWS = 50


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the id of the row after which the next page begins (None on the last one).

    `begun`: there are rows before it too.
    """

    rows: list
    next: int | None
    begun: bool = False


def page_of(
    rows: Select, after: str | None, *keys, newest_first: bool = False, size: int = ROWS, columns: tuple = ()
) -> Page:
    """The page of `rows` after the row whose id is `after`, sorted by these columns (never null) and the id.

    The address carries an id only, so that no name or other value of a row stands in it. With `columns` the rows are
    the id and these instead of whole cases.
    """
    model = rows.column_descriptions[0]["entity"]
    order = (*keys, model.id)
    if row := _row(rows, model, order, after):
        place = tuple_(*order)
        rows = rows.where(place < tuple_(*row) if newest_first else place > tuple_(*row))
    rows = rows.order_by(None).order_by(*(key.desc() if newest_first else key for key in order)).limit(size + 1)
    if columns:
        found = list(db.session.execute(rows.with_only_columns(model.id, *columns, maintain_column_froms=True)))
    else:
        found = list(db.session.scalars(rows).unique())
    return Page(found[:size], found[size - 1].id if len(found) > size else None, row is not None)


def _row(rows: Select, model, order, after: str | None):
    typed = after or ""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 10 and int(typed) <= MAX_INT):
        return None
    # Over the list's own joins, since a key may stand in another table; without its filters, which the row may
    # have left in the meantime.
    same = select(*order).select_from(*rows.get_final_froms()).where(model.id == int(typed))
    return db.session.execute(same).first()
