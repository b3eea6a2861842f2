"""Tries are counted per purpose and key within a time, and forgotten afterwards."""

import datetime as dt

import time_machine
from sqlalchemy import func, select

from portal import clock, throttle
from portal.extensions import db

HOUR = dt.timedelta(hours=1)


def test_tries_are_counted_apart_by_purpose_and_key(app):
    assert [throttle.count("follow", "a", HOUR) for _ in range(3)] == [1, 2, 3]
    assert throttle.count("follow", "b", HOUR) == 1
    assert throttle.count("other", "a", HOUR) == 1
    assert throttle.is_spent("follow", "a", 3, HOUR)
    assert not throttle.is_spent("follow", "a", 4, HOUR)
    assert not throttle.is_spent("follow", "never", 1, HOUR)


def test_the_time_begins_with_the_first_try(app):
    start = clock.now()
    with time_machine.travel(start, tick=False):
        throttle.count("follow", "a", HOUR)
    with time_machine.travel(start + dt.timedelta(minutes=59), tick=False):
        assert throttle.count("follow", "a", HOUR) == 2
    with time_machine.travel(start + dt.timedelta(minutes=60), tick=False):
        assert not throttle.is_spent("follow", "a", 1, HOUR)
        assert throttle.count("follow", "a", HOUR) == 1


def test_old_tries_are_deleted(app):
    throttle.count("follow", "a", HOUR)
    with time_machine.travel(clock.now() + dt.timedelta(hours=25), tick=False):
        throttle.count("follow", "b", HOUR)
        throttle.forget_old()
    assert db.session.scalar(select(func.count()).select_from(throttle.Tries)) == 1
