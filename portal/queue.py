"""Background work: what the worker does step by step, and what time does by itself.

Progress and resumption stand in the database with the work itself; here is only who is asked in turn.
"""

import datetime as dt
import threading
from collections.abc import Callable

from portal import clock, logs

REST = 2.0  # seconds between two looks when there was nothing to do
TICK_EVERY = dt.timedelta(minutes=1)

Pause = Callable[[], None]
_steps: list[Callable[[Pause], bool]] = []
_sweeps: list[Callable[[dt.datetime], None]] = []


class Stopped(BaseException):
    """The worker is to end: raised by `pause` between two parts of a work, which is taken up again later."""


def step(work: Callable[[Pause], bool]) -> None:
    """Let the worker call `work(pause)` again and again; it says whether there was anything to do.

    `pause()` commits what was done so far, and raises Stopped when the worker is to end.
    """
    if work not in _steps:
        _steps.append(work)


def sweep(work: Callable[[dt.datetime], None]) -> None:
    """Let `tick` call `work(now)`: what falls due by time. A sweep done twice does the same as once."""
    if work not in _sweeps:
        _sweeps.append(work)


def tick(now: dt.datetime, commit: Callable[[], None], rollback: Callable[[], None]) -> list[str]:
    """Everything that time does, each sweep in a transaction of its own; the names of those that failed."""
    failed = []
    for work in _sweeps:
        try:
            work(now)
            commit()
        except Exception as failure:
            rollback()
            logs.fault("sweep failed", failure, sweep=work.__name__)
            failed.append(work.__name__)
    return failed


def run(stop: threading.Event, commit: Callable[[], None], rollback: Callable[[], None]) -> None:
    """The worker: all steps in turn and a tick a minute, until `stop` is set."""

    def pause() -> None:
        commit()
        if stop.is_set():
            raise Stopped

    ticked: dt.datetime | None = None
    while not stop.is_set():
        if ticked is None or clock.now() - ticked >= TICK_EVERY:
            ticked = clock.now()
            tick(ticked, commit, rollback)
        if not _all_steps(pause, commit, rollback):
            stop.wait(REST)


def _all_steps(pause: Pause, commit: Callable[[], None], rollback: Callable[[], None]) -> bool:
    """One round; whether any step had something to do."""
    busy = False
    for work in _steps:
        try:
            busy = work(pause) or busy
            pause()
        except Stopped:
            commit()  # what the step left in order for whoever takes over
            return busy
        except Exception as failure:
            rollback()
            logs.fault("step failed", failure, step=work.__name__)
    return busy
