"""A member's facts are set in one place, so that pinyin, search and identity always fit them.

Rosters, forms and the demonstration all write members through here.
"""

import datetime as dt

from portal.people.models import Member, Unit
from portal.people.names import pinyin_of, tidy_name
from portal.text import normal_phone
from portal.vault import blind_index

FACTS = (
    "name", "sex", "ethnicity", "born", "joined", "probationary", "leading", "education", "branch", "post", "title",
    "lives_in_town", "community_id", "grid_id", "phone", "address",
)  # fmt: skip
_OF_IDENTITY = {"name", "born", "phone"}


def new_member(unit: Unit, since: dt.date, **facts) -> Member:
    """A member whom the unit's roster first names on this day; the caller adds it to the session."""
    member = Member(unit=unit, since=since, lives_in_town=True)
    set_member_facts(member, **facts)
    return member


def set_member_facts(member: Member, **facts) -> tuple[str, ...]:
    """Set the named facts (see FACTS) and all that follows from them; the names of those that changed.

    A new home takes the member out of the old one's grid; whoever lives out of town has no community.
    """
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"no facts of a member: {sorted(unknown)}")
    if "name" in facts:
        facts["name"] = tidy_name(facts["name"])
    if facts.get("lives_in_town") is False:
        facts |= {"community_id": None, "grid_id": None}
    elif facts.get("community_id", member.community_id) != member.community_id:
        facts.setdefault("grid_id", None)
    if "phone" in facts:
        facts["phone"] = normal_phone(facts["phone"] or "")
    changed = tuple(name for name, value in facts.items() if (getattr(member, name) or None) != (value or None))
    for name in changed:
        setattr(member, name, facts[name])
    if "name" in changed:
        member.pinyin = pinyin_of(member.name)
    if member.identity_index is None or _OF_IDENTITY & set(changed):
        _index(member)
    return changed


def keep_phone(member: Member, phone: str | None) -> None:
    """Set a member's phone together with the indexes by which the member is found."""
    set_member_facts(member, phone=phone)


def identity_index(name: str, born: str, phone: str) -> str:
    """The fingerprint by which one person is known on two rosters: name, birth month (1980-05) and phone."""
    return blind_index("identity", f"{tidy_name(name)}|{born}|{normal_phone(phone)}")


def phone_index(phone: str) -> str:
    """The fingerprint of a whole phone number."""
    return blind_index("phone", normal_phone(phone))


def phone_tail_index(tail: str) -> str:
    """The fingerprint of a phone number's last four digits."""
    return blind_index("phone-tail", tail[-4:])


def _index(member: Member) -> None:
    phone = member.phone or ""
    member.phone_index = phone_index(phone) if phone else None
    member.phone_tail_index = phone_tail_index(phone) if phone else None
    member.identity_index = identity_index(member.name, member.born, phone)
