"""What the records say of a member's year, shown beside a nomination: nothing of it is typed for it."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from portal import clock
from portal.duties import progress
from portal.duties.five_ones import One
from portal.evaluations.models import Evaluation
from portal.evaluations.queries import grades, sent_in
from portal.extensions import db
from portal.posts import queries as posts
from portal.records import queries as records
from portal.remarks.models import Finding, Remark, RemarkKind, RemarkState
from portal.wishes.models import Claim, ClaimPerson, ClaimState, Wish, WishState

TRUE = (Finding.TRUE, Finding.PARTLY)
ENOUGH = 3  # ratings from which on an average is shown


@dataclass(frozen=True)
class Evidence:
    """A year in numbers and names; hours in half hours. `grade` is that of the year's evaluation, '' without one."""

    services: int
    half_hours: int
    posts: str
    ones: list[One]
    wishes: int
    rated: int
    average: float | None
    thanks: list[str]
    praise: int
    concerns: int
    grade: str


def of(member_id: int, year: int) -> Evidence:
    """What the records say of this member's year, up to today or to its end."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    told = progress.of_member(member_id, min(clock.today(), last))
    services, half_hours = records.year_total(member_id, year)
    praise, concerns = _remarks(member_id, first, last)
    wishes, rated, average, thanks = _wishes(member_id, first, last)
    return Evidence(
        services=services, half_hours=half_hours, posts=posts.names_of(member_id, year),
        ones=list(told[1].values()) if told else [], wishes=wishes, rated=rated, average=average, thanks=thanks,
        praise=praise, concerns=concerns, grade=_grade(member_id, year),
    )  # fmt: skip


def _wishes(member_id: int, first: dt.date, last: dt.date) -> tuple[int, int, float | None, list[str]]:
    """The wishes that the member helped to fulfil: how many, how many were rated, the average, the thanks' words.

    Alone, or as one of those who came for a unit or team; with a share in the hours, each wish once.
    """
    own = and_(Claim.member_id == member_id, Claim.half_hours.is_not(None))
    came = select(ClaimPerson.claim_id).where(ClaimPerson.member_id == member_id, ClaimPerson.half_hours.is_not(None))
    helped = select(Claim.wish_id).where(Claim.state == ClaimState.FINISHED, or_(own, Claim.id.in_(came)))
    rows = select(Wish.rating, Wish.thanks).where(
        Wish.id.in_(helped), Wish.state.in_((WishState.CONFIRMED, WishState.ARCHIVED)),
        Wish.confirmed_at >= clock.start_of(first), Wish.confirmed_at < clock.start_of(last + dt.timedelta(days=1)),
    )  # fmt: skip
    found = db.session.execute(rows.order_by(Wish.confirmed_at, Wish.id)).all()
    given = [row.rating for row in found if row.rating is not None]
    average = sum(given) / len(given) if len(given) >= ENOUGH else None
    return len(found), len(given), average, [row.thanks for row in found if row.thanks]


def _remarks(member_id: int, first: dt.date, last: dt.date) -> tuple[int, int]:
    """How often residents praised the member, and how many concerns proved true, at least in part."""
    rows = select(Remark.kind, func.count().label("number")).where(
        Remark.member_id == member_id, Remark.state == RemarkState.SETTLED, Remark.submitted_on.between(first, last),
        (Remark.kind == RemarkKind.PRAISE) | Remark.finding.in_(TRUE),
    )  # fmt: skip
    found = {row.kind: row.number for row in db.session.execute(rows.group_by(Remark.kind))}
    return found.get(RemarkKind.PRAISE, 0), found.get(RemarkKind.CONCERN, 0)


def _grade(member_id: int, year: int) -> str:
    key = db.session.scalar(
        sent_in(year).where(Evaluation.member_id == member_id).order_by(Evaluation.id.desc())
        .with_only_columns(Evaluation.grade_id).limit(1)
    )  # fmt: skip
    return next((grade.label for grade in grades() if grade.id == key), "") if key else ""
