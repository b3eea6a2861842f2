"""Desks as last counted: a desk is counted anew only after something was done.

Counting what waits takes many times as long as showing it, and its time grows with the county. Every act leaves
a row in the audit trail, so a desk counted when the trail ended where it ends now still shows what it would show
if counted again. What time alone changes (a lock that runs out) is at most a minute late.
"""

import datetime as dt
from collections.abc import Callable

from portal import audit, clock
from portal.actors import Actor

KEPT = dt.timedelta(minutes=1)
MOST = 1000
_desks: dict[tuple, tuple[str, dt.datetime, dict]] = {}


def desk(by: Actor, count: Callable[[Actor, dt.date], dict]) -> dict:
    """What stands on this person's desk: as kept, or as `count` finds it now."""
    now, today, end = clock.now(), clock.today(), audit.end()
    key = (by.user_id, by.appointment_id, today)
    kept = _desks.get(key)
    if kept and kept[0] == end and kept[1] > now - KEPT:
        return kept[2]
    if len(_desks) >= MOST:
        forget()
    found = count(by, today)
    _desks[key] = (end, now, found)
    return found


def forget() -> None:
    """Forget every desk."""
    _desks.clear()
