"""The wall as it was two seconds ago: a burst of visitors is answered without asking the database.

Any commit of this process empties the cache, so that whoever changes a wish sees the change at once; what another
process changed is seen after two seconds at most. Only what everybody may see is kept here.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import event

from portal import clock
from portal.extensions import db

KEPT = dt.timedelta(seconds=2)
MOST = 512
T = TypeVar("T")
_kept: dict[Hashable, tuple[dt.datetime, Any]] = {}


def recent(key: Hashable, make: Callable[[], T]) -> T:
    """The value kept under this key for less than two seconds, or a fresh one, which is kept."""
    found = _kept.get(key)
    if found is None or found[0] <= clock.now() - KEPT:
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
