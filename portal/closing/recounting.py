"""The full-year recount: tables 6 and 7 of the whole county by every grouping, stored once with a fingerprint.  [四]"""

import datetime as dt
import hashlib
import json
import zlib

from sqlalchemy import select

from portal import clock
from portal.closing.models import Closing, Recount
from portal.extensions import db, reading
from portal.reports import tables
from portal.reports.scopes import By, Scope
from portal.reports.tables import Table

# Table 6 by all that answer for it; table 7 (who reported in) by communities and, for the totals, by the county.
PLAN: tuple[tuple[int, By], ...] = (
    (6, By.COUNTY), (6, By.SUPERVISORS), (6, By.COMMUNITIES), (6, By.UNITS), (7, By.COUNTY), (7, By.COMMUNITIES),
)  # fmt: skip


def left(closing_id: int) -> list[tuple[int, By]]:
    """The tables of a closing that are not counted yet, in their order."""
    rows = db.session.execute(select(Recount.number, Recount.by).where(Recount.closing_id == closing_id))
    stored = {(number, by) for number, by in rows}
    return [each for each in PLAN if each not in stored]


def recount(closing_id: int, year: int, number: int, by: By) -> None:
    """Count one table of a year while no lock is held, and store it; the caller commits."""
    with reading():
        found = counted(closing_id, year, number, by)
    db.session.add(found)


def counted(closing_id: int, year: int, number: int, by: By) -> Recount:
    """One table of a year, counted now, not yet stored."""
    table = tables.table(number, by, Scope(), year, dt.date(year, 12, 31))
    plain = json.dumps(table.plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Recount(
        closing_id=closing_id, number=number, by=by, counted_at=clock.now(),
        sha256=hashlib.sha256(plain).hexdigest(), plain=zlib.compress(plain),
    )  # fmt: skip


def fingerprint(closing_id: int) -> str:
    """The fingerprint of all tables of a closing together."""
    columns = (Recount.number, Recount.by, Recount.sha256)
    rows = db.session.execute(select(*columns).where(Recount.closing_id == closing_id).order_by(Recount.id)).all()
    prints = {(number, by): sha256 for number, by, sha256 in rows}
    lines = "\n".join(f"{number} {by.value} {prints[number, by]}" for number, by in PLAN)
    return hashlib.sha256(lines.encode()).hexdigest()


def read(recounted: Recount) -> Table:
    """A table as it was counted when its year was closed."""
    return Table.of(json.loads(zlib.decompress(recounted.plain)))


def is_whole(closing: Closing) -> bool:
    """Whether the stored tables are still what was counted: all fingerprints fit."""
    fits = all(hashlib.sha256(zlib.decompress(each.plain)).hexdigest() == each.sha256 for each in closing.recounts)
    return fits and fingerprint(closing.id) == closing.sha256
