"""The worker's loop and the tick."""

import datetime as dt
import threading

import pytest

from portal import clock, queue


@pytest.fixture
def empty(monkeypatch):
    monkeypatch.setattr(queue, "_steps", [])
    monkeypatch.setattr(queue, "_sweeps", [])
    monkeypatch.setattr(queue, "REST", 0.01)


def test_the_worker_does_all_steps_until_it_is_stopped(empty):
    stop, done = threading.Event(), []

    def one(pause):
        done.append("one")
        return False

    def two(pause):
        done.append("two")
        if len(done) >= 4:
            stop.set()
        return True

    queue.step(one)
    queue.step(two)
    queue.run(stop, lambda: None, lambda: None)
    assert done == ["one", "two", "one", "two"]


def test_a_step_in_parts_ends_between_two_parts(empty):
    stop, parts = threading.Event(), []

    def long(pause):
        for part in range(9):
            parts.append(part)
            if part == 2:
                stop.set()
            pause()
        return True

    queue.step(long)
    queue.run(stop, lambda: None, lambda: None)
    assert parts == [0, 1, 2]


def test_a_failing_step_stops_neither_the_others_nor_the_worker(empty):
    stop, undone = threading.Event(), []

    def bad(pause):
        raise RuntimeError

    def good(pause):
        stop.set()
        return True

    queue.step(bad)
    queue.step(good)
    queue.run(stop, lambda: None, lambda: undone.append(1))
    assert undone == [1]


def test_a_failing_sweep_is_named_and_the_others_run(empty):
    seen = []

    def bad(now):
        raise RuntimeError

    def good(now):
        seen.append(now)

    queue.sweep(bad)
    queue.sweep(good)
    now = clock.now()
    assert queue.tick(now, lambda: None, lambda: None) == ["bad"]
    assert seen == [now]


def test_the_tick_command_takes_a_moment(app):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["tick"]).exit_code == 0
    assert runner.invoke(args=["tick", "--now", "2026-05-16T08:00"]).exit_code == 0
    assert runner.invoke(args=["tick", "--now", "tomorrow"]).exit_code == 2


def test_a_moment_without_zone_is_the_countys():
    assert clock.moment_of("2026-05-16T08:00") == dt.datetime(2026, 5, 16, 0, 0, tzinfo=dt.UTC)
    assert clock.moment_of("2026-05-16T08:00+00:00") == dt.datetime(2026, 5, 16, 8, 0, tzinfo=dt.UTC)
