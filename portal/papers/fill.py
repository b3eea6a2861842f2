"""What stands in each cell of each paper, from the records; an empty cell is filled with — when it is composed."""

import datetime as dt
import re

from portal.filters import day, masked_phone
from portal.labels import Category
from portal.papers import queries
from portal.papers.catalogue import paper
from portal.people.models import Member, UnitKind
from portal.posts.receiving import claimed_in
from portal.registrations.models import FreeTime, InfoCard, Registration
from portal.wishes.models import Wish

PARTY_BODY = re.compile(r"党(支部|总支|组|委|工委|委员会|组织)(（.+）)?$")
HIDDEN_ADDRESS = "（已隐去）"


@paper(
    "1a", "在职党员进社区报到证明信", kind="certificate", who=queries.registrations_seen_by, number="number",
    private=("phone", "address"),
)  # fmt: skip
def certificate(registration: Registration, full: bool) -> dict:
    """The letter that a member carries from the unit to the community, with its stub.  [附件1]"""
    member, unit = registration.member, registration.issuer
    liaison = queries.main_liaison(unit.id)
    return _person(member) | {
        "issuer": unit.name,
        "community": registration.community.name,
        "to": party_body(registration.community.name),
        "branch": member.branch or unit.name,
        "unit": unit.name,
        "post": member.post,
        "address": member.address if full else HIDDEN_ADDRESS,
        "phone": member.phone if full else masked_phone(member.phone),
        "issued_on": day(registration.issued_on),
        "valid_days": f"{registration.valid_days}天",
        "taken_by": registration.taken_by,
        "issued_by": registration.issued_by,
        "liaison": liaison,
        "liaison_phone": unit.phone,
    }


@paper(
    "1b", "在职党员基本情况信息卡", kind="info-card", who=queries.registrations_seen_by, private=("phone", "address")
)
def info_card(registration: Registration, full: bool) -> dict:
    """The card that a member fills in and carries with the certificate.  [附件1]"""
    member, unit = registration.member, registration.unit
    card = registration.card
    return (
        _person(member)
        | _wishes_of(card)
        | {
            "issuer": unit.name,
            "certificate_number": registration.certificate_number,
            "education": member.education.label if member.education else None,
            "unit_kinds": [(kind.label, kind == unit.kind) for kind in UnitKind],
            "unit": unit.name,
            "post": member.post,
            "title": member.title,
            "branch": member.branch or unit.name,
            "community": registration.community.name,
            "grid": _grid(registration),
            "home": _home(member, card) if full else HIDDEN_ADDRESS,
            "phone": member.phone if full else masked_phone(member.phone),
            "filled_on": day(card.filled_at) if card else None,
            "unit_agreed_on": day(registration.issued_on),
            "received_by": registration.received_by,
            "received_on": day(registration.accepted_on) if registration.accepted_on else None,
        }
    )


@paper("2", "在职党员进社区报到回执", kind="receipt", who=queries.receipts_seen_by, number="receipt_number")
def receipt(registration: Registration, full: bool) -> dict:
    """The community's answer to the unit, with its stub.  [附件2] [三1]"""
    unit, community = registration.issuer, registration.community
    return {
        "issuer": community.name,
        "certificate_number": registration.certificate_number,
        "to": party_body(unit.name),
        "name": registration.member.name,
        "reported_on": day(registration.presented_on or registration.accepted_on),
        "mode": registration.mode.label if registration.mode else None,
        "community": party_body(community.name),
        "branch": None,
        "team": registration.team.name if registration.team else None,
        "grid": _grid(registration),
        "post": claimed_in(registration) or None,
        "received_by": registration.received_by,
        "phone": community.phone,
        "issued_on": day(registration.accepted_on),
        "filed_by": registration.filed_by,
        "filed_on": day(registration.filed_on) if registration.filed_on else None,
        "copy_to": "县直机关工委" if unit.kind == UnitKind.OFFICE else None,
    }


@paper("10", "心愿受理单", kind="wish-slip", who=queries.wishes_seen_by, number="number", ledger="")
def wish_slip(wish: Wish, full: bool) -> dict:
    """What a resident takes home: the number and, only at the moment it is shown, the query code.  [二(二)2]"""
    return {
        "issuer": wish.community.name if wish.community else None,
        "wish_number": wish.number,
        "query_code": None,
        "submitted_on": day(wish.submitted_at),
        "source": wish.source.label,
        "title": wish.title,
        "category": wish.category.label if wish.category else None,
        "shown_name": wish.shown_name,
        "community": wish.community.name if wish.community else None,
        "phone": wish.community.phone if wish.community else None,
        "address": wish.community.address if wish.community else None,
    }


def party_body(name: str) -> str:
    """The Party organisation's name: 儒林社区 → 儒林社区党组织; 凤翔中学党支部 stays."""
    return name if PARTY_BODY.search(name) else f"{name}党组织"


def month(value: str | None) -> str | None:
    """A stored month as people write it: 1980-05 → 1980年5月; None stays."""
    if not value:
        return None
    first = dt.date.fromisoformat(f"{value[:7]}-01")
    return f"{first.year}年{first.month}月"


def _person(member: Member) -> dict:
    return {
        "name": member.name,
        "sex": member.sex.label,
        "ethnicity": member.ethnicity,
        "born": month(member.born),
        "joined": month(member.joined),
        "membership": "预备党员" if member.probationary else "正式党员",
    }


def _wishes_of(card: InfoCard | None) -> dict:
    """Skills, intentions and free times: the last two as every choice with its tick."""
    intentions = {line.category for line in card.intentions} if card else set()
    free_times = {line.free_time for line in card.free_times} if card else set()
    return {
        "skills": "、".join(line.skill for line in card.skills) if card else None,
        "intentions": [(category.label, category in intentions) for category in Category],
        "free_times": [(time.label, time in free_times) for time in FreeTime],
    }


def _grid(registration: Registration) -> str | None:
    grid = registration.grid or registration.member.grid
    return grid.name if grid else None


def _home(member: Member, card: InfoCard | None) -> str | None:
    """Estate and address, the estate not twice."""
    estate, address = card and card.estate and card.estate.name, member.address
    return address if not estate or (address and estate in address) else f"{estate} {address or ''}".strip()
