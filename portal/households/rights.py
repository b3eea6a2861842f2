"""Who may act on a household, its supports and its visits; the actor is never the subject.  [二(一)4]"""

from portal.actors import Actor, Role
from portal.flow import who
from portal.households.models import Household, HouseholdState, Support, SupportState, Visit


def household_of(row: Household | Support | Visit) -> Household:
    """The household that a row is, or belongs to."""
    return row if isinstance(row, Household) else row.household


@who("本社区专干")
def clerk_of(row: Household | Support | Visit, by: Actor) -> bool:
    """A clerk of the household's community."""
    return by.is_in(Role.CLERK) and by.community_id == household_of(row).community_id


@who("本网格管理员")
def grid_worker_of(row: Household | Support | Visit, by: Actor) -> bool:
    """The worker of the grid in which the household lives."""
    return by.is_in(Role.GRID_WORKER) and by.grid_id is not None and by.grid_id == household_of(row).grid_id


@who("本社区专干（本人的除外）")
def clerk_of_another(support: Support, by: Actor) -> bool:
    """A clerk of the community who is not the supporter."""
    return clerk_of(support, by) and not by.is_self(support.member_id)


@who("本人")
def the_supporter(support: Support, by: Actor) -> bool:
    """The member who supports, or is asked to."""
    return by.is_in(Role.MEMBER) and by.is_self(support.member_id)


@who("牵头的帮扶人")
def the_leader(support: Support, by: Actor) -> bool:
    """The member who leads those who support this household."""
    leading = support.household.leading
    return leading is not None and the_supporter(leading, by)


def supports(household: Household, by: Actor) -> bool:
    """Whether this member supports the household now."""
    return by.is_in(Role.MEMBER) and household.support_of(by.member_id) is not None


def enters(household: Household, by: Actor) -> bool:
    """Whether this person may change the file: a clerk while it is open, a grid worker what they proposed."""
    if household.state is HouseholdState.CLOSED:
        return False
    own = household.state is HouseholdState.DRAFT and household.entered_by_user_id == by.user_id
    return clerk_of(household, by) or (grid_worker_of(household, by) and own)


def stands_in(household: Household, by: Actor) -> bool:
    """Whether this person may write down visits of members without a login: a clerk, or the grid worker."""
    return clerk_of(household, by) or grid_worker_of(household, by)


@who("本社区另一位专干或本网格管理员（走访人、登记人除外）")
def second_person(visit: Visit, by: Actor) -> bool:
    """Somebody of the community who neither wrote the visit down nor came along."""
    if by.user_id is None or by.user_id == visit.recorded_by_user_id or visit.has(by.self_member_id):
        return False
    if by.self_member_id is not None and by.self_member_id == visit.recorded_by_member_id:
        return False
    return clerk_of(visit, by) or grid_worker_of(visit, by)


@who("登记人")
def recorder(visit: Visit, by: Actor) -> bool:
    """Whoever wrote the visit down."""
    if by.is_in(Role.MEMBER):
        return by.is_self(visit.recorded_by_member_id)
    return by.user_id is not None and by.user_id == visit.recorded_by_user_id and stands_in(visit.household, by)


def is_lasting(support: Support) -> bool:
    """Whether a support lasts now."""
    return support.state is SupportState.ACTIVE
