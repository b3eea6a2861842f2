"""The year's evaluations, opened in one click for everybody who was registered in the community for six months."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.evaluations import workflow
from portal.evaluations.half_year import LEAST_DAYS, Span, is_long_enough
from portal.evaluations.models import Evaluation
from portal.extensions import db
from portal.people.holding import hold_community
from portal.people.models import Member, MemberStatus, Unit
from portal.registrations.models import CURRENT, Registration, RegistrationState
from portal.scheme import queries as scheme

AT_ONCE = 20  # drafts of one transaction, so that the write lock is not held for long


def years(today: dt.date) -> list[int]:
    """The years whose evaluations are under way: this one from its day on, the last one until it is closed.

    A last year that the county never opened had no evaluations.
    """
    this, last = scheme.year_of(today), scheme.year_of(dt.date(today.year - 1, 1, 1))
    begun = [this.year] if today >= this.evaluations_from and not this.closed_at else []
    return [*begun, last.year] if scheme.is_open(last.year) and not last.closed_at else begun


def current(today: dt.date) -> int:
    """The year whose evaluations are looked at on a day: this one from its day on, till then the last one."""
    return today.year if today >= scheme.year_of(today).evaluations_from else today.year - 1


def missing(community_id: int | None, year: int, today: dt.date) -> list[int]:
    """The registrations of those who were registered in a community for six months of a year and have no evaluation.

    Who was left out has one: it was dropped. Who is on no roster any more is not evaluated.
    """
    found = _spans(community_id, year)
    return [lines[-1][0] for lines in found.values() if is_long_enough([span for _, span in lines], year, today)]


def to_open(community_id: int | None, year: int, today: dt.date) -> Select:
    """The registrations that stand and have lasted for six months of a year, of members without an evaluation of it.

    As a SELECT, for a desk to count; who came back after a break is found only when the drafts are opened.
    """
    R, last = Registration, min(today, dt.date(year, 12, 31))
    has_one = select(Evaluation.member_id).where(Evaluation.year == year, Evaluation.community_id == community_id)
    stands = (R.community_id == community_id, R.state.in_(CURRENT), R.accepted_on <= last - dt.timedelta(LEAST_DAYS))
    return select(R).where(*stands, R.member_id.not_in(has_one))


def _spans(community_id: int | None, year: int) -> dict[int, list[tuple[int, Span]]]:
    """By member, the registrations in a community that touch a year, as (id, (accepted, ended)), in their order."""
    R, first, last = Registration, dt.date(year, 1, 1), dt.date(year, 12, 31)
    has_one = select(Evaluation.member_id).where(Evaluation.year == year, Evaluation.community_id == community_id)
    rows = (
        select(R.id, R.member_id, R.accepted_on, R.ended_on)
        .join(Member, Member.id == R.member_id)
        .where(R.community_id == community_id, R.accepted_on <= last, Member.status == MemberStatus.ACTIVE)
        .where(R.state.in_(CURRENT) | ((R.state == RegistrationState.ENDED) & (R.ended_on > first)))
        .where(R.member_id.not_in(has_one))
        .order_by(Member.pinyin, Member.id, R.accepted_on, R.id)
    )
    found: dict[int, list[tuple[int, Span]]] = defaultdict(list)
    for key, member_id, accepted_on, ended_on in db.session.execute(rows):
        found[member_id].append((key, (accepted_on, ended_on)))
    return found


def open_all(by: Actor, year: int) -> Iterator[int]:
    """A clerk opens the drafts of a year for everybody who has none yet, part by part; yields how many so far.

    The caller commits after each part. Raises NotYours, and RuleBroken before the year's day or after its closing.
    """
    if not by.is_in(Role.CLERK):
        raise NotYours("评议由本社区专干发起。")
    if year not in years(clock.today()):
        first = scheme.year_of(dt.date(year, 1, 1)).evaluations_from
        raise RuleBroken(f"{year}年度的评议从{first:%-m月%-d日}开始，年度结账后不再发起。")
    count = 0
    while keys := _held(by, year)[:AT_ONCE]:
        for registration in _rows(keys):
            workflow.opened(workflow.new_draft(year, registration), by)
        count += len(keys)
        yield count


def _held(by: Actor, year: int) -> list[int]:
    """Those still missing, held against a colleague who presses at the same moment."""
    hold_community(by.community_id)
    return missing(by.community_id, year, clock.today())


def _rows(keys: list[int]) -> list[Registration]:
    member = joinedload(Registration.member)
    rows = select(Registration).where(Registration.id.in_(keys)).order_by(Registration.id)
    shown = (member.joinedload(Member.unit).joinedload(Unit.supervisor), joinedload(Registration.community))
    return list(db.session.scalars(rows.options(*shown)))
