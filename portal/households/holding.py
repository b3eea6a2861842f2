"""Holding a household and its supports for a transaction, and who leads when somebody goes.  [二(一)4]"""

from sqlalchemy import select

from portal import clock
from portal.errors import RuleBroken
from portal.extensions import db
from portal.households.models import MOST_SUPPORTERS, Household, HouseholdState, Support, SupportState


def hold(household: Household) -> None:
    """Hold a household, so that of two people at once the second sees what the first one did, in its supports too."""
    db.session.execute(select(Household.id).where(Household.id == household.id).with_for_update())
    db.session.refresh(household)
    rows = select(Support).where(Support.household_id == household.id).execution_options(populate_existing=True)
    db.session.scalars(rows).all()
    db.session.expire(household, ["supports"])


def hold_open(household: Household) -> None:
    """Hold a file that is open; raise RuleBroken where it is not."""
    hold(household)
    if household.state is not HouseholdState.ACTIVE:
        raise RuleBroken(f"这份联系对象档案现在是“{household.state.label}”，帮扶中的才能办理。")


def free_place(household: Household) -> int:
    """The lowest place that nobody holds. Raises RuleBroken where all are held."""
    held = {each.place for each in household.live_supports}
    place = next((place for place in range(1, MOST_SUPPORTERS + 1) if place not in held), None)
    if place is None:
        raise RuleBroken(f"这一户已有 {MOST_SUPPORTERS} 人结对或待答复，不能再多。")
    return place


def let_go(support: Support, why: str) -> None:
    """End a support; the lead passes to who has supported the household longest."""
    led, support.leads = support.leads, False
    support.state, support.until, support.ended_why = SupportState.ENDED, clock.today(), why[:200]
    db.session.flush()  # a household has one leader at most, at every moment
    following = support.household.active_supports
    if led and following:
        following[0].leads = True


def live_supports(household_id: int) -> list[Support]:
    """The supports of a household that last or wait, held for this transaction."""
    rows = select(Support).where(Support.household_id == household_id, Support.state != SupportState.ENDED)
    rows = rows.order_by(Support.id).with_for_update(of=Support).execution_options(populate_existing=True)
    return list(db.session.scalars(rows))
