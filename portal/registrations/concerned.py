"""Whom the moves of a registration, an exemption, a 暂缓 and a change of unit concern.

The member, and the office whose question is answered; what waits for an office is a line of its desk.
"""

from portal.actors import Role
from portal.registrations.models import Deferment, Exemption, Registration, TransferRequest
from portal.telling import Addressee, Tells, Topic, to_member, to_office


def named(row: TransferRequest) -> str:
    """A change of unit by its name."""
    return f"转入{row.to_unit.name}的申请"


def _member(row: Registration) -> list[Addressee]:
    return [to_member(row.member_id)]


def _community(row: Registration) -> list[Addressee]:
    return [to_office(Role.CLERK, community_id=row.community_id)]


def _everybody(row: Registration) -> list[Addressee]:
    return [*_member(row), to_office(Role.LIAISON, unit_id=row.unit_id), *_community(row)]


def _member_and_asker(row: Exemption | Deferment) -> list[Addressee]:
    return [to_member(row.member_id), to_office(Role.LIAISON, unit_id=row.unit_id)]


def _asker(row: TransferRequest) -> list[Addressee]:
    return [to_office(Role.LIAISON, unit_id=row.to_unit_id)]


def _both_units(row: TransferRequest) -> list[Addressee]:
    return [to_member(row.member_id), *_asker(row), to_office(Role.LIAISON, unit_id=row.from_unit_id)]


member_reports = Tells(Topic.REGISTRATION, _member, lambda row: f"请到{row.community.name}报到。")
member_is_presented = Tells(Topic.REGISTRATION, _member, lambda row: f"单位已代您报到，等{row.community.name}接洽。")
member_is_received = Tells(Topic.REGISTRATION, _member, lambda row: f"报到回执 {row.receipt_number} 已送达单位。")
member_waits = Tells(Topic.REGISTRATION, _member, lambda row: f"应到{row.right_community.name}，单位会重新开具。")
member_moved = Tells(Topic.REGISTRATION, _member, lambda row: f"新的居住社区：{row.member.community.name}。")
member = Tells(Topic.REGISTRATION, _member)
old_community = Tells(Topic.REGISTRATION, _community)
everybody = Tells(Topic.REGISTRATION, _everybody, lambda row: f"类别：{row.end_kind.label}。")

member_and_asker = Tells(Topic.MEMBERSHIP, _member_and_asker)
asker = Tells(Topic.MEMBERSHIP, _asker)
both_units = Tells(Topic.MEMBERSHIP, _both_units)
