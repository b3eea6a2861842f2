"""What the database knows of its tables' sizes."""

import pytest
from sqlalchemy import delete, event, insert, text

from portal import clock, planner
from portal.extensions import db
from portal.throttle import Tries


@pytest.fixture
def countings(app):
    """How often the database counted its tables."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if statement == "ANALYZE":
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def tries(first: int, last: int) -> None:
    rows = [{"id": n, "key": f"{n:032}", "count": 1, "since": clock.now()} for n in range(first, last + 1)]
    db.session.execute(insert(Tries), rows)


def look() -> None:
    planner.follow_growth(clock.now())
    db.session.commit()


def follows_by_itself() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_the_database_counts_its_tables_as_they_grow(countings):
    tries(1, 1000)
    look()
    assert countings == []  # of a small table any way is short
    tries(1001, 1001)
    look()
    look()
    assert len(countings) == (0 if follows_by_itself() else 1)
    tries(1002, 2003)
    look()
    look()
    assert len(countings) == (0 if follows_by_itself() else 2)
    tries(2004, 4000)
    look()
    assert len(countings) == (0 if follows_by_itself() else 2)  # not yet twice as many


def test_rows_that_are_gone_do_not_count(countings):
    tries(1, 3000)
    db.session.execute(delete(Tries).where(Tries.id.between(2, 2900)))
    look()
    assert countings == []


def test_what_was_just_written_is_counted(app):
    tries(1, 1500)
    planner.count_anew()
    if follows_by_itself():
        counted = db.session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'tries'"))
    else:
        counted = db.session.scalar(text("SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'tries' LIMIT 1"))
    assert counted == 1500
