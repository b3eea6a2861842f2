"""The small demonstration for tests: written once by each process and day, then put back as it stood.

Writing it takes seconds, and a hundred tests look at it.
"""

import datetime as dt

from portal import clock
from portal.demo import commands
from portal.demo.county import County
from portal.demo.scale import SMALL
from portal.demo.writing import let_sequences_follow
from portal.duties import tally
from portal.extensions import db
from portal.wishes import wall_cache
from tests.kept import Kept, keep, put_back

_kept: dict[dt.date, tuple[County, Kept]] = {}


def load() -> County:
    """The demonstration of today in the empty database, committed."""
    today = clock.today()
    if today not in _kept:
        county = commands.load(SMALL)
        db.session.commit()
        _kept[today] = county, keep()
        return county
    county, kept = _kept[today]
    put_back(kept)
    let_sequences_follow()
    db.session.commit()
    wall_cache.forget()
    tally.forget()
    return county
