"""What follows for sign-ups when a member leaves the county: their places go to who waits.  [二(三)3]"""

from sqlalchemy import Select, select

from portal import history
from portal.activities import places
from portal.activities.models import LEFT, Activity, ActivityState, SignUp, SignUpState
from portal.activities.workflow import fill_places, flow
from portal.actors import Actor
from portal.extensions import db
from portal.moves import hold
from portal.people.models import Member
from portal.registrations.models import Registration

COMING = (SignUpState.SIGNED_UP, SignUpState.WAITLISTED)


def cancel_all(registration: Registration, by: Actor) -> None:
    """Whoever leaves is taken off every list of what is still to come, in the transaction that ends their
    registration; who was there already is settled with the others.  [二(三)3]
    """
    ids = _ahead(registration.member_id).with_only_columns(SignUp.activity_id)
    for activity in db.session.scalars(select(Activity).where(Activity.id.in_(ids)).order_by(Activity.id)).all():
        if not hold(activity, (ActivityState.PUBLISHED,)):
            continue
        places.fresh(activity)
        theirs = activity.sign_up_of(registration.member_id)
        if theirs is not None and theirs.state in COMING:
            places.leave(theirs, LEFT)
            flow.noted(activity, by, "withdraw", "退出报名", activity.state, "报名人的报到已结束", held=True)
            fill_places(activity, by)


def foreseen(member: Member) -> str:
    """What a member's leaving would do to their sign-ups, in one line."""
    numbers = [each.activity.number for each in db.session.scalars(_ahead(member.id))]
    return f"报名的 {len(numbers)} 次志愿服务活动退出，名额让给候补：{'、'.join(sorted(numbers))}。" if numbers else ""


def signed_up_since(registration: Registration, _by: Actor) -> str:
    """What keeps an acceptance from being undone: a sign-up made under it."""
    accepted = history.last(registration)
    if accepted is None:
        return ""
    came = SignUp.state.in_((*COMING, SignUpState.ATTENDED))
    mine = select(Activity.number).join(SignUp).where(SignUp.member_id == registration.member_id, came)
    number = db.session.scalar(mine.where(SignUp.at >= accepted.at).limit(1))
    return f"{registration.member.name}报到后已报名志愿服务活动 {number}，不能撤销。" if number else ""


def _ahead(member_id: int) -> Select:
    """A member's sign-ups for what has not been held yet."""
    mine = select(SignUp).join(SignUp.activity).where(SignUp.member_id == member_id, SignUp.state.in_(COMING))
    return mine.where(Activity.state == ActivityState.PUBLISHED)
