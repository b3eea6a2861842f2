"""How often one may try to sign in: strict for one login from one address, mild for what many people share.

Five failures of a login from one address lock that pair for 15 minutes.  A login as a whole is only slowed down,
by a few seconds, so that nobody can lock an office out from outside; so is an address, which a whole office may
share.  Whoever has signed in from an address before is not slowed down there.  A try is counted before the
password is looked at, so that a hundred tries at once are no more than five.
"""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock, vault
from portal.accounts.models import LoginTries
from portal.errors import Throttled
from portal.extensions import db

FAILURES = 5
LOCKED = dt.timedelta(minutes=15)
FREE_FOR_LOGIN = 10  # failures of one login from all addresses before it is slowed down
FREE_FOR_ADDRESS = 60  # failures from one address for all logins
LONGEST_WAIT = dt.timedelta(seconds=8)
KNOWN = dt.timedelta(days=90)
_PAIR, _LOGIN, _ADDRESS = "login/pair", "login/login", "login/address"


def count_try(username: str, user_id: int | None, address: str) -> None:
    """Count a try before the password is looked at; Throttled when it comes too early. The caller commits."""
    now = clock.now()
    pair = _row(_PAIR, f"{username}|{address}", user_id, address)
    if pair.count >= FAILURES:
        raise Throttled(f"连续输错 {FAILURES} 次，请在 {clock.local(pair.last_at + LOCKED):%H:%M} 以后再试。")
    slowed = [
        (_row(_LOGIN, username, user_id, None), FREE_FOR_LOGIN),
        (_row(_ADDRESS, address, None, address), FREE_FOR_ADDRESS),
    ]
    if not (pair.known_at and pair.known_at > now - KNOWN):
        for row, free in slowed:
            if row.last_at + _wait(row.count - free) > now:
                raise Throttled("尝试太频繁，请过几秒钟再试。")
    for row in (pair, *(row for row, _ in slowed)):
        row.count += 1
        row.last_at = now


def forgive_try(username: str, address: str) -> None:
    """The try was right: forget the failures of this pair, and that this try was counted elsewhere."""
    pair = _row(_PAIR, f"{username}|{address}", None, address)
    pair.count, pair.known_at = 0, clock.now()
    for purpose, key in ((_LOGIN, username), (_ADDRESS, address)):
        row = _row(purpose, key, None, None)
        row.count = max(row.count - 1, 0)


def forgive_login(user_id: int) -> None:
    """Forget all failures of a login (an administrator or a reset password opens it again)."""
    db.session.execute(delete(LoginTries).where(LoginTries.user_id == user_id))


def failures(user_id: int) -> list[LoginTries]:
    """The addresses from which this login failed within the last 15 minutes, latest first."""
    recent = (LoginTries.address.is_not(None), LoginTries.count > 0, LoginTries.last_at > clock.now() - LOCKED)
    rows = select(LoginTries).where(LoginTries.user_id == user_id, *recent)
    return list(db.session.scalars(rows.order_by(LoginTries.last_at.desc())))


def locked_out():
    """The condition that a row of LoginTries locks its login out at its address."""
    return (
        LoginTries.address.is_not(None)
        & LoginTries.user_id.is_not(None)
        & (LoginTries.count >= FAILURES)
        & (LoginTries.last_at > clock.now() - LOCKED)
    )


def forget_old_tries(now: dt.datetime) -> None:
    """A sweep: what counts for nothing any more is deleted."""
    known = LoginTries.known_at.is_not(None) & (LoginTries.known_at > now - KNOWN)
    db.session.execute(delete(LoginTries).where(LoginTries.last_at < now - LOCKED, ~known))


def _wait(beyond: int) -> dt.timedelta:
    """Nothing at first, then 1, 2, 4 and at most 8 seconds after the last failure."""
    return min(dt.timedelta(seconds=2 ** min(beyond, 8)), LONGEST_WAIT) if beyond >= 0 else dt.timedelta()


def _row(purpose: str, key: str, user_id: int | None, address: str | None) -> LoginTries:
    """The row of this key, held for this transaction; what was counted more than 15 minutes ago is forgotten."""
    now = clock.now()
    hashed = vault.blind_index(purpose, key)
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = {"key": hashed, "user_id": user_id, "address": address, "count": 0, "last_at": now - LOCKED}
    db.session.execute(insert(LoginTries).values(fresh).on_conflict_do_nothing(index_elements=["key"]))
    row = db.session.scalars(select(LoginTries).where(LoginTries.key == hashed).with_for_update()).one()
    if row.last_at <= now - LOCKED:
        row.count = 0
    return row
