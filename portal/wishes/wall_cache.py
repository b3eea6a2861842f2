"""The wall as it was a moment ago: a burst of visitors and members is answered without asking the database.

Any commit of this process empties the cache, so that whoever changes a wish sees the change at once; what another
process changed is seen after `WALL_KEPT` seconds at most. What is kept names nobody who reads it.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import event

from portal import clock
from portal.extensions import db

MOST = 512
T = TypeVar("T")
_kept: dict[Hashable, tuple[dt.datetime, Any]] = {}


def recent(key: Hashable, make: Callable[[], T]) -> T:
    """The value kept under this key for less than `WALL_KEPT` seconds, or a fresh one, which is kept."""
    found = _kept.get(key)
    if found is None or found[0] <= clock.now() - dt.timedelta(seconds=current_app.config["WALL_KEPT"]):
        if len(_kept) >= MOST:
            forget()
        found = _kept[key] = (clock.now(), make())
    return found[1]


def fingerprinted(page: str) -> tuple[bytes, str]:
    """A page ready to be sent, and its fingerprint."""
    body = page.encode()
    return body, hashlib.sha256(body).hexdigest()[:20]


def forget(_session=None) -> None:
    """Forget everything."""
    _kept.clear()


event.listen(db.session, "after_commit", forget)
