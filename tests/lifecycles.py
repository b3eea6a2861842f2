"""How a life-cycle table is read: what a move answers to one person from one state."""

from portal.errors import NotYours, Refused
from portal.extensions import db

OK, NO, LATE = "ok", "not theirs", "not now"


def answer(move, row, by, **asked) -> str:
    """Make a move and take it back: OK, NO (not this person's) or LATE (not from this state)."""
    try:
        move(row, by, **asked)
        db.session.flush()
        return OK
    except NotYours:
        return NO
    except Refused:
        return LATE
    finally:
        db.session.rollback()
