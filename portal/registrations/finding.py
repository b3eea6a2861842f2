"""How members and registrations are found: members by name, pinyin, unit or telephone, registrations by number.

By a telephone, or its last four digits, members are found only by those who read it anyway: the liaison of the own
unit, and the clerk of the community in which they are registered now.
"""

from flask import url_for
from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from portal.actors import Actor, Role
from portal.finding import Kind, Line, Sought, joined
from portal.numbers import numbered, official_number
from portal.people import queries as people
from portal.people.members import phone_index
from portal.people.models import Community, Member, MemberStatus, Unit
from portal.registrations import queries
from portal.registrations.models import NO_NUMBER, Registration
from portal.search import contains
from portal.text import normal_phone

RECORD_CARD = "record-card"
KNOW_PHONES = (Role.LIAISON, Role.CLERK)


def _members(by: Actor, sought: Sought) -> Select | None:
    if not sought.is_text:
        return None
    rows = people.visible_to(by).join(Member.unit).outerjoin(Member.community)
    fits = _by_words(sought.words)
    if " " in sought.words:  # pinyin may be typed with spaces: shan xue
        fits = or_(people.named(Member, sought.words), fits)
    if by.is_in(*KNOW_PHONES) and (phone := _has_phone(sought)) is not None:
        fits = or_(fits, and_(phone, _is_read_by(by)))
    return rows.where(Member.status != MemberStatus.MERGED, fits)


def _by_words(words: str) -> ColumnElement[bool]:
    """Every word is the member's or the unit's: 凤翔中学 shanxue."""
    return and_(true(), *(or_(people.named(Member, word), _works_in(word)) for word in words.split()))


def _works_in(word: str) -> ColumnElement[bool]:
    return Member.unit_id.in_(select(Unit.id).where(contains(Unit.name, word)))


def _has_phone(sought: Sought) -> ColumnElement[bool] | None:
    if sought.tail:
        return people.with_phone_tail(sought.tail)
    phone = normal_phone(sought.words)
    return Member.phone_index == phone_index(phone) if phone else None


def _is_read_by(by: Actor) -> ColumnElement[bool]:
    if by.is_in(Role.LIAISON):
        return Member.unit_id == by.unit_id
    return queries.is_received(Member.id, by.community_id)


def _member(key, name, unit, community, status) -> Line:
    away = None if status is MemberStatus.ACTIVE else status
    return Line(name, url_for("people.page", member=key), joined(unit, community), away)


def _registrations(by: Actor, sought: Sought) -> Select | None:
    certificates = sought.numbers_of("certificate", "info-card")
    fits: list[ColumnElement[bool]] = [
        Registration.number.in_(certificates), Registration.receipt_number.in_(sought.numbers_of("receipt"))
    ]  # fmt: skip
    if any(letter.isdigit() for letter in sought.words):
        fits += [Registration.old_number == sought.words, Registration.old_receipt_number == sought.words]
    else:
        return None
    if sought.paper == RECORD_CARD:
        fits.append(Registration.id.in_(numbered(RECORD_CARD, *sought.numbers)))
    rows = queries.visible_to(by).join(Community, Community.id == Registration.community_id)
    return rows.where(or_(*fits))


def _registration(_key, number, receipt, old, old_receipt, opening, name, community, state) -> Line:
    if opening:
        papers = (old or NO_NUMBER, old_receipt)
    else:
        papers = (official_number("certificate", number), receipt and official_number("receipt", receipt))
    return Line(name, url_for("registrations.page", registration=number), joined(*papers, community), state)


MEMBERS = Kind(
    "members", "党员", "people.page", _members, (Member.name, Unit.name, Community.name, Member.status), _member,
    (Member.pinyin,), best=lambda _by, sought: people.named(Member, sought.words),
)  # fmt: skip
REGISTRATIONS = Kind(
    "registrations", "报到", "registrations.page", _registrations,
    (Registration.number, Registration.receipt_number, Registration.old_number, Registration.old_receipt_number,
     Registration.opening, Member.name, Community.name, Registration.state),
    _registration, newest_first=True,
)  # fmt: skip
