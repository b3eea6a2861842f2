"""What the database knows of its tables' sizes, so that it goes the short way through them."""

import datetime as dt

from sqlalchemy import Table, func, literal, select, text, union_all

from portal.extensions import Base, db

SMALL = 1000  # rows, up to which any way through a table is short
GROWN = 2  # times what was last counted


def count_anew() -> None:
    """Let the database count its tables: guessing, it read 300,000 records to find those of one member.

    Both databases take this within a transaction, and it sees what the transaction wrote.
    """
    db.session.execute(text("ANALYZE"))


def follow_growth(_now: dt.datetime) -> None:
    """A sweep: count again once a table is twice what it was; PostgreSQL does so by itself."""
    if db.session.get_bind().dialect.name == "sqlite" and _has_grown():
        count_anew()


def _has_grown() -> bool:
    """Whether some table is much larger than when it was last counted."""
    counted, tables = _counted(), {table.name: table for table in Base.metadata.sorted_tables if "id" in table.c}
    spans = union_all(
        *(select(literal(name), func.max(table.c.id) - func.min(table.c.id)) for name, table in tables.items())
    )
    most = {name: max(SMALL, GROWN * counted.get(name, 0)) for name in tables}
    # The ids tell at once which tables may have grown; only of those the rows are counted, since some may be gone.
    suspects = [name for name, span in db.session.execute(spans) if (span or 0) >= most[name]]
    return any(_rows(tables[name]) > most[name] for name in suspects)


def _rows(table: Table) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _counted() -> dict[str, int]:
    """How many rows each table had when it was last counted; empty where that was never."""
    if not db.session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")):
        return {}
    rows = text("SELECT tbl AS name, max(CAST(stat AS INTEGER)) AS size FROM sqlite_stat1 GROUP BY tbl")
    return {row.name: row.size for row in db.session.execute(rows)}
