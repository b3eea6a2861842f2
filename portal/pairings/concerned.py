"""Whom the moves of this room concern: the side that asked or wrote, the leader; and what each case is called."""

from portal.actors import Role
from portal.pairings.models import ContactPoint, JointAction, Pairing, PairingProject
from portal.telling import Addressee, Tells, Topic, to_member, to_office


def pairing_name(row: Pairing) -> str:
    """A pairing by its name."""
    return f"{row.unit.name}与{row.community.name}的结对共建"


def project_name(row: PairingProject) -> str:
    """A project by its name."""
    return f"共建项目“{row.what}”"


def action_name(row: JointAction) -> str:
    """A joint action by its name and day."""
    return f"{row.held_on:%-m月%-d日}的共同活动“{row.what}”"


def point_name(row: ContactPoint) -> str:
    """A contact point by its place."""
    return f"{row.community.name}联系点"


def _sides(row: Pairing) -> list[Addressee]:
    return [to_office(Role.LIAISON, unit_id=row.unit_id), to_office(Role.CLERK, community_id=row.community_id)]


def _leader_and_offices(row: ContactPoint) -> list[Addressee]:
    liaison, clerk = Role.LIAISON, Role.CLERK
    offices = [to_office(liaison, unit_id=row.member.unit_id), to_office(clerk, community_id=row.community_id)]
    return [to_member(row.member_id), *offices]


# To both sides, of which the acting one is not told of its own act.
both = Tells(Topic.PAIRING, _sides)
both_of = Tells(Topic.PAIRING, lambda row: _sides(row.pairing))
both_of_result = Tells(Topic.PAIRING, lambda row: _sides(row.pairing), lambda row: row.result)
both_of_day = Tells(Topic.PAIRING, lambda row: _sides(row.pairing), lambda row: f"新的时限：{row.due_on:%-m月%-d日}。")
leader = Tells(Topic.PAIRING, _leader_and_offices)
