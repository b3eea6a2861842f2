"""How transactions begin: GET reads only, what may write takes the lock at once; numbers have no gaps."""

import threading

import pytest
from sqlalchemy.exc import DatabaseError

from portal import numbers
from portal.extensions import db, set_may_write, sqlite_has_wal_fix


@pytest.fixture
def reading_only():
    set_may_write(False)
    yield
    set_may_write(True)


def test_a_get_cannot_write(app, reading_only):
    with pytest.raises(DatabaseError):
        numbers.draw("wish", 2026)
    db.session.rollback()


def test_numbers_run_without_gaps_when_a_transaction_is_rolled_back(app):
    assert [numbers.draw("wish", 2026) for _ in range(2)] == [1, 2]
    db.session.commit()
    numbers.draw("wish", 2026)
    db.session.rollback()
    assert numbers.draw("wish", 2026) == 3
    assert numbers.draw("wish", 2027) == 1
    assert numbers.draw("receipt", 2026) == 1


def test_numbers_drawn_by_many_at_once_are_each_drawn_once(app):
    drawn, lock = [], threading.Lock()

    def draw_ten():
        with app.app_context():
            for _ in range(10):
                number = numbers.draw("certificate", 2026)
                db.session.commit()
                with lock:
                    drawn.append(number)

    threads = [threading.Thread(target=draw_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == list(range(1, 41))


def test_official_numbers_read_as_the_county_writes_them(app):
    assert numbers.official_number("certificate", "2026-0012") == "凤进社信〔2026〕0012号"
    assert numbers.address_number(2026, 12) == "2026-0012"
    assert numbers.address_number(2026, 12345) == "2026-12345"


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_wal_is_used_only_where_the_library_has_the_fix(version, fixed):
    assert sqlite_has_wal_fix(version) is fixed


def test_pragmas_of_a_connection(app):
    if db.engine.dialect.name != "sqlite":
        assert db.session.scalar(db.text("SHOW transaction_read_only")) == "off"
        return
    wanted = {"foreign_keys": 1, "synchronous": 2, "busy_timeout": 10000, "recursive_triggers": 1, "secure_delete": 1,
              "trusted_schema": 0}  # fmt: skip
    assert {name: db.session.scalar(db.text(f"PRAGMA {name}")) for name in wanted} == wanted
