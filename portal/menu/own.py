"""What a member has taken on and not yet done, with the day by which each is due: one plain list.  [二(二)2]"""

import datetime as dt

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    Time,
    and_,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased, selectinload

from portal import clock
from portal.activities import inviting
from portal.activities.models import Activity, ActivityState, SignUp, SignUpState
from portal.actors import Actor
from portal.clock import Moment
from portal.extensions import db
from portal.households import missing
from portal.households.models import Household, Support, SupportState
from portal.menu.month import Month
from portal.menu.taken_on import SOON, Own, Sort
from portal.pledges import progress
from portal.pledges.models import APPROVED, Pledge
from portal.posts.models import Post, PostClaim, PostClaimState
from portal.suggestions.models import OPEN as SUGGESTION_OPEN
from portal.suggestions.models import Suggestion
from portal.wishes import proposing
from portal.wishes import queries as wishes
from portal.wishes.models import Proposal, Wish


def of(by: Actor, today: dt.date) -> list[Own]:
    """Everything that is this member's own and still open, what is due first on top, what has no day at the end."""
    return sorted([*_in_one_query(by, today), *_promises(by, today)], key=_turn)


def coming_soon(by: Actor, today: dt.date) -> Select:
    """The member's activities of the next seven days; one asked again, after it was postponed, is a line of its own.

    [二(二)3]
    """
    held = (SignUp.member_id == by.member_id, SignUp.state == SignUpState.SIGNED_UP, SignUp.renew == false())
    rows = select(Activity).join(SignUp).where(*held, Activity.state == ActivityState.PUBLISHED)
    return rows.where(Activity.day.between(today, today + SOON))


def _turn(one: Own) -> tuple:
    return one.day or dt.date.max, one.starts or dt.time.max, list(Sort).index(one.sort), one.number


def _in_one_query(by: Actor, today: dt.date) -> list[Own]:
    return _read(
        union_all(
            _wishes(by),
            _invitations(by),
            _asked(by),
            _sign_ups(by, Sort.ACTIVITY, SignUpState.SIGNED_UP, today),
            _sign_ups(by, Sort.WAITING, SignUpState.WAITLISTED, today),
            _visits(by, today),
            _supports(by),
            _suggestions(by),
            _posts(by),
        )
    )


def _line(rows: Select, sort: Sort, model, day=None, until=None, starts=None, note=None, place=None) -> Select:
    """These rows as lines of the list; each part of it has the same columns, whatever the room it comes from."""
    title = model.shown_name if sort in (Sort.VISIT, Sort.SUPPORT) else model.title
    return rows.with_only_columns(
        literal(sort.value), type_coerce(title, String), type_coerce(model.number, String),
        cast(null(), Date) if day is None else day, cast(null(), Moment) if until is None else until,
        cast(null(), Time) if starts is None else starts, type_coerce(null() if note is None else note, String),
        cast(null(), Integer) if place is None else place, maintain_column_froms=True,
    )  # fmt: skip


def _wishes(by: Actor) -> Select:
    return _line(wishes.due_of(by), Sort.WISH, Wish, day=Wish.finish_by)


def _invitations(by: Actor) -> Select:
    return _line(proposing.waiting_for(by), Sort.INVITATION, Wish, until=Proposal.until)


def _asked(by: Actor) -> Select:
    """The activities to which the member, or a team of theirs, is invited, and neither signed up nor withdrew."""
    asked = inviting.asked_to(by.member_id, clock.now())
    return _line(asked, Sort.ASKED, Activity, Activity.day, starts=Activity.starts, note=Activity.place)


def _sign_ups(by: Actor, sort: Sort, state: SignUpState, today: dt.date) -> Select:
    ahead = aliased(SignUp)
    earlier = or_(ahead.at < SignUp.at, and_(ahead.at == SignUp.at, ahead.id <= SignUp.id))
    of_activity = (ahead.activity_id == SignUp.activity_id, ahead.state == SignUpState.WAITLISTED)
    place = select(func.count(ahead.id)).where(*of_activity, earlier).correlate(SignUp).scalar_subquery()
    rows = select(Activity).join(SignUp).where(SignUp.member_id == by.member_id, SignUp.state == state)
    rows = rows.where(Activity.state == ActivityState.PUBLISHED, Activity.day >= today)
    waits = place if sort is Sort.WAITING else None
    return _line(rows, sort, Activity, Activity.day, starts=Activity.starts, note=Activity.place, place=waits)


def _posts(by: Actor) -> Select:
    rows = select(Post).join(PostClaim)
    held = rows.where(PostClaim.member_id == by.member_id, PostClaim.state == PostClaimState.ACTIVE)
    return _line(held, Sort.POST, Post, note=Post.times)


def _visits(by: Actor, today: dt.date) -> Select:
    """The households that the member supports and that nobody has visited this month.  [二(一)4]"""
    month = Month(today.year, today.month)
    home = aliased(Household)  # the condition asks for the household under its own name
    rows = select(home).join(Support, Support.household_id == home.id).where(Support.member_id == by.member_id)
    return _line(rows.where(missing.is_due(month.first)), Sort.VISIT, home, day=literal(month.last, Date))


def _supports(by: Actor) -> Select:
    rows = select(Household).join(Support).where(Support.member_id == by.member_id)
    return _line(rows.where(Support.state == SupportState.PROPOSED), Sort.SUPPORT, Household)


def _suggestions(by: Actor) -> Select:
    rows = select(Suggestion).where(Suggestion.member_id == by.member_id, Suggestion.state.in_(SUGGESTION_OPEN))
    return _line(rows, Sort.SUGGESTION, Suggestion, day=Suggestion.answer_by)


def _promises(by: Actor, today: dt.date) -> list[Own]:
    """What the pledge of the year promises and is not kept yet.  [三2]"""
    rows = select(Pledge).where(Pledge.member_id == by.member_id, Pledge.year == today.year, Pledge.state.in_(APPROVED))
    pledges = db.session.scalars(rows.options(selectinload(Pledge.items))).all()
    kept = progress.of(pledges)
    return [
        Own(Sort.PLEDGE, item.what, pledge.number, item.due_on, note=f"已兑现 {so_far.words}", place=item.place)
        for pledge in pledges
        for item, so_far in zip(pledge.items, kept[pledge.id].items, strict=True)
        if not so_far.whole
    ]


def _read(rows) -> list[Own]:
    found = []
    for sort, title, number, day, until, starts, note, place in db.session.execute(rows):
        day = clock.local(until).date() if until else day
        words = f"联系户 {title}" if sort in (Sort.VISIT.value, Sort.SUPPORT.value) else title
        found.append(Own(Sort(sort), words, number, day, starts, note or "", place or 0))
    return found
