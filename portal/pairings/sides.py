"""On which side of a pairing a person stands; what one side puts forward, a second person of the other agrees to."""

from sqlalchemy import select

from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import who
from portal.pairings.models import JointAction, Pairing, PairingProject, PairingState, Side


def side_of(pairing: Pairing, by: Actor) -> Side | None:
    """The side for which this person acts: liaison of the unit, clerk of the community; None for all others."""
    if by.is_in(Role.LIAISON) and same(pairing.unit_id, by.unit_id):
        return Side.UNIT
    if by.is_in(Role.CLERK) and same(pairing.community_id, by.community_id):
        return Side.COMMUNITY
    return None


@who("结对单位联络员或社区专干")
def either(row: Pairing | PairingProject, by: Actor) -> bool:
    """A liaison or clerk of one of the two sides."""
    return side_of(row if isinstance(row, Pairing) else row.pairing, by) is not None


@who("结对社区专干")
def community(row: Pairing, by: Actor) -> bool:
    """A clerk of the community."""
    return side_of(row, by) is Side.COMMUNITY


@who("结对单位联络员")
def unit(row: Pairing, by: Actor) -> bool:
    """A liaison of the unit."""
    return side_of(row, by) is Side.UNIT


@who("提出的一方")
def proposing(row: Pairing, by: Actor) -> bool:
    """The side that proposed."""
    return side_of(row, by) is row.side


@who("对方（提出人本人除外）")
def answering(row: Pairing, by: Actor) -> bool:
    """The side that was asked, by another person than who asked in another office."""
    return side_of(row, by) is row.side.other and not same(row.proposed_by_user_id, by.user_id)


@who("登记的一方")
def recording(row: JointAction, by: Actor) -> bool:
    """The side that recorded what was done."""
    return side_of(row.pairing, by) is row.side


@who("对方（登记人本人除外）")
def witnessing(row: JointAction, by: Actor) -> bool:
    """The other side, by another person than who recorded it in another office."""
    return side_of(row.pairing, by) is row.side.other and not same(row.recorded_by_user_id, by.user_id)


def hold_building(pairing: Pairing, by: Actor) -> Side:
    """The side of this person on a pairing that is active and stays so for this transaction.

    Of two people at once, one of whom ends it, the second sees what the first one did. Raises NotYours, RuleBroken.
    """
    side = side_of(pairing, by)
    if side is None:
        raise NotYours(f"只能由{either.label}办理。")
    db.session.execute(select(Pairing.id).where(Pairing.id == pairing.id).with_for_update())
    db.session.refresh(pairing)
    if pairing.state is not PairingState.ACTIVE:
        raise RuleBroken(f"这项结对现在是“{pairing.state.label}”，共建中的才能办理。")
    return side
