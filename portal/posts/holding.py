"""Which times on a post are given up, and which count as a post held in a year all the same.  [二(一)1]

One rule for a member's five ones and for the county's table.
"""

import datetime as dt

from sqlalchemy import ColumnElement, exists, or_

from portal.posts.models import PostClaim
from portal.records.models import RecordState, ServiceRecord, Source
from portal.registrations.models import Registration


def not_given_up(day: dt.date) -> ColumnElement[bool]:
    """The condition that a claim lasts on a day, or that it ended with the post itself or when its holder moved house.

    Who moves loses nothing, also where the new year's pledge had not confirmed the post yet.
    """
    C = PostClaim
    moved = exists().where(Registration.member_id == C.member_id, Registration.ended_on == C.until)
    return or_(C.until.is_(None), C.until > day, C.with_post.is_(True), moved)


def served_on(first: dt.date, last: dt.date) -> ColumnElement[bool]:
    """The condition that a confirmed service was done on the post between two days: what its holder gave up counts."""
    R = ServiceRecord
    of_claim = (R.source == Source.POST, R.source_id == PostClaim.id, R.state == RecordState.CONFIRMED)
    return exists().where(*of_claim, R.day.between(first, last))
