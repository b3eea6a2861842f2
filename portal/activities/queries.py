"""Which activities one may see, the public board, and a member's own.  [二(二)3]"""

import datetime as dt

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.activities.models import HOLDS_A_PLACE, Activity, ActivityState, ActivityWish, SignUp, SignUpState
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Member
from portal.wishes.models import Claim, ClaimState, Wish

S = ActivityState
SHOWN = Activity.published_at.is_not(None)


def visible_to(by: Actor) -> Select:
    """The activities that this person may open: whatever was published, and the drafts of the own office."""
    people = selectinload(Activity.sign_ups).joinedload(SignUp.member).joinedload(Member.unit)
    return rows().where(or_(SHOWN, is_organised_by(by))).options(people)


def rows() -> Select:
    """Activities with what a list shows of each."""
    return select(Activity).options(joinedload(Activity.community), joinedload(Activity.grid))


def is_organised_by(by: Actor) -> ColumnElement[bool]:
    """The condition that this office organises an activity: a clerk the community's, the county the county's."""
    match by.role:
        case Role.CLERK:
            return and_(Activity.community_id.is_not(None), Activity.community_id == by.community_id)
        case Role.COUNTY:
            return Activity.community_id.is_(None)
        case _:
            return false()


def is_near(by: Actor) -> ColumnElement[bool]:
    """The condition that an activity is of this person's own community."""
    home = select(Member.community_id).where(Member.id == by.member_id).scalar_subquery()
    return and_(Activity.community_id.is_not(None), Activity.community_id == (by.community_id or home))


def published(today: dt.date) -> Select:
    """The activities that one may still sign up for or that take place later today, the next one on top."""
    return rows().where(Activity.state == S.PUBLISHED, Activity.day >= today).order_by(*IN_TIME)


def takes_sign_ups(now: dt.datetime) -> ColumnElement[bool]:
    """The condition that one may still sign up at this moment, as `rights.takes_sign_ups` says of one activity."""
    local = clock.local(now)
    today, begins = local.date(), local.time()
    in_time = or_(Activity.sign_up_by.is_(None), Activity.sign_up_by >= today)
    ahead = or_(Activity.day > today, and_(Activity.day == today, Activity.starts > begins))
    return and_(Activity.state == S.PUBLISHED, in_time, ahead)


def urgent(today: dt.date) -> Select:
    """The urgent call-ups that last, the next one on top."""
    return published(today).where(Activity.urgent.is_(True))


STANDS = (SignUp.state != SignUpState.CANCELLED,)
IN_TIME = (Activity.day, Activity.starts, Activity.id)


def places_left() -> ColumnElement[int | None]:
    """How many places an activity has left, for a list; NULL where everybody may come."""
    held = select(func.count()).where(SignUp.activity_id == Activity.id, SignUp.place.is_not(None)).scalar_subquery()
    return Activity.capacity - Activity.held_back - held


def counted(ids: list[int]) -> dict[int, int]:
    """How many hold a place, or came, for each of these activities; those of which nobody does are not named."""
    held = SignUp.state.in_(HOLDS_A_PLACE)
    rows = select(SignUp.activity_id, func.count()).where(SignUp.activity_id.in_(ids), held)
    return dict(iter(db.session.execute(rows.group_by(SignUp.activity_id))))


def sign_ups_of(member_id: int | None) -> Select:
    """A member's sign-ups with their activities, the latest activity on top."""
    whole = joinedload(SignUp.activity).joinedload(Activity.community)
    mine = select(SignUp).join(SignUp.activity).where(SignUp.member_id == member_id)
    return mine.options(whole).order_by(Activity.day.desc(), Activity.starts.desc(), Activity.id.desc())


def clashing(member_id: int, activity: Activity) -> Activity | None:
    """Another activity at the same time for which this member has signed up, or None; one postponed to this time
    counts from when they have said yes again.
    """
    same_time = (Activity.day == activity.day, Activity.starts < activity.ends, Activity.ends > activity.starts)
    comes = (SignUp.state.in_((SignUpState.SIGNED_UP, SignUpState.WAITLISTED)), SignUp.renew.is_(False))
    found = select(Activity).join(SignUp).where(SignUp.member_id == member_id, *comes, *same_time)
    return db.session.scalar(found.where(Activity.id != activity.id, Activity.state == S.PUBLISHED).limit(1))


def came_for(wish: Wish, member_id: int) -> bool:
    """Whether this member came to an activity that has the wish in hand, or carried it through.  [二(二)4]"""
    taken = select(ActivityWish.activity_id).join(ActivityWish.claim)
    taken = taken.where(Claim.wish_id == wish.id, Claim.state.in_((ClaimState.OPEN, ClaimState.FINISHED)))
    came = exists().where(SignUp.activity_id.in_(taken), SignUp.member_id == member_id)
    return bool(db.session.scalar(select(came.where(SignUp.state == SignUpState.ATTENDED))))


def count(found: Select) -> int:
    """How many rows a list has."""
    model = found.column_descriptions[0]["entity"]
    ids = found.with_only_columns(model.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0
