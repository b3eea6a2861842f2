"""What the end of a registration means for the households that the member supports: the clerk finds somebody else.

A household without a supporter is a line of the clerk's desk, in the same transaction; the visits made stay.  [二(一)4]
"""

from sqlalchemy import select

from portal.actors import Actor
from portal.extensions import db
from portal.households import supporting
from portal.households.models import Household, Support, SupportState
from portal.people.models import Member
from portal.registrations import workflow as reporting
from portal.registrations.models import Registration


def hand_back_all(registration: Registration, by: Actor) -> None:
    """Whoever is registered no longer supports nobody any more."""
    supporting.end_those(_live(registration.member_id), by, "帮扶人的报到已结束")


def hand_back_elsewhere(registration: Registration, by: Actor) -> None:
    """Whom a new community receives hands back the households of the old one."""
    elsewhere = [
        each for each in _live(registration.member_id) if each.household.community_id != registration.community_id
    ]
    supporting.end_those(elsewhere, by, "帮扶人已迁居")


def supported_since(registration: Registration, _by: Actor) -> str:
    """What keeps an acceptance from being undone: a household of the community supported, or offered, under it."""
    here = Household.community_id == registration.community_id
    rows = select(Support.id).join(Household, Household.id == Support.household_id)
    mine = (Support.member_id == registration.member_id, Support.state != SupportState.ENDED)
    found = db.session.scalar(rows.where(here, *mine).limit(1))
    return f"{registration.member.name}报到后已有结对的联系对象，不能撤销。" if found else ""


def foreseen(member: Member) -> str:
    """What the end of the member's registration would do here."""
    count = len(_live(member.id))
    return f"结对帮扶的 {count} 户交回社区另行安排。" if count else ""


def _live(member_id: int) -> list[Support]:
    rows = select(Support).where(Support.member_id == member_id, Support.state != SupportState.ENDED)
    return list(db.session.scalars(rows.order_by(Support.id)))


def register() -> None:
    """Say it to the life cycle of registrations."""
    reporting.when_ended(hand_back_all, foreseen)
    reporting.when_accepted(hand_back_elsewhere)
    reporting.accept.stays_if(supported_since)
