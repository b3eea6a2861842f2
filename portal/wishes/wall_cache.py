"""The wall as it was two seconds ago: a burst of visitors is answered without asking the database.

Any commit of this process empties the cache, so that whoever changes a wish sees the change at once; another
process's wall is at most two seconds old.
"""

import datetime as dt
import hashlib

from sqlalchemy import event

from portal import clock
from portal.extensions import db

KEPT = dt.timedelta(seconds=2)
MOST = 256
_pages: dict[tuple, tuple[dt.datetime, str, str]] = {}


def get(key: tuple) -> tuple[str, str] | None:
    """The page kept under this key and its fingerprint, or None when there is none young enough."""
    kept = _pages.get(key)
    return kept[1:] if kept and kept[0] > clock.now() - KEPT else None


def keep(key: tuple, page: str) -> tuple[str, str]:
    """Keep a page for two seconds; the page and its fingerprint."""
    if len(_pages) >= MOST:
        forget()
    kept = (clock.now(), page, hashlib.sha256(page.encode()).hexdigest()[:20])
    _pages[key] = kept
    return kept[1:]


def forget(_session=None) -> None:
    """Forget every page."""
    _pages.clear()


event.listen(db.session, "after_commit", forget)
