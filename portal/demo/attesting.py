"""Proofs of service of the demonstration, as the community issues and cancels them."""

import datetime as dt

from sqlalchemy import exists, select

from portal import clock
from portal.accounts import acting, queries
from portal.accounts.models import User
from portal.actors import Actor, Role
from portal.demo.county import County
from portal.extensions import db
from portal.papers import attesting
from portal.people.models import Community
from portal.records.models import RecordState, ServiceRecord
from portal.registrations.models import CURRENT, Registration

PROOFS = 4


def settle(county: County) -> None:
    """Four members of the first community asked for the proof of this year; one was lost, and issued anew."""
    clerk, today = _clerk(), county.today
    first = today.replace(month=1, day=1)
    proofs = [attesting.issue(row, clerk, first, today) for row in _who_served(county, first)]
    lost = proofs[-1]
    attesting.cancel(lost, clerk, reason="纸件遗失，本人申请重新开具")
    again = db.session.scalars(select(Registration).where(Registration.member_id == lost.member_id,
                                                          Registration.state.in_(CURRENT))).one()  # fmt: skip
    attesting.issue(again, clerk, first, today)


def _who_served(county: County, first: dt.date) -> list[Registration]:
    confirmed = (ServiceRecord.state == RecordState.CONFIRMED, ServiceRecord.half_hours >= 1)
    served = exists().where(ServiceRecord.member_id == Registration.member_id, ServiceRecord.day >= first, *confirmed)
    place = db.session.get_one(Community, county.places[0].id)
    rows = select(Registration).where(Registration.community == place, Registration.state.in_(CURRENT), served)
    return list(db.session.scalars(rows.order_by(Registration.id).limit(PROOFS)))


def _clerk() -> Actor:
    user = db.session.scalars(select(User).where(User.username == "community1")).one()
    held = queries.appointments_of(user.id, clock.today())
    return acting.actor_of(user, next(each for each in held if each.role is Role.CLERK))
