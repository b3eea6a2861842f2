"""Who may do what with an activity: the rules that stand on its moves.  [二(二)3]"""

from portal import clock
from portal.activities import places
from portal.activities.models import Activity, ActivityState, SignUp
from portal.actors import Actor, Role
from portal.flow import who
from portal.people.models import Member
from portal.registrations.queries import current_of
from portal.telling import Addressee, to_member, to_office


def works_for(community_id: int | None, by: Actor) -> bool:
    """Whether this office organises what is of this community, or, without one, of the whole county."""
    if community_id is None:
        return by.is_in(Role.COUNTY)
    return by.is_in(Role.CLERK) and by.community_id == community_id


@who("主办的社区专干或县委组织部")
def organiser(activity: Activity, by: Actor) -> bool:
    """A clerk of the community whose activity it is; of a county-wide one the county office."""
    return works_for(activity.community_id, by)


@who("主办的社区专干、网格管理员或县委组织部")
def roll_taker(activity: Activity, by: Actor) -> bool:
    """Whoever organises it, or a grid worker of the community."""
    of_grid = by.is_in(Role.GRID_WORKER) and activity.community_id is not None
    return organiser(activity, by) or (of_grid and by.community_id == activity.community_id)


@who("已报到的在职党员")
def registered_member(activity: Activity, by: Actor) -> bool:
    """A member with a current registration, whatever the community: one may help one's neighbours too."""
    return by.is_in(Role.MEMBER) and current_of(by.member_id) is not None


@who("报了名的本人")
def signed_up(activity: Activity, by: Actor) -> bool:
    """The member who signed up and has not withdrawn."""
    return by.is_in(Role.MEMBER) and places.is_in(own_of(activity, by))


@who("系统")
def system(activity: Activity, by: Actor) -> bool:
    """Time itself, by `tick`."""
    return by.is_in(Role.SYSTEM)


def own_of(activity: Activity, by: Actor) -> SignUp | None:
    """How the person who acts as a member stands to it, or None."""
    return activity.sign_up_of(by.member_id) if by.is_in(Role.MEMBER) and by.member_id else None


def sees_names(activity: Activity, by: Actor) -> bool:
    """Whether this person reads who else comes: those who take the roll, and those who come themselves."""
    return roll_taker(activity, by) or places.is_in(own_of(activity, by))


def reads_whole(activity: Activity, by: Actor) -> bool:
    """Whether this person reads the case with its history: the office that organises it, or takes the roll."""
    return roll_taker(activity, by)


def has_begun(activity: Activity) -> bool:
    """Whether it has started, so that who comes now is a walk-in."""
    return clock.now() >= activity.starts_at


def takes_sign_ups(activity: Activity) -> bool:
    """Whether one may still sign up: it is published, has not started, and the last day for it has not passed."""
    last = activity.sign_up_by
    in_time = last is None or clock.today() <= last
    return activity.state is ActivityState.PUBLISHED and in_time and not has_begun(activity)


def takes_roll(activity: Activity) -> bool:
    """Whether the roll may be taken: from the day of the activity on, until it is settled."""
    return activity.state in ROLL and clock.today() >= activity.day


ROLL = (ActivityState.PUBLISHED, ActivityState.HELD)


def in_reach(activity: Activity, member: Member) -> bool:
    """Whether a clerk may enter this member: registered in the community, or anywhere for a county-wide activity.

    From elsewhere too whoever once signed up for it, as any registered member may: the waiting list may come and see.
    """
    current = current_of(member.id)
    if current is None or activity.community_id in (None, current.community_id):
        return current is not None
    return activity.sign_up_of(member.id) is not None


def office_of(activity: Activity) -> Addressee:
    """The office that organises it."""
    if activity.community_id is None:
        return to_office(Role.COUNTY)
    return to_office(Role.CLERK, community_id=activity.community_id)


def all_in(activity: Activity) -> list[Addressee]:
    """Everybody who holds a place or waits for one."""
    return [to_member(each.member_id) for each in activity.sign_ups if places.is_in(each)]
