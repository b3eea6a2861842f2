"""Registrations from before the portal (期初): filed, with their papers' own numbers, of no counter.

Their addresses need a number too. It is of the year of the paper and of a range that the counters never reach, so
that these stay without gaps and begin with 1 as if nothing had been before.
"""

from collections import Counter

from sqlalchemy import func, select

from portal import audit, history
from portal.actors import Actor
from portal.extensions import db
from portal.inserting import insert_many
from portal.numbers import address_number
from portal.people.models import Member
from portal.registrations.models import CURRENT, IN_PROGRESS, Registration, RegistrationState

FIRST_SERIAL = 9_000_001
_AT_ONCE = 500  # values in one IN


def open_filed(rows: list[dict], importer: Actor, by: Actor) -> list[int]:
    """Write registrations as filed, each with its line of history and of the trail; their ids in the same order.

    `rows` hold the facts of the papers; `importer` brought them, `by` has them written.  [二(一)] [三1]
    """
    if not rows:
        return []
    for prefix, day in (("", "issued_on"), ("receipt_", "accepted_on")):
        _number(rows, prefix, day)
    given = {"state": RegistrationState.FILED, "paper_version": 1, "opening": True, "was_expired": False}
    ids = insert_many(Registration.__table__, [row | given for row in rows], "number")
    history.write_many(Registration.__tablename__, ids, importer, "open", "期初导入", RegistrationState.FILED)
    audit.write_many(by, f"{Registration.__tablename__}.open", Registration.__tablename__, ids)
    return ids


def _number(rows: list[dict], prefix: str, day: str) -> None:
    """Give each the next number of the year of this day, above those of all counters."""
    year_of = Registration.receipt_year if prefix else Registration.year
    serial_of = Registration.receipt_serial if prefix else Registration.serial
    given = select(year_of, func.max(serial_of)).where(serial_of >= FIRST_SERIAL).group_by(year_of)
    last = Counter(dict(iter(db.session.execute(given))))
    for row in rows:
        year = row[day].year
        last[year] = max(last[year] + 1, FIRST_SERIAL)
        number = address_number(year, last[year])
        row |= {f"{prefix}number": number, f"{prefix}year": year, f"{prefix}serial": last[year]}


def taken_since(member_ids: list[int]) -> list[str]:
    """The names of those of these members who have reported, or have a certificate on its way, by now."""
    names: list[str] = []
    for start in range(0, len(member_ids), _AT_ONCE):
        some = member_ids[start : start + _AT_ONCE]
        live = (Registration.member_id.in_(some), Registration.state.in_((*CURRENT, *IN_PROGRESS)))
        names += db.session.scalars(
            select(Member.name).join(Registration, Registration.member_id == Member.id).where(*live)
        )
    return names
