"""What becomes of sign-ups when two rows of the roster prove to be one person: one sign-up an activity is left."""

from sqlalchemy import select

from portal.activities import places
from portal.activities.models import ActivityState, Invitation, SignUp, SignUpState
from portal.activities.workflow import fill_places, flow
from portal.extensions import db
from portal.people.merging import Merging, rows_naming, when_merged
from portal.people.models import Member

UNSETTLED = (ActivityState.PUBLISHED, ActivityState.HELD)


def stays(kept: Member, gone: Member) -> list[SignUp]:
    """The sign-ups of activities for which the row that stays has signed up as well."""
    both = set(db.session.scalars(select(SignUp.activity_id).where(SignUp.member_id == kept.id)))
    return [each for each in rows_naming(SignUp.member_id, gone) if each.activity_id in both]


def settle(merging: Merging) -> None:
    """Who signed up twice keeps the better of the two; the other place is free for who waits."""
    for twice in stays(merging.kept, merging.gone):
        activity = twice.activity
        if activity.state not in UNSETTLED or twice.state is SignUpState.CANCELLED:
            continue
        other = activity.sign_up_of(merging.kept.id)
        if _rank(twice) > _rank(other):
            _change_over(twice, other)
        places.leave(twice, merging.words)
        flow.noted(activity, merging.by, "withdraw", "退出报名", activity.state, merging.words)
        if activity.state is ActivityState.PUBLISHED:
            fill_places(activity, merging.by)


def foreseen(kept: Member, gone: Member) -> list[str]:
    """What `settle` would do."""
    open_ones = [each for each in stays(kept, gone) if each.activity.state in UNSETTLED]
    numbers = "、".join(sorted(each.activity.number for each in open_ones if each.state is not SignUpState.CANCELLED))
    return [f"志愿服务活动 {numbers} 报了两次名，只留一个。"] if numbers else []


def invited_twice(kept: Member, gone: Member) -> list[Invitation]:
    """Invitations to activities to which the row that stays is invited as well: they stay behind, and do no harm."""
    both = set(db.session.scalars(select(Invitation.activity_id).where(Invitation.member_id == kept.id)))
    return [each for each in rows_naming(Invitation.member_id, gone) if each.activity_id in both]


_BETTER = (SignUpState.CANCELLED, SignUpState.WAITLISTED, SignUpState.ABSENT, SignUpState.SIGNED_UP,
           SignUpState.ATTENDED)  # fmt: skip


def _rank(sign_up: SignUp) -> int:
    return _BETTER.index(sign_up.state)


def _change_over(twice: SignUp, other: SignUp) -> None:
    """The row that stays takes what the other one held."""
    held = {name: getattr(twice, name) for name in ("state", "place", "at", "walk_in", "stand_in", "renew",
            "half_hours", "marked_by_user_id", "marked_by", "marked_as", "marked_at")}  # fmt: skip
    places.leave(twice, "")
    for name, value in held.items():
        setattr(other, name, value)
    other.ended_at = other.why = None
    db.session.flush()


def register() -> None:
    """Say it to the merging of members."""
    when_merged(SignUp.member_id, "活动报名", stays, settle, foreseen)
    when_merged(Invitation.member_id, "活动邀请", invited_twice)
