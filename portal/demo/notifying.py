"""Notices of the demonstration: to offices and to members, some with answers, one withdrawn; sent by the moves."""

import datetime as dt

from sqlalchemy import select

from portal import clock
from portal.accounts import acting, queries
from portal.accounts.models import User
from portal.actors import Actor, Role
from portal.demo.county import County
from portal.demo.story_words import NOTICES
from portal.extensions import db
from portal.publicity import notices
from portal.publicity.audience import Audience
from portal.publicity.notices import Letter


def settle(county: County) -> None:
    """Seven notices: two from the county that everybody of a kind gets, others within a scope, one withdrawn."""
    offices, members = (Role.LIAISON, Role.CLERK), (Role.MEMBER,)
    plan = _send("county", Role.COUNTY, Audience(offices), "plan", answer_in=5)
    _send("county", Role.COUNTY, Audience((*offices, Role.TOWN, Role.DEPARTMENT, Role.MEMBER)), "day")
    wrong = _send("county", Role.COUNTY, Audience(offices), "wrong")
    notices.withdraw(wrong, _by("county", Role.COUNTY), reason="日期写错了，以年度安排为准。")
    _send("chengguan", Role.TOWN, Audience((Role.CLERK, Role.GRID_WORKER)), "town")
    _send("dept1", Role.DEPARTMENT, Audience((Role.LIAISON,)), "training", answer_in=7)
    meeting = _send("community1", Role.CLERK, Audience(members), "meeting", answer_in=3)
    _send("unit1", Role.LIAISON, Audience(members), "unit")
    notices.answer(plan, _by("community2", Role.CLERK), "")
    notices.answer(meeting, _by("member2", Role.MEMBER), "能来，带上测电笔。")
    notices.urge(plan, _by("county", Role.COUNTY))


def _send(username: str, role: Role, to: Audience, key: str, answer_in: int = 0):
    today, (title, body) = clock.today(), NOTICES[key]
    by = today + dt.timedelta(days=answer_in) if answer_in else None
    letter = Letter(title, body, today + dt.timedelta(days=30), bool(answer_in), by)
    return notices.send(_by(username, role), to, letter)


def _by(username: str, role: Role) -> Actor:
    user = db.session.scalars(select(User).where(User.username == username)).one()
    held = queries.appointments_of(user.id, clock.today())
    return acting.actor_of(user, next(each for each in held if each.role is role))
