"""Places of an activity: who holds one, and the waiting list that moves up by itself, in the order of signing.

Whoever changes places has taken the activity's row for the transaction (a move does), so that two at once never count
the same free place; the unique index on the number of a place stands behind that.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.activities import holds
from portal.activities.models import HOLDS_A_PLACE, Activity, SignUp, SignUpState
from portal.errors import TooLate
from portal.extensions import db

S = SignUpState


def fresh(activity: Activity) -> None:
    """Read the sign-ups again, now that nobody else changes them: the page may have read them a moment ago."""
    rows = select(SignUp).where(SignUp.activity_id == activity.id).execution_options(populate_existing=True)
    db.session.scalars(rows).all()


def has_free(activity: Activity) -> bool:
    """Whether one more person may come at once."""
    return activity.places_left is None or activity.places_left > 0


def first_free(activity: Activity) -> int:
    """The lowest number of a place that nobody holds, from 1."""
    taken = {each.place for each in activity.sign_ups if each.place is not None}
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def enter(activity: Activity, sign_up: SignUp) -> SignUpState:
    """Give who signs up a place, or the end of the waiting list: nobody who came first is passed over, but by those
    for whose team a place is kept.

    Raises TooLate when somebody else was given the same place at the same moment.
    """
    sign_up.at, sign_up.ended_at, sign_up.why, sign_up.renew = clock.now(), None, None, False
    if (has_free(activity) and not activity.waiting) or holds.keeps_for(activity, sign_up.member_id):
        _seat(activity, sign_up)
    else:
        sign_up.state, sign_up.place = S.WAITLISTED, None
    if sign_up.activity is None:
        activity.sign_ups.append(sign_up)
    try:
        db.session.flush()
    except IntegrityError:
        raise TooLate("刚才有人同时报名，请刷新后再试。") from None
    holds.count(activity)
    return sign_up.state


def leave(sign_up: SignUp, why: str) -> None:
    """Take a sign-up back; what it held is free."""
    sign_up.state, sign_up.place, sign_up.renew = S.CANCELLED, None, False
    sign_up.ended_at, sign_up.why = clock.now(), why[:200] or None
    db.session.flush()
    holds.count(sign_up.activity)


def move_up(activity: Activity) -> list[SignUp]:
    """Give the free places to those who wait, in the order of signing; those who got one."""
    moved = []
    holds.count(activity)
    for sign_up in activity.waiting:
        if has_free(activity) or holds.keeps_for(activity, sign_up.member_id):
            _seat(activity, sign_up)
            db.session.flush()
            holds.count(activity)
            moved.append(sign_up)
    return moved


def is_in(sign_up: SignUp | None) -> bool:
    """Whether somebody holds a place, waits for one, or came."""
    return sign_up is not None and sign_up.state in (*HOLDS_A_PLACE, S.WAITLISTED)


def _seat(activity: Activity, sign_up: SignUp) -> None:
    sign_up.place = first_free(activity)
    sign_up.state = S.SIGNED_UP
